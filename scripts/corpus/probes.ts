import {generate, shares} from "../../src/corpus/generator/generate.js";
import type {Task} from "../../src/corpus/generator/example.js";
import type {Random} from "../../src/corpus/random.js";
import type {Encoder} from "../../src/corpus/tokenizer/encode.js";

/** A held-out question in tokens: the model's choice is right if `answer` beats every `wrong`. */
export interface EncodedProbe {
  readonly task: Task;
  /** A finer name, e.g. the kind of sequence. */
  readonly kind: string;
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
  /** First tokens of the wrong answers that differ from the first token of the right one. */
  readonly wrong: readonly number[];
}

/** `count` held-out questions of every family. */
export function drawProbes(
  random: Random,
  {encode, endOfText}: Encoder,
  count: number
): EncodedProbe[] {
  return (Object.keys(shares) as Task[]).flatMap((task) => {
    const probes: EncodedProbe[] = [];
    while (probes.length < count) {
      const {probe, sentences} = generate(random, task, "heldout").examples[0];
      if (probe === null) continue;
      const prompt = encode(probe.prompt);
      const both = encode(`${probe.prompt}${probe.answer}`);
      if (prompt.some((id, i) => both[i] !== id) || both.length > 250) continue;
      const answer = both.slice(prompt.length);
      const wrong = probe.wrong.map((text) => encode(`${probe.prompt}${text}`)[prompt.length]);
      probes.push({
        task,
        kind: String(sentences[0].labels.kind ?? task),
        prompt: [endOfText, ...prompt],
        answer,
        wrong: [...new Set(wrong)].filter((id) => id !== answer[0] && id !== undefined)
      });
    }
    return probes;
  });
}
