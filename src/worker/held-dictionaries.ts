import type {DictionarySource} from "../model/dictionaries/dictionary-source.js";
import type {AttachedDictionaries} from "./engine-dictionaries.js";

interface Held {
  readonly ticket: string;
  readonly attached: Promise<AttachedDictionaries>;
  isThere: boolean;
  holders: number;
}

/** How dictionaries come to a model in the page's Worker, and leave it. */
export interface DictionaryCalls {
  attach(source: DictionarySource, ticket: string): Promise<AttachedDictionaries>;
  detach(ticket: string): Promise<void>;
  /** To the Worker that takes the place of a lost one. */
  attachAgain(source: DictionarySource, ticket: string): Promise<unknown>;
}

let tickets = 0;

/**
 * The dictionaries of a model in the page's Worker, each there once for all cells that use it. They come
 * and go one after the other: a name is free again before the next dictionary asks for it.
 */
export class HeldDictionaries {
  readonly #calls: DictionaryCalls;
  readonly #held = new Map<DictionarySource, Held>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(calls: DictionaryCalls) {
    this.#calls = calls;
  }

  /** Attaches dictionaries, to be released once for each call that succeeds. */
  async hold(source: DictionarySource): Promise<AttachedDictionaries> {
    const held = this.#held.get(source) ?? this.#attach(source);
    held.holders += 1;
    try {
      return await held.attached;
    } catch (error) {
      if (this.#held.get(source) === held) this.#held.delete(source);
      throw error;
    }
  }

  /** The last one to let go takes them off the model. */
  release(source: DictionarySource): void {
    const held = this.#held.get(source);
    if (!held || --held.holders > 0) return;
    this.#held.delete(source);
    void this.#inTurn(() => this.#calls.detach(held.ticket)).catch(() => {});
  }

  /** Attaches them to the model's next Worker. */
  async again(): Promise<void> {
    for (const [source, {ticket, isThere}] of this.#held)
      if (isThere) await this.#calls.attachAgain(source, ticket);
  }

  #attach(source: DictionarySource): Held {
    const ticket = `dictionaries ${++tickets}`;
    const attached = this.#inTurn(() => this.#calls.attach(source, ticket));
    const held: Held = {ticket, attached, isThere: false, holders: 0};
    attached.then(
      () => (held.isThere = true),
      () => {}
    );
    this.#held.set(source, held);
    return held;
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
