import {
  type DictionarySource,
  openDictionarySource
} from "../model/dictionaries/dictionary-source.js";
import {type Dictionary, type DictionarySet, featureCount} from "../model/dictionary.js";
import type {LanguageModel} from "../model/language-model.js";
import type {Site} from "../model/sites.js";

/** Dictionaries that a model has. */
export interface AttachedDictionaries {
  /** As runs name them. */
  readonly names: readonly string[];
  /** In the same order. */
  readonly dictionaries: readonly AttachedDictionary[];
  /** What a reader must know about them: one sentence each. */
  readonly notices: readonly string[];
}

export interface AttachedDictionary extends Pick<Dictionary, "name" | "kind" | "input"> {
  /** Where it writes; its own layer's first. */
  readonly outputs: readonly Site[];
  /** How many features it has. */
  readonly features: number;
}

interface Added {
  readonly model: LanguageModel;
  readonly sets: readonly DictionarySet[];
}

/** The dictionaries of the models of one page, by the ticket that takes them off again. */
export class EngineDictionaries {
  readonly #added = new Map<string, Added>();

  /** Adds all dictionaries of a source, or none; the model is asked for again when they have come. */
  async attach(
    modelOf: () => LanguageModel,
    source: DictionarySource,
    ticket: string
  ): Promise<AttachedDictionaries> {
    const sets = await openDictionarySource(source, modelOf().config);
    const model = modelOf();
    const added: DictionarySet[] = [];
    try {
      for (const set of sets) {
        model.attach(set);
        added.push(set);
      }
    } catch (error) {
      for (const set of added) model.detach(set);
      throw error;
    }
    this.#added.set(ticket, {model, sets});
    const dictionaries = sets.flatMap((set) => set.dictionaries);
    return {
      names: dictionaries.map(({name}) => name),
      dictionaries: dictionaries.map((dictionary) => ({
        ...{name: dictionary.name, kind: dictionary.kind, input: dictionary.input},
        outputs: dictionary.outputs.map(({site}) => site),
        features: featureCount(dictionary)
      })),
      notices: sets.flatMap(({notices}) => notices)
    };
  }

  detach(ticket: string): void {
    const {model, sets} = this.#added.get(ticket) ?? {sets: []};
    for (const set of sets) model?.detach(set);
    this.#added.delete(ticket);
  }

  /** Forgets those of a model that is closed. */
  forget(model: LanguageModel): void {
    for (const [ticket, added] of this.#added)
      if (added.model === model) this.#added.delete(ticket);
  }
}
