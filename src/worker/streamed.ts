/**
 * What work tells one by one, as it comes, until the work is done.
 *
 * @param cancel Ends the work, when whoever reads has had enough before it is done.
 */
export async function* streamed<T>(
  work: (tell: (one: T) => void) => Promise<void>,
  cancel: () => Promise<void>,
  signal?: AbortSignal
): AsyncGenerator<T, void, void> {
  const queue: T[] = [];
  let wake = () => {};
  let running = true;
  const done = work((one) => {
    queue.push(one);
    wake();
  }).finally(() => {
    running = false;
    wake();
  });
  signal?.addEventListener("abort", () => wake());
  try {
    while (running || queue.length > 0) {
      if (signal?.aborted) return;
      const one = queue.shift();
      if (one !== undefined) yield one;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await done;
  } finally {
    done.catch(() => {});
    if (running) await cancel();
  }
}
