import type {Run} from "../model/run.js";
import {shares} from "./generator/generate.js";
import type {Task} from "./generator/example.js";
import {drawProbes, type EncodedProbe, type Spelling} from "./probes.js";
import {seeded} from "./random.js";

/** A model that answers. */
export interface Reader {
  readonly config: {readonly context: number};
  run(prompt: string, options: {readonly top: number}): Promise<Pick<Run, "predictions">>;
}

/** How far the asking is. */
export interface Asked {
  readonly done: number;
  readonly total: number;
  /** The share of right answers so far, by task. */
  readonly value: Readonly<Record<string, number>>;
}

/** A tokenizer that spells ids out again. */
export interface TwoWaySpelling extends Spelling {
  readonly decode: (ids: readonly number[]) => string;
}

/**
 * Asks `count` held-out questions of every task family, in turn, and tells after each how many were
 * answered right: the right answer is the likeliest text, token by token. The seed of the cards is
 * 2001, their count 200. Questions that do not fit the reader's context are passed over.
 */
export async function* askTasks(
  reader: Reader,
  spelling: TwoWaySpelling,
  {count, seed}: {readonly count: number; readonly seed: number}
): AsyncGenerator<Asked, void, void> {
  const random = seeded(seed);
  const probes = (Object.keys(shares) as Task[])
    .map((task) => drawProbes(random, spelling, {task, count}))
    .map((ofTask) => ofTask.filter((probe) => length(probe) <= reader.config.context));
  const total = probes.reduce((sum, ofTask) => sum + ofTask.length, 0);
  const tally = new Map<Task, {right: number; asked: number}>();
  let done = 0;
  for (let turn = 0; turn < count; turn++)
    for (const ofTask of probes) {
      const probe = ofTask[turn];
      if (!probe) continue;
      const score = tally.get(probe.task) ?? {right: 0, asked: 0};
      score.right += (await isRight(reader, spelling, probe)) ? 1 : 0;
      score.asked += 1;
      tally.set(probe.task, score);
      const value = Object.fromEntries(
        [...tally].map(([task, {right, asked}]) => [task, right / asked])
      );
      yield {done: ++done, total, value};
    }
}

const length = ({prompt, answer}: EncodedProbe): number => prompt.length + answer.length;

async function isRight(
  reader: Reader,
  {decode}: TwoWaySpelling,
  {prompt, answer}: EncodedProbe
): Promise<boolean> {
  const {predictions} = await reader.run(decode([...prompt.slice(1), ...answer]), {top: 1});
  return answer.every((id, i) => predictions[prompt.length - 1 + i][0].id === id);
}
