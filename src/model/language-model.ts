import type {Backend, Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import type {Edit} from "./edits.js";
import {checkTokens, PromptError} from "./request.js";
import {type Patch, predictions, Run, type Token} from "./run.js";
import {matchSites, type SitePattern} from "./sites.js";
import type {Tokenizer} from "./tokenizer.js";

export interface RunOptions {
  /** Activations to keep, by name; `*` stands for every layer. */
  readonly cache?: readonly SitePattern[];
  /** Changes to activations, by name, applied in the order given. */
  readonly patch?: Readonly<Partial<Record<SitePattern, Patch | readonly Patch[]>>>;
  /** How many of the likeliest next tokens to return for each position; 10 when left out. */
  readonly top?: number;
  /** The same for each layer (logit lens); 0 when left out. */
  readonly lens?: number;
}

export type GenerateOptions = Partial<Sampling>;

const DEFAULT_SAMPLING: Sampling = {count: 50, temperature: 0, topK: 0, seed: 0};

/** A model that reads and writes text: a tokenizer and a backend. */
export class LanguageModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly backend: Backend;

  constructor(config: ModelConfig, tokenizer: Tokenizer, backend: Backend) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.backend = backend;
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

  /** One forward pass over one prompt. */
  async run(prompt: string, {cache = [], patch = {}, top = 10, lens = 0}: RunOptions = {}) {
    const started = performance.now();
    const tokens = this.tokenize(prompt);
    const result = await this.backend.forward({
      tokens: [tokens.map(({id}) => id)],
      sites: matchSites(cache, this.config),
      edits: this.#edits(patch),
      logits: "none",
      top: Math.min(top, this.config.vocab),
      lens: Math.min(lens, this.config.vocab)
    });
    const text = (id: number) => this.tokenizer.token(id);
    const lensRows = result.lens ? predictions(result.lens, text) : [];
    return new Run({
      prompt,
      tokens,
      predictions: result.top ? predictions(result.top, text) : [],
      lens: Array.from({length: lensRows.length / tokens.length}, (_, layer) =>
        lensRows.slice(layer * tokens.length, (layer + 1) * tokens.length)
      ),
      activations: result.activations,
      milliseconds: performance.now() - started
    });
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
  async *continue(ids: readonly number[], options: GenerateOptions = {}): AsyncGenerator<Token> {
    for await (const id of this.backend.decode(ids, {...DEFAULT_SAMPLING, ...options})) {
      if (id === this.tokenizer.end) return;
      yield {id, text: this.tokenizer.token(id)};
    }
  }

  #edits(patch: NonNullable<RunOptions["patch"]>): Edit[] {
    return Object.entries(patch).flatMap(([pattern, patches]) =>
      matchSites([pattern], this.config).flatMap((site) =>
        [patches ?? []].flat().map((one): Edit => ({...one, site}))
      )
    );
  }
}
