import type {Backend, Sampling} from "./backend.js";
import {sequenceFeatures} from "./active-features.js";
import type {ModelConfig} from "./config.js";
import type {Dictionary, DictionarySet} from "./dictionary.js";
import type {Edit} from "./edits.js";
import {Gradient, type GradientOptions, scalarOf} from "./gradient.js";
import type {JobOptions} from "./job.js";
import {ModelDictionaries} from "./model-dictionaries.js";
import {checkTokens, PromptError} from "./request.js";
import {predictions, Run, type Token} from "./run.js";
import {runAll, type RunAllOptions} from "./run-all.js";
import {
  dictionaryRequest,
  type GenerateOptions,
  patchEdits,
  type RunOptions
} from "./run-options.js";
import {matchSites, siteShape} from "./sites.js";
import {type AblatedHead, ablateHeads, type AblateHeadsOptions} from "./sweeps/ablate-heads.js";
import {attribute, type Contribution} from "./sweeps/attribute.js";
import {attributePatches} from "./sweeps/attribute-patches.js";
import type {Answers} from "./sweeps/contrast.js";
import {patchEach, type PatchedCell, type PatchEachOptions} from "./sweeps/patch-each.js";
import type {Tokenizer} from "./tokenizer.js";
import type {HostTensor} from "./weights.js";

const DEFAULT_SAMPLING: Sampling = {count: 50, temperature: 0, topK: 0, seed: 0};

