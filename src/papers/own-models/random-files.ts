import {type Shape, size} from "../../gpu/shape.js";
import {architectureOf} from "../../model/architectures.js";
import {inMemory} from "../../model/lazy-tensor.js";
import {parseJsonObject} from "../../model/model-file-error.js";
import type {ByteRanges} from "../../model/model-files.js";
import {openShards} from "../../model/shards.js";
import type {HostModel} from "../environment.js";
import {u64} from "./little-endian.js";
import type {FileShapes} from "./shapes.js";

const utf8 = new TextEncoder();

/**
 * A safetensors file of random float32 weights that is nowhere written: what is read of it is made. Each
 * value depends on the seed and its place alone.
 */
export function randomSafetensors(
  tensors: Readonly<Record<string, Shape>>,
  seed: number
): ByteRanges {
  let end = 0;
  const starts: number[] = [];
  const header: Record<string, unknown> = {__metadata__: {format: "pt"}};
  for (const [name, shape] of Object.entries(tensors)) {
    starts.push(end);
    header[name] = {dtype: "F32", shape, data_offsets: [end, (end += 4 * size(shape))]};
  }
  const json = utf8.encode(JSON.stringify(header));
  const text = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  text.set(u64(BigInt(text.length - 8)));
  text.set(json, 8);
  const list = Object.entries(tensors);
  return {
    bytes: text.length + end,
    read(from, to) {
      if (to <= text.length) return text.subarray(from, to);
      const n = starts.findLastIndex((start) => text.length + start <= from);
      const [name, shape] = list[n];
      const first = (from - text.length - starts[n]) / 4;
      const values = new Float32Array((to - from) / 4);
      fill(values, {first, seed: seed * 0x9e3779b1 + n, ...spreadOf(name, shape)});
      return new Uint8Array(values.buffer);
    }
  };
}

/** Large enough that every part counts, and that the logits of two tokens differ by some nats. */
function spreadOf(name: string, shape: Shape): {readonly centre: number; readonly spread: number} {
  const isNorm = /norm|ln_/.test(name);
  if (shape.length === 1)
    return name.endsWith("weight") && isNorm ? {centre: 1, spread: 0.2} : {centre: 0, spread: 0.1};
  const isTable = /embed|wte|wpe/.test(name);
  const into = name.startsWith("h.") ? shape[0] : shape[1];
  return {centre: 0, spread: (isTable ? 2 : 1) / Math.sqrt(into)};
}

/** Even values about `centre` with a standard deviation of `spread`, of a counter's hash. */
function fill(
  values: Float32Array,
  {first, seed, centre, spread}: Readonly<Record<"first" | "seed" | "centre" | "spread", number>>
): void {
  const scale = (2 * Math.sqrt(3) * spread) / 2 ** 32;
  const offset = centre - Math.sqrt(3) * spread;
  for (let i = 0; i < values.length; i++) {
    // the finalizer of MurmurHash3 (Appleby, 2011)
    let h = Math.imul(first + i, 0x9e3779b1) ^ seed;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = offset + scale * ((h ^ (h >>> 16)) >>> 0);
  }
}

/** A model of random weights, read from its files. */
export function randomModel(shapes: FileShapes, seed: number): HostModel {
  const {config, weights} = modelOf(shapes, randomSafetensors(shapes.tensors, seed));
  return {config, weights: inMemory(weights)};
}

/** The model of a weights' file, each tensor read when its values are asked for. */
export function modelOf({json}: FileShapes, file: ByteRanges): HostModel {
  const read = parseJsonObject(utf8.encode(JSON.stringify(json)), "config.json");
  const architecture = architectureOf(read);
  const config = architecture.config(read);
  const weights = architecture.weights(read, config, openShards([["model.safetensors", file]]));
  return {config, weights};
}
