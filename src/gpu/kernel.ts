import "./float16-array.js";
import "./shader-stage.js";
import {
  makeShaderDataDefinitions,
  makeStructuredView,
  type ShaderDataDefinitions
} from "webgpu-utils";

/** A WGSL module with one entry point, which names it. Its bindings are found by name, never by number. */
export interface Kernel {
  readonly name: string;
  readonly wgsl: string;
  readonly definitions: ShaderDataDefinitions;
}

/**
 * Reads a kernel's bindings from its WGSL.
 *
 * @throws {Error} if there is not exactly one entry point, or if that entry point leaves a declared
 * binding unused: WebGPU would drop it from the layout and skip the dispatch.
 */
export function defineKernel(wgsl: string): Kernel {
  const definitions = makeShaderDataDefinitions(wgsl);
  const names = Object.keys(definitions.entryPoints);
  if (names.length !== 1) throw new Error(`a kernel needs one entry point, found ${names.length}`);
  const [name] = names;
  const used = new Set(definitions.entryPoints[name].resources.map((r) => r.name));
  for (const declared of Object.keys({...definitions.uniforms, ...definitions.storages}))
    if (!used.has(declared))
      throw new Error(`${name}: binding "${declared}" is declared but unused`);
  return {name, wgsl, definitions};
}

/**
 * The bytes of a kernel's `params` uniform.
 *
 * @throws {Error} if a field is missing, or is not one of the struct's.
 */
export function encodeParams(
  kernel: Kernel,
  params: Readonly<Record<string, number>>
): ArrayBuffer {
  const view = makeStructuredView(kernel.definitions.uniforms.params);
  const wanted = Object.keys(view.views as object)
    .sort()
    .join(", ");
  const given = Object.keys(params).sort().join(", ");
  if (wanted !== given)
    throw new Error(`${kernel.name}: params must be {${wanted}}, got {${given}}`);
  view.set(params);
  return view.arrayBuffer;
}
