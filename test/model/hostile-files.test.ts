import {describe, expect, it} from "vitest";
import {formatShape, size} from "../../src/gpu/shape.js";
import {parseLlama2cTokenizer} from "../../src/model/llama2c-tokenizer.js";
import {parseLlama2c} from "../../src/model/llama2c.js";
import {loadModel} from "../../src/model/checkpoint.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {parseSafetensors} from "../../src/model/safetensors.js";
import {expectedShapes, mapWeights} from "../../src/model/weights.js";
import {
  gpt2Files,
  llama2cBytes,
  llama2cTokenizerBytes,
  memoryFiles
} from "../support/tiny-files.js";
import {f32, writeSafetensors} from "../support/write-safetensors.js";

const MUTANTS = 10_000;

/** Whole numbers in 0 … n − 1, the same ones for the same seed (mulberry32). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const NUMBERS = [-1, 0, 1, 2, 3, 8, 255, 65536, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)];
const DIGITS = ["-1", "0", "1e9", "9007199254740993", "1e400", "0.5", "null", '"4"', "[[[[[", "{}"];

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  parts.reduce((at, part) => (out.set(part, at), at + part.length), 0);
  return out;
};

/**
 * One damage out of six: bits flipped in the header, an int32 overwritten, a number of a JSON header
 * replaced, the file cut short, made longer, or a part of it repeated elsewhere.
 */
function mutate({original, header, numbers}: Format, roll: (n: number) => number): Uint8Array {
  const bytes = original.slice();
  switch (roll(6)) {
    case 0:
      for (let n = roll(3); n >= 0; n--) bytes[roll(header)] ^= 1 << roll(8);
      return bytes;
    case 1:
      if (numbers.length > 0) {
        const {0: digits, index} = numbers[roll(numbers.length)];
        const other = new TextEncoder().encode(DIGITS[roll(DIGITS.length)].padEnd(digits.length));
        return join(bytes.subarray(0, index), other, bytes.subarray(index + digits.length));
      }
    // falls through
    case 2: {
      const at = 4 * roll(Math.floor(header / 4));
      new DataView(bytes.buffer).setInt32(at, NUMBERS[roll(NUMBERS.length)], true);
      return bytes;
    }
    case 3:
      return bytes.subarray(0, roll(2) ? roll(header) : roll(bytes.length));
    case 4:
      return join(bytes, new Uint8Array(1 + roll(64)).fill(roll(256)));
    default: {
      const from = roll(header);
      bytes.copyWithin(roll(header), from, from + 1 + roll(16));
      return bytes;
    }
  }
}

interface Format {
  readonly original: Uint8Array;
  /** Bytes from the start in which damage is most likely. */
  readonly header: number;
  /** Where a header in JSON has numbers. */
  readonly numbers: readonly RegExpExecArray[];
  /** Throws unless what a file was read as agrees with itself and with the file's size. */
  read(bytes: Uint8Array): void;
}

const safetensors = writeSafetensors({
  a: f32([3, 2], [1, 2, 3, 4, 5, 6]),
  b: {dtype: "F16", shape: [5], bytes: new Uint8Array(10)},
  c: {dtype: "BF16", shape: [2, 1, 2], bytes: new Uint8Array(8)},
  d: f32([], [7])
});
const headerLength = 8 + Number(new DataView(safetensors.buffer).getBigUint64(0, true));
const llama2c = llama2cBytes({
  dim: 4,
  hidden: 3,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  vocab: 9,
  context: 4
});
const tokenizer = llama2cTokenizerBytes([
  ["a", -1],
  ["ab", -2]
]);

