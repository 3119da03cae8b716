import {join} from "node:path";
import {tokenizerJson, VOCAB} from "../src/papers/successor-heads/classes.js";
import {
  type ListModel,
  models,
  recipeOf,
  STEPS,
  train,
  withoutEmptyLayers
} from "../src/papers/successor-heads/training.js";
import type {HostTensor, Weights} from "../src/model/weights.js";
import {gpt2Json} from "../src/training/gpt2-json.js";
import {gpt2Tensors} from "../src/training/gpt2-tensors.js";
import {modelConfig} from "../src/training/lm-config.js";
import {safetensorsFile} from "../src/training/safetensors-file.js";
import {put, putJson} from "./folder-files.js";

// Trains the models of lists, and writes data/models/lists-*.

for (const name of Object.keys(models) as ListModel[])
  await train(recipeOf(name), models[name], STEPS, async (trainer, loss) => {
    if (trainer.step % 20 === 0)
      console.log(`${name}, step ${trainer.step}: loss ${loss.toFixed(3)}`);
    if (trainer.step === STEPS) write(name, withoutEmptyLayers(await trainer.weights()));
  });

function write(name: ListModel, weights: Weights<HostTensor>): void {
  const recipe = recipeOf(name);
  const folder = join("data/models", name);
  const {layers, width, heads, context} = modelConfig(recipe);
  const tensors = safetensorsFile(gpt2Tensors(weights), "F16", {
    format: "pt",
    seed: String(recipe.seed),
    steps: String(STEPS)
  });
  const files = {
    "model.safetensors": put(folder, "model.safetensors", tensors),
    "config.json": putJson(folder, "config.json", gpt2Json(recipe, 0)),
    "tokenizer.json": putJson(folder, "tokenizer.json", tokenizerJson()),
    "training.json": putJson(folder, "training.json", recipe)
  };
  const told = {none: "", digits: ", and of facts such as 47 starts forty, 47 ends seven"};
  putJson(folder, "model.json", {
    name,
    architecture:
      "GPT-2 (learned positions, LayerNorm, tanh GELU, tied unembedding); the first layer's attention and the second's MLP are zero",
    dtype: "f16",
    shape: {width, depth: layers, heads, vocab: VOCAB, context},
    licence: "MIT",
    files,
    tokenizer: "one token a word; id 0 begins a text",
    data: `texts of lists such as 7 , 8 , 9, copies and filler${told[models[name]]}, drawn by seed`,
    training: {...recipe, steps: STEPS, loss: "every token of the window, mean"}
  });
}
