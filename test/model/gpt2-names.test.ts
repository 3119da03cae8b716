import {describe, expect, it} from "vitest";
import {gpt2Config, gpt2Weights} from "../../src/model/gpt2-names.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {parseSafetensors} from "../../src/model/safetensors.js";
import {expectedShapes, mapWeights} from "../../src/model/weights.js";
import {GPT2_JSON, gpt2Tensors} from "../support/tiny-files.js";
import {f32, type RawTensor, writeSafetensors} from "../support/write-safetensors.js";

const read = (tensors: Record<string, RawTensor>, json: object = GPT2_JSON) => {
  const fields = {...json};
  return gpt2Weights(fields, gpt2Config(fields), parseSafetensors(writeSafetensors(tensors)));
};

describe("gpt2Config", () => {
  it("reads Hugging Face's fields", () =>
    expect(gpt2Config(GPT2_JSON)).toEqual({
      layers: 2,
      width: 4,
      heads: 2,
      kvHeads: 2,
      headWidth: 2,
      hidden: 16,
      vocab: 260,
      context: 6,
      norm: "layernorm",
      eps: 1e-5,
      mlp: "gelu",
      positions: "learned",
      ropeBase: 10000
    }));

  it.each<[object, string]>([
    [{n_layer: 0}, "n_layer must be a whole number in 1 … 1024, got 0"],
    [{n_layer: 1e9}, "n_layer must be a whole number in 1 … 1024, got 1000000000"],
    [{n_embd: 2.5}, "n_embd must be a whole number in 1 … 16777216, got 2.5"],
    [{vocab_size: "many"}, 'vocab_size must be a whole number in 1 … 16777216, got "many"'],
    [{n_positions: undefined}, "n_positions must be a whole number in 1 … 16777216, got undefined"],
    [{n_head: 3}, "n_head must be a divisor of n_embd 4, got 3"],
    [{layer_norm_epsilon: -1}, "layer_norm_epsilon must be a number above 0, got -1"],
    [
      {activation_function: "relu"},
      'activation_function must be "gelu_new" or "gelu_pytorch_tanh": other kinds are not run here, got "relu"'
    ],
    [
      {scale_attn_by_inverse_layer_idx: true},
      "scale_attn_by_inverse_layer_idx must be false: other kinds are not run here, got true"
    ]
  ])("refuses %o", (fields, sentence) =>
    expect(() => gpt2Config({...GPT2_JSON, ...fields})).toThrow(
      new ModelFileError(`config.json: ${sentence}`)
    )
  );
});

describe("gpt2Weights", () => {
  it.each(["transformer.", ""])('has every weight in its shape, names prefixed "%s"', (prefix) => {
    const shapes = expectedShapes(gpt2Config(GPT2_JSON));
    const seen: string[] = [];
    const check = ({shape, data}: {shape: readonly number[]; data: Float32Array}, name: string) => {
      seen.push(name);
      expect(shape, name).toEqual(shapes.get(name));
      expect(data, name).toHaveLength(shape.reduce((n, d) => n * d));
    };
    mapWeights(read(gpt2Tensors(prefix)), {vector: check, matrix: check});
    expect(seen).toHaveLength(2 + 2 * 16 + 2);
  });

  it("transposes Conv1D and cuts c_attn into query, key and value", () => {
    const [block] = read(gpt2Tensors()).blocks;
    // c_attn is the fifth tensor, [in 4, out 12]: element (i, o) is 40000 + 12·i + o.
    expect([...block.query.weight.data.slice(0, 5)]).toEqual([40000, 40012, 40024, 40036, 40001]);
    expect([...block.key.weight.data.slice(0, 4)]).toEqual([40004, 40016, 40028, 40040]);
    expect([...block.value.weight.data.slice(12)]).toEqual([40011, 40023, 40035, 40047]);
    expect([...block.key.bias!.data]).toEqual([50004, 50005, 50006, 50007]);
    // c_fc, [in 4, out 16]: element (i, o) is 100000 + 16·i + o.
    expect([...block.up.weight.data.slice(0, 4)]).toEqual([100000, 100016, 100032, 100048]);
  });

  it("ties the unembedding unless a second table is given and asked for", () => {
    const untied = {...gpt2Tensors(), "lm_head.weight": f32([260, 4], new Float32Array(1040))};
    const tied = read(untied);
    expect(tied.unembedding).toBe(tied.embedding);
    const own = read(untied, {...GPT2_JSON, tie_word_embeddings: false});
    expect(own.unembedding.data).toEqual(new Float32Array(1040));
  });

  it("leaves out the masks that older files hold", () =>
    expect(
      read({
        ...gpt2Tensors(),
        "transformer.h.0.attn.bias": f32([1, 1, 6, 6], new Float32Array(36)),
        "transformer.h.0.attn.masked_bias": f32([], [-1e4])
      }).blocks
    ).toHaveLength(2));

  it("refuses a missing tensor", () => {
    const tensors = gpt2Tensors();
    delete tensors["transformer.h.1.mlp.c_fc.bias"];
    expect(() => read(tensors)).toThrow(
      new ModelFileError(
        "model.safetensors: tensor transformer.h.1.mlp.c_fc.bias must be there, as config.json asks, it is missing"
      )
    );
  });

  it("refuses a tensor of another shape", () =>
    expect(() => read(gpt2Tensors(), {...GPT2_JSON, n_positions: 8})).toThrow(
      new ModelFileError(
        "model.safetensors: tensor transformer.wpe.weight must be [8, 4], as config.json asks, got [6, 4]"
      )
    ));

  it("refuses a tensor that it has no place for", () =>
    expect(() => read(gpt2Tensors(), {...GPT2_JSON, n_layer: 1})).toThrow(
      new ModelFileError(
        'model.safetensors: tensor "transformer.h.1.ln_1.weight" must be one that config.json asks for, this model has no place for it'
      )
    ));

  it("refuses a NaN weight by name and index", () => {
    const tensors = gpt2Tensors();
    tensors["transformer.ln_f.bias"] = f32([4], [0, NaN, 0, 0]);
    expect(() => read(tensors)).toThrow(
      new ModelFileError(
        'model.safetensors: tensor "transformer.ln_f.bias" must be finite everywhere, got NaN at index 1'
      )
    );
  });
});
