import {type Command, InvalidArgumentError} from "commander";
import {type ModelOptions, openLanguageModel, withModel} from "./model.js";

interface GenerateFlags extends ModelOptions {
  readonly prompt?: string;
  readonly tokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function register(program: Command): void {
  withModel(program.command("generate").description("continue a text"))
    .option("--prompt <text>", "the text; without it, from the model's begin token alone")
    .option("--tokens <n>", "how many tokens to add", wholeNumber, 50)
    .option("--temperature <t>", "0 takes the likeliest token each time", nonNegative, 0)
    .option("--top-k <k>", "sample among the k likeliest tokens; 0 for all", wholeNumber, 0)
    .option("--seed <s>", "of the samples", wholeNumber, 0)
    .option("--json", "print {model, prompt, tokens, text}")
    .action(generate);
}

async function generate(flags: GenerateFlags): Promise<void> {
  const {model: name, prompt, tokens: count, temperature, topK, seed, json = false} = flags;
  const model = await openLanguageModel(flags);
  const start = prompt === undefined ? model.begin() : model.tokenize(prompt);
  const ids = start.map(({id}) => id);
  if (!json && prompt !== undefined) process.stdout.write(prompt);
  let shown = prompt ?? "";
  const text = () => model.text(ids);
  for await (const {id} of model.continue(ids, {count, temperature, topK, seed})) {
    ids.push(id);
    const whole = text();
    if (!json && !whole.endsWith("\uFFFD")) {
      process.stdout.write(whole.slice(shown.length));
      shown = whole;
    }
  }
  if (json)
    console.log(JSON.stringify({model: name, prompt: prompt ?? "", tokens: ids, text: text()}));
  else process.stdout.write("\n");
  model.backend.dispose();
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError(`must be a whole number, 0 or more, got "${text}".`);
  return value;
}

export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError(`must be a number, 0 or more, got "${text}".`);
  return value;
}
