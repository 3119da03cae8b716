/** Words as token ids, and which words hold each adjacent pair: what training a BPE counts. */
export class MergeTable {
  readonly tokens: string[];
  readonly merges: (readonly [string, string])[] = [];
  private readonly ids = new Map<string, number>();
  private readonly words: number[][] = [];
  private readonly counts: number[] = [];
  private readonly index = new Map<string, number>();
  private readonly pairCounts = new Map<number, number>();
  private readonly pairWords = new Map<number, Set<number>>();

  /** @param alphabet The single-byte tokens; ids are places in this list, merged tokens follow. */
  constructor(alphabet: readonly string[]) {
    this.tokens = [...alphabet];
    alphabet.forEach((token, id) => this.ids.set(token, id));
  }

  /** Adds a word, spelt in the alphabet, that occurs `count` times. */
  add(word: string, count: number): void {
    const at = this.words.length;
    const split = Array.from(word, (letter) => this.ids.get(letter)!);
    this.words.push(split);
    this.counts.push(count);
    this.index.set(word, at);
    this.tally(at, split, count);
  }

  /** The tokens that a word is at present made of. */
  splitOf(word: string): readonly string[] {
    return this.words[this.index.get(word)!].map((id) => this.tokens[id]);
  }

  /** The most frequent pair; ties go to the pair formed first. Null when no pair is left. */
  best(): readonly [string, string] | null {
    let best = -1;
    let most = 0;
    for (const [pair, count] of this.pairCounts) {
      if (count > most || (count === most && pair < best)) {
        best = pair;
        most = count;
      }
    }
    return best < 0 ? null : [this.tokens[Math.floor(best / 65536)], this.tokens[best % 65536]];
  }

  /** Makes one token of a pair, wherever it stands. */
  merge(left: string, right: string): void {
    const [a, b] = [this.ids.get(left)!, this.ids.get(right)!];
    const joined = this.tokens.length;
    this.tokens.push(left + right);
    this.ids.set(left + right, joined);
    this.merges.push([left, right]);
    for (const at of [...(this.pairWords.get(key(a, b)) ?? [])]) {
      const before = this.words[at];
      const after: number[] = [];
      for (let i = 0; i < before.length; i++) {
        const hit = before[i] === a && before[i + 1] === b;
        after.push(hit ? joined : before[i]);
        if (hit) i++;
      }
      this.tally(at, before, -this.counts[at]);
      this.words[at] = after;
      this.tally(at, after, this.counts[at]);
    }
  }

  private tally(at: number, word: readonly number[], count: number): void {
    for (let i = 0; i + 1 < word.length; i++) {
      const pair = key(word[i], word[i + 1]);
      const total = (this.pairCounts.get(pair) ?? 0) + count;
      if (total === 0) {
        this.pairCounts.delete(pair);
        this.pairWords.delete(pair);
        continue;
      }
      this.pairCounts.set(pair, total);
      let holders = this.pairWords.get(pair);
      if (holders === undefined) this.pairWords.set(pair, (holders = new Set()));
      if (count > 0) holders.add(at);
    }
  }
}

function key(left: number, right: number): number {
  return left * 65536 + right;
}
