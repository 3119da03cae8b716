import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {loadModel} from "../../../src/model/checkpoint.js";
import {LanguageModel} from "../../../src/model/language-model.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {forceText} from "../../../src/papers/activation-attacks/force-text.js";

let model: LanguageModel;
beforeAll(async () => {
  const {config, tokenizer, weights} = await loadModel(
    folderFiles(join("data/models", "ladder-25k"))
  );
  model = new LanguageModel(config, tokenizer, await openWasm(config, weights));
});
afterAll(() => model.backend.dispose());

const forcing = {context: "In the beginning God created", text: " the sea", a: 4, steps: 60};

it("makes a text likelier than it was, and counts what is the likeliest", async () => {
  const {tokens, hits, hitsBefore, losses} = await forceText(model, forcing);
  const counted = (of: "said" | "before") =>
    tokens.filter((token) => token[of] === token.text).length;
  expect([hits, hitsBefore]).toEqual([counted("said"), counted("before")]);
  expect(hits).toBeGreaterThan(hitsBefore);
  expect(losses.at(-1)!).toBeLessThan(losses[0] - 2);
});

it.each([
  [{text: ""}, "forceText: text must be at least one character, got none"],
  [{a: 0}, "the tokens before the text, got 0"],
  [{a: 99}, "the tokens before the text, got 99"],
  [{context: ""}, 'prompt: must be at least one character, got an empty text ("")']
])("refuses %o", async (given, sentence) => {
  await expect(forceText(model, {...forcing, ...given})).rejects.toThrow(sentence);
});

it("refuses a text that is longer than the context, and ends when it is told", async () => {
  const long = {...forcing, text: " the sea".repeat(60)};
  await expect(forceText(model, long)).rejects.toThrow("128");
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(forceText(model, forcing, {signal})).rejects.toThrow("stopped");
});
