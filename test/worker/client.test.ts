import {expose, wrap, type Remote} from "comlink";
import {afterAll, beforeAll, expect, it, vi} from "vitest";
import {Gradient, type GradientOptions} from "../../src/model/gradient.js";
import type {Progress} from "../../src/model/job.js";
import {LanguageModel as Model} from "../../src/model/language-model.js";
import {add, type Token} from "../../src/model/run.js";
import {openTwin} from "../../src/model/twin-backend.js";
import type {Engine} from "../../src/worker/engine.js";
import {letters} from "../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

const [, config] = SMALL_MODELS[0];
const weights = randomWeights(config, 5);
const ANSWERS = {answer: "q", wrong: "t"};

let forwards = 0;
vi.mock("../../src/model/model-source.js", () => ({siteFiles: async () => Promise.resolve({})}));
vi.mock("../../src/model/checkpoint.js", () => ({
  openCheckpoint: async () =>
    Promise.resolve({config, weights, tokenizer: letters, card: {}, sha256: "0"})
}));
// the float64 twin, slowly, for what a page runs in WebAssembly
vi.mock("../../src/model/wasm-backend.js", () => ({
  openWasm: async () => {
    const twin = await openTwin(config, weights);
    return {
      ...{kind: "twin", device: twin.device, slow: true},
      forward: async (request: Parameters<typeof twin.forward>[0]) => {
        forwards += 1;
        await new Promise((resolve) => setTimeout(resolve, 30));
        return twin.forward(request);
      },
      gradient: twin.gradient.bind(twin),
      decode: twin.decode.bind(twin),
      dispose: () => {}
    };
  }
}));

const channel = new MessageChannel();
let engine: Remote<Engine>;
vi.mock("../../src/worker/connection.js", () => ({
  connection: () => ({call: <R>(use: (engine: Remote<Engine>) => Promise<R>) => use(engine)}),
  reconnect: () => {},
  retire: () => {}
}));
const {openModel} = await import("../../src/worker/client.js");
const {LiveRun} = await import("../../src/worker/live-run.js");

let lm: Awaited<ReturnType<typeof openModel>>;
let plain: Model;
beforeAll(async () => {
  const {Engine} = await import("../../src/worker/engine.js");
  expose(new Engine(), channel.port1);
  engine = wrap<Engine>(channel.port2);
  lm = await openModel("small", {backend: "wasm"});
  plain = new Model(config, letters, await openTwin(config, weights));
});
afterAll(() => {
  channel.port1.close();
  channel.port2.close();
});

const ROWS = ["the cat", "a", "dog", "the hen", "cat"].map((text, id) => ({id, text}));

it("runs a table, row by row as a single run would, and gives an arquero table", async () => {
  const site = "blocks.1.hook_resid_post";
  const seen: Progress[] = [];
  const table = await lm.runAll(ROWS, {
    ...{prompt: "text", cache: [site]},
    of: (run) => ({
      queryable: run instanceof LiveRun,
      next: run.predictions.at(-1)![0].text,
      last: run.activation(site).data.at(-1)!
    }),
    onProgress: (progress) => seen.push(progress)
  });
  expect(table.columnNames()).toEqual(["id", "text", "queryable", "next", "last"]);
  for (const {id, queryable, next, last} of table.objects() as {
    [name: string]: unknown;
    id: number;
  }[]) {
    const run = await plain.run(ROWS[id].text, {cache: [site]});
    expect(queryable).toBe(true);
    expect(next).toBe(run.predictions.at(-1)![0].text);
    expect(last).toBe(run.activation(site).data.at(-1));
  }
  expect(seen.at(-1)).toMatchObject({done: 5, total: 5});
  const again = await lm.runAll(table, {
    ...{prompt: "text", top: 1},
    of: ({tokens}) => ({tokens: tokens.length})
  });
  expect(again.array("tokens")).toEqual([8, 2, 4, 8, 4]);
});

it("sweeps as the model itself does, and tells how far it is", async () => {
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => seen.push(progress);
  const pair = {clean: "the cat", corrupt: "the dog", ...ANSWERS};
  expect(await lm.patchEach({...pair, onProgress})).toEqual(await plain.patchEach(pair));
  expect(await lm.ablateHeads("the cat", ANSWERS)).toEqual(
    await plain.ablateHeads("the cat", ANSWERS)
  );
  expect(await lm.attribute("the cat", ANSWERS)).toEqual(await plain.attribute("the cat", ANSWERS));
  expect(await lm.attributePatches(pair)).toEqual(await plain.attributePatches(pair));
  expect(seen).toMatchObject([{done: 16, total: 16}]);
});

it("takes a gradient as the model itself does", async () => {
  const options: GradientOptions = {
    ...{of: {logit: "q", minus: "t", pos: 2}, at: ["blocks.*.hook_resid_pre"], oneHot: true}
  };
  const [ours, theirs] = await Promise.all([lm, plain].map((of) => of.grad("the cat", options)));
  expect(ours).toBeInstanceOf(Gradient);
  expect({...ours, milliseconds: 0}).toEqual({...theirs, milliseconds: 0});
  const {data, grad} = ours.activation("blocks.1.hook_resid_pre");
  expect(grad.length).toBe(data.length);
  await expect(lm.grad("the cat", {of: {logit: "qt"}})).rejects.toThrow(
    "grad: logit must be one token"
  );
});

it("ends a sweep at once when it is aborted, in the Worker too", async () => {
  const stop = new AbortController();
  forwards = 0;
  const work = lm.attribute("the cat", {
    ...{...ANSWERS, signal: stop.signal},
    onProgress: () => stop.abort(new Error("stopped"))
  });
  await expect(work).rejects.toThrow("stopped");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(forwards).toBeLessThan(3);
  const before = forwards;
  await expect(lm.attribute("the cat", {...ANSWERS, signal: stop.signal})).rejects.toThrow(
    "stopped"
  );
  expect(forwards).toBe(before);
});

it("passes on what a sweep or a table is refused for", async () => {
  await expect(lm.ablateHeads("the cat", {answer: "qq", wrong: "t"})).rejects.toThrow(
    'ablateHeads: answer must be one token to have one logit, got 2: "q", "q"'
  );
  await expect(lm.runAll([{text: ""}], {prompt: "text", of: () => ({})})).rejects.toThrow(
    'runAll: column "text" of row 1 of 1'
  );
});

it("steers what it writes", async () => {
  const text = async (tokens: AsyncIterable<Token>) => {
    let all = "";
    for await (const token of tokens) all += token.text;
    return all;
  };
  const vector = Float32Array.from({length: config.width}, (_, i) => 9 * Math.cos(7 * i));
  const options = {count: 8, temperature: 1, seed: 2};
  const patch = {"blocks.0.hook_resid_post": add(vector)};
  const steered = await text(lm.generate("ab", {...options, patch}));
  expect(steered).toBe(await text(plain.generate("ab", {...options, patch})));
  expect(steered).not.toBe(await text(lm.generate("ab", options)));
});
