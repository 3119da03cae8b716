import {loadJax} from "../../src/model/jax.js";

const isBuffer = (value: unknown) =>
  typeof value === "object" &&
  value !== null &&
  ["ptr", "size", "ref"].every((key) => key in value);

/** jax-js's live arrays, a private map of its wasm device: caught when the first of them is added. */
export async function liveArrays(): Promise<ReadonlyMap<unknown, unknown>> {
  let live: ReadonlyMap<unknown, unknown> | undefined;
  const set = Object.getOwnPropertyDescriptor(Map.prototype, "set")!;
  const original = set.value as (
    this: Map<unknown, unknown>,
    k: unknown,
    v: unknown
  ) => typeof live;
  const keep = (map: typeof live) => (live = map);
  const catching = function (this: Map<unknown, unknown>, key: unknown, value: unknown) {
    if (isBuffer(value)) keep(this);
    return original.call(this, key, value);
  };
  const {numpy} = await loadJax("wasm");
  Object.defineProperty(Map.prototype, "set", {...set, value: catching});
  numpy.array(Float32Array.of(1, 2), {device: "wasm"}).dispose();
  Object.defineProperty(Map.prototype, "set", set);
  return live!;
}
