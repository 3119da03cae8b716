/** A map that makes what it lacks, and on `evict` drops its least recently used entries. */
export class LruMap<K, V> {
  readonly #limit: number;
  readonly #entries = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K, make: () => V): V {
    const value = this.#entries.has(key) ? this.#entries.get(key)! : make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Removes the oldest entries above the limit, and returns their values. */
  evict(): V[] {
    const surplus = [...this.#entries].slice(0, Math.max(0, this.#entries.size - this.#limit));
    for (const [key] of surplus) this.#entries.delete(key);
    return surplus.map(([, value]) => value);
  }

  /** Removes every entry, and returns their values. */
  clear(): V[] {
    const values = [...this.#entries.values()];
    this.#entries.clear();
    return values;
  }
}
