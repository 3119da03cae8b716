interface Pair {
  readonly left: number;
  readonly right: number;
  readonly text: string;
  readonly score: number;
}

/**
 * Byte-pair encoding by score: the neighbours whose joint piece scores highest are joined first, the
 * leftmost of equals, until none has a score (llama2.c, `encode` in `run.c`). A heap keeps it at
 * O(n log n) where llama2.c scans all pairs after each merge.
 */
export function mergePieces(
  characters: readonly string[],
  score: (piece: string) => number | undefined
): string[] {
  const pieces = [...characters];
  const next = pieces.map((_, i) => i + 1);
  const previous = pieces.map((_, i) => i - 1);
  const heap: Pair[] = [];
  const offer = (left: number): void => {
    const right = next[left];
    if (left < 0 || right >= pieces.length) return;
    const text = pieces[left] + pieces[right];
    const value = score(text);
    if (value !== undefined) push(heap, {left, right, text, score: value});
  };
  for (let i = 0; i < pieces.length; i++) offer(i);
  for (let pair = pop(heap); pair; pair = pop(heap)) {
    const {left, right, text} = pair;
    if (next[left] !== right || pieces[left] + pieces[right] !== text) continue;
    pieces[left] = text;
    pieces[right] = "";
    next[left] = next[right];
    if (next[left] < pieces.length) previous[next[left]] = left;
    next[right] = -1;
    offer(previous[left]);
    offer(left);
  }
  return pieces.filter((piece) => piece !== "");
}

const before = (a: Pair, b: Pair): boolean =>
  a.score > b.score || (a.score === b.score && a.left < b.left);

function push(heap: Pair[], pair: Pair): void {
  let at = heap.length;
  heap.push(pair);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(pair, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = pair;
}

function pop(heap: Pair[]): Pair | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || !last) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
    if (!before(heap[child], last)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}
