import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {parseLlama2c} from "../../src/model/llama2c.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {expectedShapes, mapWeights} from "../../src/model/weights.js";
import {itShared, shared} from "../support/shared.js";
import {llama2cBytes} from "../support/tiny-files.js";

const withField = (index: number, value: number): Uint8Array => {
  const bytes = llama2cBytes();
  new DataView(bytes.buffer).setInt32(4 * index, value, true);
  return bytes;
};

describe("parseLlama2c", () => {
  it("reads each weight from its place in the file", () => {
    const bytes = llama2cBytes({dim: 4, hidden: 3, layers: 2, heads: 2, kvHeads: 1, vocab: -5});
    const floats = new Float32Array(bytes.buffer, 28);
    floats.forEach((_, i) => (floats[i] = i));
    const {config, weights} = parseLlama2c(bytes);
    const shapes = expectedShapes(config);
    const firsts = new Map<string, number>();
    const check = ({shape, data}: {shape: readonly number[]; data: Float32Array}, name: string) => {
      expect(shape, name).toEqual(shapes.get(name));
      firsts.set(name, data[0]);
    };
    mapWeights(weights, {vector: check, matrix: check});
    // By hand: embedding 20, then per kind both layers: 4, 16, 8, 8, 16, 4, 12, 12, 12; norm 4; tables 32.
    expect(Object.fromEntries(firsts)).toEqual({
      embedding: 0,
      "blocks.0.norm1.gain": 20,
      "blocks.1.norm1.gain": 24,
      "blocks.0.query.weight": 28,
      "blocks.1.query.weight": 44,
      "blocks.0.key.weight": 60,
      "blocks.1.key.weight": 68,
      "blocks.0.value.weight": 76,
      "blocks.1.value.weight": 84,
      "blocks.0.output.weight": 92,
      "blocks.1.output.weight": 108,
      "blocks.0.norm2.gain": 124,
      "blocks.1.norm2.gain": 128,
      "blocks.0.gate.weight": 132,
      "blocks.1.gate.weight": 144,
      "blocks.0.down.weight": 156,
      "blocks.1.down.weight": 168,
      "blocks.0.up.weight": 180,
      "blocks.1.up.weight": 192,
      "finalNorm.gain": 204,
      unembedding: 240
    });
  });

  itShared("models/stories260K", "reads stories260K", () => {
    const {config, weights} = parseLlama2c(
      readFileSync(shared("models/stories260K/stories260K.bin"))
    );
    expect(config).toEqual({
      layers: 5,
      width: 64,
      heads: 8,
      kvHeads: 4,
      headWidth: 8,
      hidden: 172,
      vocab: 512,
      context: 512,
      norm: "rmsnorm",
      eps: 1e-5,
      mlp: "silu-gate",
      positions: "rope-interleaved",
      ropeBase: 10000
    });
    expect(weights.unembedding).toBe(weights.embedding);
  });

  it.each<[string, Uint8Array, string]>([
    [
      "an empty file",
      new Uint8Array(),
      "model.bin: must start with a header of 28 bytes, the file has 0"
    ],
    [
      "a file cut short",
      llama2cBytes().subarray(0, -4),
      "model.bin: must be 12476 bytes, as its header claims (dim 8, hidden_dim 12, n_layers 2, n_heads 4, n_kv_heads 2, vocab_size 260, seq_len 16), got 12472"
    ],
    [
      "a header that claims more than any memory",
      withField(2, 2 ** 31 - 1),
      "model.bin: must be 4260607564156 bytes, as its header claims (dim 8, hidden_dim 12, n_layers 2147483647, n_heads 4, n_kv_heads 2, vocab_size 260, seq_len 16), got 12476"
    ],
    ["a width below 1", withField(0, -8), "model.bin: dim must be a number above 0, got -8"],
    ["no vocabulary", withField(5, 0), "model.bin: vocab_size must be a number above 0, got 0"],
    [
      "heads that do not divide the width",
      withField(3, 3),
      "model.bin: n_heads must be a divisor of dim 8, got 3"
    ],
    [
      "key heads that do not divide the heads",
      withField(4, 3),
      "model.bin: n_kv_heads must be a divisor of n_heads 4, got 3"
    ],
    ["heads of an odd width", withField(3, 8), "model.bin: dim / n_heads must be even, got 1"]
  ])("refuses %s", (_, bytes, sentence) =>
    expect(() => parseLlama2c(bytes)).toThrow(new ModelFileError(sentence))
  );

  it("refuses a NaN weight by name and index", () => {
    const bytes = llama2cBytes();
    new DataView(bytes.buffer).setFloat32(28 + 4 * (260 * 8 + 8 + 3), NaN, true);
    expect(() => parseLlama2c(bytes)).toThrow(
      new ModelFileError(
        "model.bin: blocks.1.norm1.gain must be finite everywhere, got NaN at index 3"
      )
    );
  });
});
