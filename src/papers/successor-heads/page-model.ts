import {loadModel} from "../../model/checkpoint.js";
import {LanguageModel} from "../../model/language-model.js";
import {siteFiles} from "../../model/model-source.js";
import {type Run, zero} from "../../model/run.js";
import {openTwin} from "../../model/twin-backend.js";
import type {HostModel} from "../environment.js";
import {HOUSE, houseClasses} from "./house.js";
import {listClasses} from "./models.js";
import {type Heads, rankedHeads, readClasses, type TokenClass} from "./scores.js";

/** A model's weights with its classes and heads. */
export interface PageModel extends HostModel {
  readonly classes: readonly TokenClass[];
  /** Every head behind the first MLP, the best first. */
  readonly ranked: readonly {
    readonly name: string;
    readonly layer: number;
    readonly head: number;
  }[];
  /** Those that a control names: `the best`, `together` for all of the last layer, or a head's own name. */
  headsOf(name: string): Heads & {readonly said: string};
  /** Reads a text in slow exact arithmetic, without a head of the last layer where one is given. */
  read(text: string, without?: number): Promise<Run>;
}

const opened = new Map<string, Promise<PageModel>>();

/** A shipped model by name, opened once. */
export function openPageModel(name: string): Promise<PageModel> {
  const model = opened.get(name) ?? open(name);
  opened.set(name, model);
  return model;
}

async function open(name: string): Promise<PageModel> {
  const loaded = await loadModel(await siteFiles(name));
  const {config, weights, tokenizer} = loaded;
  const classes = name === HOUSE ? houseClasses(tokenizer) : listClasses;
  const last = config.layers - 1;
  const ranked = rankedHeads(loaded, readClasses(loaded, classes)).map(({layer, head}) => ({
    name: config.layers > 2 ? `head ${head} of block ${layer}` : `head ${head}`,
    layer,
    head
  }));
  return {
    config,
    weights,
    classes,
    ranked,
    headsOf(chosen) {
      if (chosen === "together")
        return {
          layer: last,
          heads: Array.from({length: config.heads}, (_, i) => i),
          said: "The heads together"
        };
      const one = ranked.find((other) => other.name === chosen) ?? ranked[0];
      return {
        layer: one.layer,
        heads: [one.head],
        said: `${one.name[0].toUpperCase()}${one.name.slice(1)}`
      };
    },
    async read(text, without) {
      const model = new LanguageModel(config, tokenizer, await openTwin(config, weights));
      return model.run(
        text,
        without === undefined
          ? {}
          : {patch: {[`blocks.${last}.attn.hook_z`]: zero({head: [without]})}}
      );
    }
  };
}
