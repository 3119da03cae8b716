import type {ActiveFeatures} from "./active-features.js";
import type {Dictionary} from "./dictionary.js";
import type {DictionaryRequest} from "./dictionary-request.js";
import type {Edit} from "./edits.js";
import type {GradientRequest, GradientResult} from "./gradient-request.js";
import type {Layout} from "./layout.js";
import type {Site} from "./sites.js";
import type {HostTensor} from "./weights.js";

/** The most likely tokens of each row. */
export interface TopTokens {
  /** Rows × k token ids, the likeliest first. */
  readonly ids: Uint32Array;
  /** Their log-probabilities, in nats. */
  readonly logProbs: Float32Array;
  readonly k: number;
}

export interface ForwardRequest {
  /** Token ids, one array per sequence, all of one length. */
  readonly tokens: readonly (readonly number[])[];
  /** Activations to return. */
  readonly sites: readonly Site[];
  readonly edits: readonly Edit[];
  /** One for each sequence, where tokens do not simply stand one after the other. */
  readonly layouts?: readonly Layout[];
  /** Dictionaries to read, and what of them stands in for what the model computes. */
  readonly dictionaries?: DictionaryRequest;
  /** Which positions' logits to return. */
  readonly logits: "none" | "last" | "all";
  /** How many of the likeliest next tokens to return for each position; 0 for none. */
  readonly top: number;
  /** The same, read off the residual stream before each block and after the last (logit lens); 0 for none. */
  readonly lens: number;
}

export interface ForwardResult {
  /** `[batch, pos, vocab]`, or `[batch, 1, vocab]` for the last position. */
  readonly logits?: HostTensor;
  readonly activations: ReadonlyMap<Site, HostTensor>;
  /** What fires, by dictionary; there where the request has dictionaries. */
  readonly features?: ReadonlyMap<string, ActiveFeatures>;
  /** Rows are (batch, pos). */
  readonly top?: TopTokens;
  /** Rows are (layer 0 … layers, batch, pos); layer `layers` is the model's own prediction. */
  readonly lens?: TopTokens;
}

export interface Sampling {
  /** How many tokens to add; fewer come when the context is full. */
  readonly count: number;
  /** 0 takes the likeliest token each time. */
  readonly temperature: number;
  /** Samples among this many of the likeliest tokens; 0 for all. */
  readonly topK: number;
  readonly seed: number;
}

/** One way to run a model. `wgsl` and `wasm` work in f32, `twin` in float64. */
export interface Backend {
  readonly kind: "wgsl" | "wasm" | "twin";
  /** The adapter, or the processor, in words. */
  readonly device: string;
  /** True where a forward pass costs the reader's CPU rather than a GPU. */
  readonly slow: boolean;
  forward(request: ForwardRequest): Promise<ForwardResult>;
  /** The gradients of a scalar of the logits; none of weights. */
  gradient(request: GradientRequest): Promise<GradientResult>;
  /**
   * Continues one sequence, token by token, with a key-value cache. An edit's `pos` counts from the
   * start of the prompt, a negative one from its end; an edit without applies to new tokens too, and so it
   * is with edits of features. A layout is the prompt's: a new token stands one behind the last and sees
   * all.
   */
  decode(
    prompt: readonly number[],
    sampling: Sampling,
    edits?: readonly Edit[],
    layout?: Layout,
    dictionaries?: DictionaryRequest
  ): AsyncGenerator<number, void, void>;
  /** The same for several sequences of one length, in step: a token for each. Not every backend has it. */
  decodeMany?(
    prompts: readonly (readonly number[])[],
    sampling: Sampling,
    edits?: readonly Edit[],
    layouts?: readonly Layout[]
  ): AsyncGenerator<readonly number[], void, void>;
  /** Frees what the backend keeps of a dictionary since it was first asked for. */
  forget(dictionary: Dictionary): void;
  dispose(): void;
}
