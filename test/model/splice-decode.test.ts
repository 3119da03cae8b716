import {expect, it} from "vitest";
import {openTwin} from "../../src/model/twin-backend.js";
import {LanguageModel} from "../../src/model/language-model.js";
import {letters} from "../support/letters.js";
import {smallDictionaries} from "../support/small-dictionaries.js";
import {splicedCases, splicedContinuation, splicedPasses} from "../support/spliced.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

const [[, config]] = SMALL_MODELS;
const weights = randomWeights(config, 5);
const PROMPT = [3, 1, 4];

it.each(splicedCases(config))(
  "continues a text with a cache as whole passes do: %s",
  async (_, request) => {
    const twin = await openTwin(config, weights);
    expect(await splicedContinuation(twin, PROMPT, request)).toEqual(
      await splicedPasses(twin, PROMPT, request)
    );
  }
);

it("changes the text by features, of the prompt alone where a token is named", async () => {
  const model = new LanguageModel(config, letters, await openTwin(config, weights));
  const [dictionary] = smallDictionaries(config)["a ReLU transcoder with a skip"];
  model.attach({name: "folder", dictionaries: [dictionary], notices: []});
  const text = async (options: object) => {
    let found = "";
    for await (const token of model.generate("a cat", {count: 8, ...options})) found += token.text;
    return found;
  };
  const splice = {mlp0tc: {error: true}};
  const plain = await text({});
  expect(await text({splice})).toBe(plain);
  const edit = {op: "add", value: 60};
  const steered = (name: string, pos?: readonly number[]) =>
    text({splice, features: {[name]: {...edit, ...(pos && {pos})}}});
  const everywhere = await steered("mlp0tc[3]");
  expect(everywhere).not.toBe(plain);
  expect(await steered("mlp0tc[3]", [...Array(14).keys()])).toBe(everywhere);
  expect(await steered("mlp0tc[3]@-1")).toBe(await steered("mlp0tc[3]", [5]));
  await expect(text({splice, features: {"mlp0tc[3]@-9": edit}})).rejects.toThrow(
    "edit of mlp0tc[3]: pos must be in -6 … 20"
  );
  await expect(text({dictionaries: ["none"]})).rejects.toThrow("must be one of this model's");
});
