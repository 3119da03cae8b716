import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {describe, expect, it} from "vitest";
import {folderFiles} from "../../src/cli/folder-source.js";
import {loadModel} from "../../src/model/checkpoint.js";
import {openDictionaries} from "../../src/model/dictionaries/open.js";
import type {Dictionary} from "../../src/model/dictionary.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {disagreement} from "../support/numbers.js";
import {twinForward} from "../support/twin-dictionary.js";

interface Card {
  readonly name: string;
  readonly kind: string;
  readonly model: {readonly name: string; readonly sha256: string};
  readonly input: string;
  readonly output: string;
  readonly features: number;
  readonly width: number;
  readonly files: Readonly<Record<string, {readonly bytes: number; readonly sha256: string}>>;
}

interface Packed {
  readonly shape: readonly number[];
  /** Base64 of little-endian float32. */
  readonly data: string;
}

/** What PyTorch made of a few tokens with the weights that were exported. */
interface Reference {
  readonly tokens: readonly number[];
  readonly input: Packed;
  readonly fired: readonly (readonly [token: number, feature: number])[];
  readonly features: Packed;
  readonly output: Packed;
}

const folders = ["test/fixtures/dictionaries", "data/dictionaries"].flatMap((root) =>
  readdirSync(root, {recursive: true, encoding: "utf8"})
    .filter((path) => path.endsWith("dictionary.json"))
    .map((path) => join(root, dirname(path)))
);
const json = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), "utf8"));

function unpacked({data}: Packed): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  return Float64Array.from(new Float32Array(bytes.buffer));
}

const tolerance = {ofRowMax: 1e-4, ofValue: 1e-4};

it("has dictionaries of both kinds", () => {
  const kinds = new Set(folders.map((folder) => (json(folder, "dictionary.json") as Card).kind));
  expect(kinds).toEqual(new Set(["sae", "transcoder"]));
});

describe.each(folders)("%s", (folder) => {
  const card = json(folder, "dictionary.json") as Card;
  const reference = json(folder, "reference.json") as Reference;
  const loading = loadModel(folderFiles(join("data/models", card.model.name)));
  const opening = loading.then(({config}) => openDictionaries(folderFiles(folder), config));

  it("holds the files of its card, trained on the model that is here", async () => {
    for (const [file, {bytes, sha256}] of Object.entries(card.files)) {
      const content = readFileSync(join(folder, file));
      expect(content).toHaveLength(bytes);
      expect(createHash("sha256").update(content).digest("hex"), file).toBe(sha256);
    }
    expect((await loading).sha256).toBe(card.model.sha256);
  });

  it("opens at its hook points, with unit rows in its decoder", async () => {
    const {dictionaries, notices} = await opening;
    expect(notices).toEqual([]);
    expect(dictionaries).toMatchObject([
      {name: card.name, kind: card.kind, input: card.input, outputs: [{site: card.output}]}
    ]);
    const {shape, data} = dictionaries[0].outputs[0].decoder;
    expect(shape).toEqual([card.features, card.width]);
    for (let f = 0; f < card.features; f++)
      expect(
        Math.abs(Math.hypot(...data.subarray(f * card.width, (f + 1) * card.width)) - 1)
      ).toBeLessThan(0.5 / 48);
  });

  it("makes of activations what PyTorch made of them", async () => {
    const {dictionaries} = await opening;
    const made = twinForward(dictionaries[0], unpacked(reference.input));
    const features = new Float64Array(reference.tokens.length * card.features);
    const values = unpacked(reference.features);
    reference.fired.forEach(([token, feature], i) => {
      features[token * card.features + feature] = values[i];
    });
    expect(values.length).toBeGreaterThan(reference.tokens.length);
    expect(disagreement(made.features, features, card.features, tolerance)).toBeNull();
    const output = unpacked(reference.output);
    expect(disagreement(made.output, output, card.width, tolerance)).toBeNull();
  });

  it("reads in a forward pass the activations that it was trained on", async () => {
    const [dictionary] = (await opening).dictionaries;
    const activations = await inputOf(dictionary);
    const input = unpacked(reference.input);
    expect(disagreement(activations, input, card.width, tolerance)).toBeNull();
  });

  async function inputOf({input}: Dictionary): Promise<Float64Array> {
    const {config, weights} = await loading;
    const backend = await openTwin(config, weights);
    const tokens = [reference.tokens];
    const result = await backend.forward({
      tokens,
      sites: [input],
      edits: [],
      logits: "none",
      top: 0,
      lens: 0
    });
    return Float64Array.from(result.activations.get(input)!.data);
  }
});