/** A model that reads and writes text: a tokenizer and a backend. */
export class LanguageModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly backend: Backend;
  readonly #dictionaries: ModelDictionaries;

  constructor(config: ModelConfig, tokenizer: Tokenizer, backend: Backend) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.backend = backend;
    this.#dictionaries = new ModelDictionaries(config);
  }

  /** The dictionaries that runs can name. */
  get dictionaries(): readonly Dictionary[] {
    return this.#dictionaries.all;
  }

  /**
   * Adds the dictionaries of a folder; each goes to the device when a run first reads it.
   *
   * @throws {SiteError} if one does not fit the model, or its name is taken.
   */
  attach(set: DictionarySet): void {
    this.#dictionaries.add(set);
  }

  /** Takes the dictionaries of a folder off the model, and off its device. */
  detach(set: DictionarySet): void {
    for (const dictionary of this.#dictionaries.remove(set)) this.backend.forget(dictionary);
  }

  /**
   * The tokens that the model reads for a prompt, its begin token first if it has one.
   *
   * @throws {PromptError} if the prompt is empty or longer than the context.
   */
  tokenize(prompt: string): Token[] {
    if (prompt === "")
      throw new PromptError('prompt: must be at least one character, got an empty text ("")');
    const {begin} = this.tokenizer;
    const ids = [...(begin === undefined ? [] : [begin]), ...this.tokenizer.encode(prompt)];
    checkTokens([ids], this.config);
    return ids.map((id) => ({id, text: this.tokenizer.token(id)}));
  }

  /** True where a pass costs this machine's CPU rather than a GPU. */
  get slow(): boolean {
    return this.backend.slow;
  }

  /** How many tokens the model reads for each prompt, its begin token included. */
  countTokens(prompts: readonly string[]): Promise<number[]> {
    const more = this.tokenizer.begin === undefined ? 0 : 1;
    return Promise.resolve(prompts.map((prompt) => more + this.tokenizer.encode(prompt).length));
  }

  /** One forward pass over one prompt. */
  async run(prompt: string, options: RunOptions = {}): Promise<Run> {
    const [run] = await this.runBatch([prompt], options);
    return run;
  }

  /**
   * One forward pass over several prompts of one token length; patches and layout are of each by
   * itself.
   *
   * @throws {PromptError} if a prompt cannot be run, or they are of different lengths.
   */
  async runBatch(
    prompts: readonly string[],
    {cache = [], patch = {}, top = 10, lens = 0, layout, ...asked}: RunOptions = {}
  ): Promise<Run[]> {
    const started = performance.now();
    const batch = prompts.map((prompt) => this.tokenize(prompt));
    const edits = patchEdits(patch, this.config);
    const dictionaries = dictionaryRequest(asked, (names) => this.#dictionaries.find(names));
    const result = await this.backend.forward({
      tokens: batch.map((tokens) => tokens.map(({id}) => id)),
      sites: matchSites(cache, this.config),
      edits:
        batch.length === 1
          ? edits
          : edits.map((edit) => ofEach(edit, this.config, batch[0].length, batch.length)),
      ...(layout && {layouts: batch.map(() => layout)}),
      ...(dictionaries && {dictionaries}),
      logits: "none",
      top: Math.min(top, this.config.vocab),
      lens: Math.min(lens, this.config.vocab)
    });
    const text = (id: number) => this.tokenizer.token(id);
    const topRows = result.top ? predictions(result.top, text) : [];
    const lensRows = result.lens ? predictions(result.lens, text) : [];
    const layers = lens > 0 ? this.config.layers + 1 : 0;
    const milliseconds = (performance.now() - started) / batch.length;
    return batch.map((tokens, i) => {
      const {length} = tokens;
      const rows = (of: typeof topRows, sequence: number) =>
        of.slice(sequence * length, (sequence + 1) * length);
      return new Run({
        prompt: prompts[i],
        tokens,
        predictions: rows(topRows, i),
        lens: Array.from({length: layers}, (_, layer) => rows(lensRows, layer * batch.length + i)),
        activations: new Map(
          [...result.activations].map(([site, values]) => [site, sequenceOf(values, i)])
        ),
        features: new Map(
          Array.from(result.features ?? [], ([name, active]) => [name, sequenceFeatures(active, i)])
        ),
        milliseconds
      });
    });
  }

  /**
   * The gradient of a number that the model gives for a prompt, with respect to its activations; no
   * weight's is computed.
   *
   * @throws {PromptError} if the prompt cannot be run, or the number is not one of it.
   * @throws {SiteError} if a name is no site of this model.
   */
  async grad(
    prompt: string,
    {of, at = [], patch = {}, oneHot = false}: GradientOptions
  ): Promise<Gradient> {
    const started = performance.now();
    const tokens = this.tokenize(prompt);
    const {values, ...found} = await this.backend.gradient({
      tokens: [tokens.map(({id}) => id)],
      sites: matchSites(at, this.config),
      edits: patchEdits(patch, this.config),
      of: scalarOf(of, tokens, this.config, this.tokenizer),
      oneHot
    });
    const milliseconds = performance.now() - started;
    return new Gradient({prompt, tokens, value: values[0], ...found, milliseconds});
  }

  /**
   * Runs the prompt of each row of a table, many in one pass.
   *
   * @returns the rows in their order, each with the columns that `of` gives behind its own.
   * @throws {PromptError} before any work, naming the first row that cannot be run.
   */
  runAll<Row extends object, Columns extends object>(
    table: Iterable<Row>,
    options: RunAllOptions<Row, Columns>
  ): Promise<(Row & Columns)[]> {
    return runAll(this, table, options);
  }

  /** Activation patching: the corrupt prompt with one activation of the clean one, for each. */
  patchEach(options: PatchEachOptions & JobOptions): Promise<PatchedCell[]> {
    return patchEach(this, options);
  }

  /** Attribution patching: what `patchEach` would give, estimated from one gradient. */
  attributePatches(options: PatchEachOptions & JobOptions): Promise<PatchedCell[]> {
    return attributePatches(this, options);
  }

  /** What each head's removal does to the logit difference of two answers. */
  ablateHeads(prompt: string, options: AblateHeadsOptions & JobOptions): Promise<AblatedHead[]> {
    return ablateHeads(this, prompt, options);
  }

  /** Direct logit attribution: what each part adds to the logit difference of two answers. */
  attribute(prompt: string, options: Answers & JobOptions): Promise<Contribution[]> {
    return attribute(this, prompt, options);
  }

  /**
   * The begin token alone: where a text with no prompt starts.
   *
   * @throws {PromptError} if this model has none.
   */
  begin(): Token[] {
    const {begin} = this.tokenizer;
    if (begin === undefined)
      throw new PromptError("prompt: must be given, this model has no token that begins a text");
    return [{id: begin, text: this.tokenizer.token(begin)}];
  }

  /** The text of token ids, without the begin token. */
  text(ids: readonly number[]): string {
    return this.tokenizer.decode(ids[0] === this.tokenizer.begin ? ids.slice(1) : ids);
  }

  /** Continues a prompt, token by token, until `count` tokens, the end token or a full context. */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<Token> {
    yield* this.continue(
      this.tokenize(prompt).map(({id}) => id),
      options
    );
  }

  /** The same for token ids, the begin token included. */
  async *continue(
    ids: readonly number[],
    {patch = {}, layout, dictionaries, splice, features, ...sampling}: GenerateOptions = {}
  ): AsyncGenerator<Token> {
    const edits = patchEdits(patch, this.config);
    const asked = dictionaryRequest({dictionaries, splice, features}, (names) =>
      this.#dictionaries.find(names)
    );
    const whole = {...DEFAULT_SAMPLING, ...sampling};
    for await (const id of this.backend.decode(ids, whole, edits, layout, asked)) {
      if (id === this.tokenizer.end) return;
      yield {id, text: this.tokenizer.token(id)};
    }
  }
}

/** An edit of one sequence, for each of a batch. */
function ofEach(
  {batch: _, value, ...edit}: Edit,
  config: ModelConfig,
  tokens: number,
  batch: number
): Edit {
  const channels = siteShape(edit.site, config, 1, tokens).at(-1)!;
  if (typeof value === "number" || value.length === channels) return {...edit, value};
  const values = new Float32Array(batch * value.length);
  for (let i = 0; i < batch; i++) values.set(value, i * value.length);
  return {...edit, value: values};
}

function sequenceOf({shape, data}: HostTensor, i: number): HostTensor {
  const [batch, ...rest] = shape;
  if (batch === 1) return {shape, data};
  const length = data.length / batch;
  return {shape: [1, ...rest], data: data.slice(i * length, (i + 1) * length)};
}
