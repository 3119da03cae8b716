import type {Backend, Sampling} from "../../model/backend.js";

const LARGEST_BATCH = 32;

/**
 * Prompts with what a model adds to them, in their order: many at a time where the backend can, those
 * of one length together. A continuation is followed until all of its batch have come to the token
 * that their prompts begin with.
 */
export async function continued(
  backend: Backend,
  prompts: readonly (readonly number[])[],
  sampling: Sampling
): Promise<number[][]> {
  const texts = prompts.map((prompt) => [...prompt]);
  const size = backend.decodeMany ? LARGEST_BATCH : 1;
  for (const [i, batch] of batches(texts, size).entries())
    await continueBatch(backend, batch, {...sampling, seed: sampling.seed + i});
  return texts;
}

function batches(texts: readonly number[][], size: number): number[][][] {
  const byLength = new Map<number, number[][]>();
  for (const text of texts) byLength.set(text.length, [...(byLength.get(text.length) ?? []), text]);
  return [...byLength.values()].flatMap((same) =>
    Array.from({length: Math.ceil(same.length / size)}, (_, i) =>
      same.slice(i * size, (i + 1) * size)
    )
  );
}

async function continueBatch(
  backend: Backend,
  texts: readonly number[][],
  sampling: Sampling
): Promise<void> {
  const ended = new Set<number[]>();
  for await (const ids of steps(
    backend,
    texts.map((text) => [...text]),
    sampling
  )) {
    texts.forEach((text, i) => {
      text.push(ids[i]);
      if (ids[i] === text[0]) ended.add(text);
    });
    if (ended.size === texts.length) return;
  }
}

async function* steps(
  backend: Backend,
  prompts: readonly (readonly number[])[],
  sampling: Sampling
): AsyncGenerator<readonly number[]> {
  if (backend.decodeMany) yield* backend.decodeMany(prompts, sampling);
  else for await (const id of backend.decode(prompts[0], sampling)) yield [id];
}
