import type {Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import type {DictionaryRequest} from "./dictionary-request.js";
import type {Edit} from "./edits.js";
import type {Layout} from "./layout.js";
import type {Patch} from "./run.js";
import {parseFeatureName, type FeatureName} from "./feature-name.js";
import {matchSites, SiteError, type SitePattern} from "./sites.js";

/** Changes to activations, by name, applied in the order given; `*` stands for every layer. */
export type Patches = Readonly<Partial<Record<SitePattern, Patch | readonly Patch[]>>>;

/** What a run asks of the dictionaries that its model has; those named in `splice` and `features` are read too. */
export interface DictionaryOptions {
  /** Names of dictionaries whose features to return. */
  readonly dictionaries?: readonly string[];
  /**
   * Names of dictionaries that stand in for what they reconstruct. With `error`, what they miss is
   * added back, so that nothing changes but by `features`.
   */
  readonly splice?: Readonly<Record<string, {readonly error?: boolean}>>;
  /** Changes to features, by name, of dictionaries that are spliced: one number each. */
  readonly features?: Readonly<Partial<Record<FeatureName, Patch | readonly Patch[]>>>;
}

export interface RunOptions extends DictionaryOptions {
  /** Activations to keep, by name; `*` stands for every layer. */
  readonly cache?: readonly SitePattern[];
  readonly patch?: Patches;
  /** How many of the likeliest next tokens to return for each position; 10 when left out. */
  readonly top?: number;
  /** The same for each layer (logit lens); 0 when left out. */
  readonly lens?: number;
  /** Where tokens stand and what they see, in place of one after the other and what is behind each. */
  readonly layout?: Layout;
}

/** `pos` of changed features counts as that of a patch does. */
export interface GenerateOptions extends Partial<Sampling>, DictionaryOptions {
  /**
   * Changes to activations, of new tokens too. A patch's `pos` counts from the start of the prompt, a
   * negative one from its end; a patch without applies to every token.
   */
  readonly patch?: Patches;
  /** Of the prompt; each new token stands one behind the last and sees all. */
  readonly layout?: Layout;
}

/**
 * Patches as edits of single sites.
 *
 * @throws {SiteError} if a name is no site of this model.
 */
export const patchEdits = (patches: Patches, config: ModelConfig): Edit[] =>
  Object.entries(patches).flatMap(([pattern, given]) =>
    matchSites([pattern], config).flatMap((site) =>
      [given ?? []].flat().map((patch): Edit => ({...patch, site}))
    )
  );

/**
 * What the options ask of dictionaries, which are looked up by `find`.
 *
 * @returns Undefined where they ask nothing.
 * @throws {SiteError} if a name is no dictionary's or feature's, or a changed one is not spliced.
 */
export function dictionaryRequest(
  {dictionaries = [], splice = {}, features = {}}: DictionaryOptions,
  find: (names: readonly string[]) => DictionaryRequest["dictionaries"]
): DictionaryRequest | undefined {
  const edits = Object.entries(features).flatMap(([name, given]) => {
    const {dictionary, feature, pos} = parseFeatureName(name);
    if (!Object.hasOwn(splice, dictionary))
      throw new SiteError(
        `features: ${name} must be of a dictionary that is spliced, such as splice: {"${dictionary}": {error: true}}`
      );
    return [given ?? []].flat().map(({op, value, ...where}) => {
      if (typeof value !== "number")
        throw new SiteError(
          `features: ${name} must be changed by a number, got ${value.length} numbers`
        );
      return {
        ...{dictionary, feature, op, value},
        ...(where.batch && {batch: where.batch}),
        ...(pos === null ? where.pos && {pos: where.pos} : {pos: [pos]})
      };
    });
  });
  const names = new Set([...dictionaries, ...Object.keys(splice)]);
  if (names.size === 0) return undefined;
  return {
    dictionaries: find([...names]),
    splice: new Map(
      Object.entries(splice).map(([name, {error = false}]) => [name, {error}] as const)
    ),
    edits
  };
}
