import type {Task} from "../../src/corpus/generator/example.js";
import {shares} from "../../src/corpus/generator/generate.js";
import * as probes from "../../src/corpus/probes.js";
import type {Random} from "../../src/corpus/random.js";
import type {Encoder} from "../../src/corpus/tokenizer/encode.js";

/** A held-out question in tokens: the model's choice is right if `answer` beats every `wrong`. */
export interface EncodedProbe extends probes.EncodedProbe {
  /** First tokens of the wrong answers that differ from the first token of the right one. */
  readonly wrong: readonly number[];
}

/** `count` held-out questions of every family. */
export function drawProbes(
  random: Random,
  {encode, endOfText}: Encoder,
  count: number
): EncodedProbe[] {
  return (Object.keys(shares) as Task[])
    .flatMap((task) => probes.drawProbes(random, {encode, begin: endOfText}, {task, count}))
    .map((probe) => ({
      ...probe,
      wrong: probe.rivals.filter(([at]) => at === 0).map(([, id]) => id)
    }));
}
