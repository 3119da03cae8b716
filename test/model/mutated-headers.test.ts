import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {size} from "../../src/gpu/shape.js";
import {openGguf} from "../../src/model/gguf.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import type {NamedTensors} from "../../src/model/named-tensors.js";
import {memoryRanges} from "../../src/model/open-file.js";
import {openSafetensors} from "../../src/model/safetensors.js";
import {f32Tensor, writeGguf} from "../support/write-gguf.js";
import {f32, writeSafetensors} from "../support/write-safetensors.js";

const RUNS = 50_000;
/** Of one file, in milliseconds, on a machine that does other work too. */
const SLOW = 250;

const safetensors = writeSafetensors({
  a: f32([3, 2], [1, 2, 3, 4, 5, 6]),
  b: {dtype: "F16", shape: [5], bytes: new Uint8Array(10)},
  c: f32([], [7])
});
const gguf = writeGguf(
  {
    "general.architecture": {text: "llama"},
    "general.alignment": {u32: 32},
    "tokenizer.ggml.tokens": {texts: ["a", "b", "ab"]},
    "tokenizer.ggml.scores": {f32s: [0, 1, 2]},
    "llama.rope.freq_base": {f32: 10000},
    "tokenizer.ggml.add_bos_token": {flag: true}
  },
  {
    a: f32Tensor([3, 2], [1, 2, 3, 4, 5, 6]),
    b: {shape: [1, 32], type: 8, bytes: new Uint8Array(34)},
    c: {shape: [256], type: 12, bytes: new Uint8Array(144)}
  }
);

type Mutation = (bytes: Uint8Array) => Uint8Array;

const NUMBERS = [0, 1, 2, 8, 9, 77, 255, 65536, 2 ** 24, 2 ** 31 - 1, 2 ** 32 - 1];

/** One damage to a header: a bit, a byte, a 32- or 64-bit number, a cut, or a piece set elsewhere. */
const mutation = (header: number): fc.Arbitrary<Mutation> => {
  const at = fc.nat({max: header - 1});
  const write = (set: (view: DataView, at: number) => void): Mutation => {
    return (bytes) => {
      const copy = bytes.slice();
      set(new DataView(copy.buffer), 0);
      return copy;
    };
  };
  const number = fc.constantFrom(...NUMBERS);
  return fc.oneof(
    fc
      .tuple(at, fc.nat({max: 7}))
      .map(([i, bit]) => write((view) => view.setUint8(i, view.getUint8(i) ^ (1 << bit)))),
    fc.tuple(at, fc.nat({max: 255})).map(([i, byte]) => write((view) => view.setUint8(i, byte))),
    fc
      .tuple(at, number)
      .map(([i, n]) => write((view) => view.setUint32(Math.min(i, header - 4), n, true))),
    fc
      .tuple(at, fc.bigInt({min: 0n, max: 2n ** 64n - 1n}))
      .map(([i, n]) => write((view) => view.setBigUint64(Math.min(i, header - 8), n, true))),
    at.map(
      (i): Mutation =>
        (bytes) =>
          bytes.slice(0, i)
    ),
    fc.tuple(at, at, fc.integer({min: 1, max: 32})).map(
      ([from, to, length]): Mutation =>
        (bytes) =>
          bytes.slice().copyWithin(to, from, from + length)
    )
  );
};

/** Throws unless what a file says of itself lies in it, apart, and comes out as it says. */
function agrees(
  bytes: Uint8Array,
  file: NamedTensors & {
    entries: ReadonlyMap<string, {start: number; end: number; shape: readonly number[]}>;
  }
): void {
  const {entries} = file;
  let total = 0;
  for (const [name, {start, end, shape}] of entries) {
    if (start > end || end > bytes.length) throw new Error(`${name} lies outside`);
    total += end - start;
    let data;
    try {
      ({data} = file.tensor(name));
    } catch (error) {
      if (error instanceof ModelFileError) continue;
      throw error;
    }
    if (data.length !== size(shape)) throw new Error(`${name} is not of its shape`);
  }
  if (total > bytes.length) throw new Error(`${total} bytes out of ${bytes.length}`);
}

describe.each([
  ["safetensors", safetensors, openSafetensors],
  ["GGUF", gguf, openGguf]
] as const)("%s with a damaged header", (format, whole, open) => {
  it(`opens with what it says or is refused in a sentence, ${RUNS} times, at once and in little memory`, () => {
    agrees(whole, open(memoryRanges(whole)));
    const header = whole.length - (open === openGguf ? 250 : 38);
    let refused = 0;
    let slowest = 0;
    const before = process.memoryUsage().rss;
    const began = performance.now();
    fc.assert(
      fc.property(fc.array(mutation(header), {minLength: 1, maxLength: 3}), (mutations) => {
        // A cut leaves nothing to damage further.
        const bytes = mutations.reduce(
          (damaged, mutate) => (damaged.length < header ? damaged : mutate(damaged)),
          whole
        );
        const started = performance.now();
        try {
          agrees(bytes, open(memoryRanges(bytes)));
        } catch (error) {
          if (!(error instanceof ModelFileError)) throw error;
          if (error.message.length > 300 || /[\n\r]/.test(error.message)) throw error;
          refused += 1;
        }
        slowest = Math.max(slowest, performance.now() - started);
      }),
      {seed: 6, numRuns: RUNS}
    );
    const grown = process.memoryUsage().rss - before;
    // how near to its bounds a run comes, for the log of CI
    console.log(
      `${format}: ${RUNS} damaged headers in ${((performance.now() - began) / 1000).toFixed(1)} s, ${refused} refused, the slowest in ${slowest.toFixed(1)} ms; the process grew by ${(grown / 1e6).toFixed(0)} MB`
    );
    expect(refused).toBeGreaterThan(RUNS / 4);
    expect(refused).toBeLessThan(RUNS);
    expect(slowest).toBeLessThan(SLOW);
    expect(grown).toBeLessThan(256e6);
  }, 60_000);
});
