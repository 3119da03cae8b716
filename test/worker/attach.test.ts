import {expose, type Remote, wrap} from "comlink";
import {afterAll, expect, it, vi} from "vitest";
import type {OwnDictionaries} from "../../src/model/dictionaries/dictionary-source.js";
import {openDictionaries} from "../../src/model/dictionaries/open.js";
import {LanguageModel as Model} from "../../src/model/language-model.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {saeLensFolder} from "../../src/papers/own-models/sae-lens-folder.js";
import type {Engine} from "../../src/worker/engine.js";
import {letters} from "../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";
import {memoryFiles} from "../support/tiny-files.js";

const [, config] = SMALL_MODELS[0];
const weights = randomWeights(config, 5);
vi.mock("../../src/model/model-source.js", () => ({siteFiles: async () => Promise.resolve({})}));
vi.mock("../../src/model/checkpoint.js", () => ({
  openCheckpoint: async () =>
    Promise.resolve({config, weights, tokenizer: letters, card: {}, sha256: "0"})
}));
vi.mock("../../src/model/wasm-backend.js", () => ({openWasm: () => openTwin(config, weights)}));

/** A Worker of the page: an engine behind a channel, which can be lost. */
class FakeConnection {
  readonly #channel = new MessageChannel();
  readonly #engine: Promise<Remote<Engine>>;
  isLost = false;

  constructor() {
    this.#engine = import("../../src/worker/engine.js").then(({Engine}) => {
      expose(new Engine(), this.#channel.port1);
      return wrap<Engine>(this.#channel.port2);
    });
  }

  async call<R>(use: (engine: Remote<Engine>) => Promise<R>): Promise<R> {
    if (this.isLost) throw Object.assign(new Error("lost"), {name: "WorkerClosedError"});
    return use(await this.#engine);
  }

  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
let worker = new FakeConnection();
vi.mock("../../src/worker/connection.js", () => ({
  connection: () => worker,
  reconnect: (lost: FakeConnection) => (lost === worker ? (worker = new FakeConnection()) : worker),
  retire: () => {}
}));
const {openModel} = await import("../../src/worker/client.js");
afterAll(() => worker.close());

const HOOK = "blocks.1.hook_resid_pre";
const {files} = saeLensFolder("topk", {width: config.width, hook: HOOK});
const mine = (name = "mine"): OwnDictionaries => ({
  name: "folder",
  folders: [
    {
      name,
      files: new Map(
        Object.entries(files).map(([file, bytes]) => [
          file,
          new Blob([bytes as Uint8Array<ArrayBuffer>])
        ])
      )
    }
  ]
});
let models = 0;
const open = () => openModel(`model-${++models}`, {backend: "wasm"});

it("gives the features that the command line gives", async () => {
  const lm = await open();
  const {names, dictionaries} = await lm.attach(mine());
  expect(names).toEqual(["mine"]);
  expect(dictionaries).toEqual([
    {name: "mine", kind: "sae", input: HOOK, outputs: [HOOK], features: 24}
  ]);
  const plain = new Model(config, letters, await openTwin(config, weights));
  plain.attach(await openDictionaries(memoryFiles(files, "folder"), config, "mine"));
  const steered = {splice: {mine: {error: true}}, features: {"mine[3]@-1": {op: "add", value: 4}}};
  for (const options of [{dictionaries: names}, steered as object]) {
    const [here, there] = [await lm.run("a cat", options), await plain.run("a cat", options)];
    expect(here.features.get("mine")!.indices.length).toBeGreaterThan(0);
    expect(here.features).toEqual(there.features);
    expect(here.predictions).toEqual(there.predictions);
  }
  lm.dispose();
});

it("attaches once for all cells, and takes off what no cell has", async () => {
  const lm = await open();
  const source = mine();
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const [a, b] = await Promise.all([
    lm.attach(source, {invalidation: ended}),
    lm.attach(source, {invalidation: ended})
  ]);
  expect(a).toBe(b);
  await expect(lm.attach(mine())).rejects.toThrow("mine must not be the name of another");
  end();
  await ended;
  expect((await lm.attach(mine())).names).toEqual(["mine"]);
  lm.dispose();
});

it("says why dictionaries do not fit, and leaves the model as it was", async () => {
  const lm = await open();
  const two: OwnDictionaries = {
    name: "two",
    folders: [...mine("one").folders, ...mine("one").folders]
  };
  await expect(lm.attach(two)).rejects.toThrow("one must not be the name of another");
  await expect(lm.run("a cat", {dictionaries: ["one"]})).rejects.toThrow("it has none");
  expect((await lm.attach(mine("one"))).names).toEqual(["one"]);
  lm.dispose();
});

it("has them again after the device was lost", async () => {
  const lm = await open();
  const {names} = await lm.attach(mine());
  const before = await lm.run("a cat", {dictionaries: names});
  worker.isLost = true;
  const after = await lm.run("a cat", {dictionaries: names});
  expect(lm.losses).toBe(1);
  expect(after.features).toEqual(before.features);
  worker.isLost = true;
  expect((await lm.attach(mine("late"))).names).toEqual(["late"]);
  const both = await lm.run("a cat", {dictionaries: ["mine", "late"]});
  expect([...both.features.keys()]).toEqual(["mine", "late"]);
  lm.dispose();
});
