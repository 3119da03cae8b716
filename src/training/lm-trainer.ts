import {gpt2Weights} from "../model/gpt2-names.js";
import {loadJax} from "../model/jax.js";
import {firstWeights} from "./first-weights.js";
import {type LmConfig, modelConfig} from "./lm-config.js";
import {Trainer} from "./trainer.js";

/** A language model about to be trained from its first weights, in WebAssembly. */
export async function openTrainer(config: LmConfig): Promise<Trainer> {
  const first = firstWeights(config);
  const tensors = {entries: first, tensor: (name: string) => first.get(name)!};
  return new Trainer(await loadJax("wasm"), config, gpt2Weights({}, modelConfig(config), tensors));
}