const FORMATS: Readonly<Record<string, Format>> = {
  safetensors: {
    original: safetensors,
    header: headerLength,
    numbers: [
      ...new TextDecoder("latin1").decode(safetensors.subarray(0, headerLength)).matchAll(/\d+/g)
    ],
    read(bytes) {
      const file = parseSafetensors(bytes);
      let total = 0;
      for (const [name, {dtype, shape, start, end}] of file.entries) {
        total += end - start;
        if (!["F32", "F16", "BF16"].includes(dtype)) continue;
        const {data} = file.tensor(name);
        if (data.length !== size(shape)) throw new Error(`${name} is not ${formatShape(shape)}`);
      }
      if (total > bytes.length) throw new Error(`${total} bytes out of ${bytes.length}`);
    }
  },
  "llama2.c": {
    original: llama2c,
    header: 28,
    numbers: [],
    read(bytes) {
      const {config, weights} = parseLlama2c(bytes);
      const shapes = expectedShapes(config);
      let floats = 0;
      const check = ({data}: {data: Float32Array}, name: string) => {
        floats += data.length;
        if (data.length !== size(shapes.get(name)!)) throw new Error(`${name} has a wrong size`);
      };
      mapWeights(weights, {vector: check, matrix: check});
      if (28 + 4 * floats > bytes.length) throw new Error(`${floats} floats in ${bytes.length}`);
    }
  },
  "llama2.c's tokenizer": {
    original: tokenizer,
    header: tokenizer.length,
    numbers: [],
    read(bytes) {
      const read = parseLlama2cTokenizer(bytes, 261);
      const text = "a ab\u00e9";
      if (read.decode(read.encode(text)) !== text) throw new Error("a text does not come back");
    }
  }
};

describe.each(Object.entries(FORMATS))("%s, damaged in 10,000 ways", (_, format) => {
  it("reads as something whole or is refused in one sentence", () => {
    format.read(format.original);
    const roll = dice(7);
    const sentences = new Set<string>();
    const before = process.memoryUsage();
    let largest = 0;
    let refused = 0;
    const start = performance.now();
    for (let n = 0; n < MUTANTS; n++) {
      const bytes = mutate(format, roll);
      try {
        format.read(bytes);
      } catch (error) {
        if (!(error instanceof ModelFileError)) throw error;
        refused++;
        sentences.add(
          error.message.replace(/[\d.]+/g, "0").replace(/tensor "[^:]*"/, 'tensor "w"')
        );
        largest = Math.max(largest, error.message.length);
      }
    }
    expect([...sentences].filter((sentence) => /[\n\r]|\. /.test(sentence))).toEqual([]);
    expect(largest).toBeLessThan(300);
    expect(refused).toBeGreaterThan(MUTANTS / 2);
    expect(sentences.size).toBeGreaterThan(5);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(512e6);
  });
});

const VALUES = ["null", "0", "-1", "1e9", '"x"', "[]", "{}", "true", "[null]", "1e308"];

describe.each(["config.json", "tokenizer.json"])("%s, damaged in 2,000 ways", (file) => {
  it("loads or is refused in one sentence", async () => {
    const files = gpt2Files();
    const text = new TextDecoder().decode(files[file]);
    const values = [...text.matchAll(/:(\d+|"[^"]*"|true|false|null)/g)];
    const roll = dice(11);
    let refused = 0;
    for (let n = 0; n < 2000; n++) {
      // Half of the damage is done to the first values, where a tokenizer's fields are.
      const {0: found, index} = values[roll(roll(2) ? Math.min(20, values.length) : values.length)];
      const at = roll(text.length);
      const damaged = roll(2)
        ? `${text.slice(0, index)}:${VALUES[roll(VALUES.length)]}${text.slice(index + found.length)}`
        : `${text.slice(0, at)}${String.fromCharCode(32 + roll(90))}${text.slice(at + 1)}`;
      try {
        const bytes = new TextEncoder().encode(damaged);
        const {tokenizer} = await loadModel(memoryFiles({...files, [file]: bytes}));
        tokenizer.decode(tokenizer.encode("the a\u00e9"));
      } catch (error) {
        if (!(error instanceof ModelFileError)) throw error;
        expect(error.message.length).toBeLessThan(300);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});
