import {createHash} from "node:crypto";
import {join} from "node:path";
import {
  batchAt,
  CHECKPOINTS,
  type Choice,
  models,
  recipeOf,
  train
} from "../src/papers/set-based-prompting/training.js";
import {tokenizerJson, VOCAB} from "../src/papers/set-based-prompting/questions.js";
import {gpt2Json} from "../src/training/gpt2-json.js";
import {gpt2Tensors} from "../src/training/gpt2-tensors.js";
import {modelConfig} from "../src/training/lm-config.js";
import {safetensorsFile} from "../src/training/safetensors-file.js";
import {type FileFacts, put, putJson} from "./folder-files.js";

// Trains the models that answer questions of keys and values, and writes data/models/choice-*.

for (const name of Object.keys(models) as Choice[]) await make(name);
async function make(name: Choice): Promise<void> {
  const recipe = recipeOf(name);
  const folder = join("data/models", name);
  const data = createHash("sha256");
  const files: Record<string, FileFacts> = {};
  const checkpoints: object[] = [];

  const last = CHECKPOINTS.at(-1)!;
  await train(recipe, last, async (trainer, loss) => {
    data.update(batchAt(trainer.step - 1, recipe));
    if (trainer.step % 20 === 0)
      console.log(`${name}, step ${trainer.step}: loss ${loss.toFixed(3)}`);
    if (!CHECKPOINTS.some((step) => step === trainer.step)) return;
    const step = trainer.step;
    const bytes = safetensorsFile(gpt2Tensors(await trainer.weights()), "F16", {
      format: "pt",
      seed: String(recipe.seed),
      steps: String(step),
      data_sha256: data.copy().digest("hex")
    });
    const file = `checkpoints/step-${step}.safetensors`;
    checkpoints.push({file, step, ...put(folder, file, bytes)});
    if (step === last) files["model.safetensors"] = put(folder, "model.safetensors", bytes);
  });

  const {layers, width, heads, context} = modelConfig(recipe);
  files["config.json"] = putJson(folder, "config.json", gpt2Json(recipe, 0));
  files["tokenizer.json"] = putJson(folder, "tokenizer.json", tokenizerJson());
  files["training.json"] = putJson(folder, "training.json", recipe);
  putJson(folder, "model.json", {
    name: recipe.name,
    architecture: "GPT-2 (learned positions, LayerNorm, tanh GELU, tied unembedding)",
    dtype: "f16",
    shape: {width, depth: layers, heads, vocab: VOCAB, context},
    licence: "MIT",
    files,
    tokenizer: "one token a character: A to P, a to p, colon and question mark; id 0 begins a text",
    data: `questions such as :Ap:Bq:Cr:Ds?C, of ${models[name] ?? "1 to 6"} options, drawn by seed`,
    training: {...recipe, steps: last, loss: "every token of the window, mean"},
    checkpoints
  });
}
