import {expect, it} from "vitest";
import {TOKENS} from "../../../src/model/attack/attack-rows.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {CONTEXT, contextsOf, tokensOf} from "../../../src/papers/activation-attacks/contexts.js";
import {
  allSeries,
  seriesRows,
  settings,
  tokensToForce
} from "../../../src/papers/activation-attacks/series.js";
import {randomWeights, SMALL_MODELS} from "../../support/small-models.js";

const [, config] = SMALL_MODELS[0];

it("takes contexts of natural text in turn of their sources, the begin token first", () => {
  const window = (source: string, first: number) => ({
    source,
    tokens: Array.from({length: 30}, (_, i) => first + i)
  });
  const windows = [window("a", 0), window("a", 100), window("generated/b", 200), window("c", 300)];
  const contexts = contextsOf(windows);
  expect(contexts.map((tokens) => tokens.slice(0, 3))).toEqual([
    [0, 1, 2],
    [0, 300, 301],
    [0, 100, 101]
  ]);
  for (const context of contexts) expect(context).toHaveLength(CONTEXT);
  const tokens = tokensOf(windows);
  expect(tokens).toHaveLength(119);
  expect(tokens[0]).toBe(1);
});

it("goes from about a third of a, where most is forced, to what the context holds", () => {
  expect(tokensToForce(1, 4)).toEqual([1, 2, 3, 4]);
  expect(tokensToForce(16, 20)).toEqual([4, 6, 8, 12, 16]);
});

it("names every series once", () => {
  const keys = allSeries({...config, width: 32, layers: 3}, true).map(({layer, a, dims}) =>
    [layer, a, dims].join(" ")
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain("2 16 32");
  expect(keys).toContain("0 4 8");
  expect(keys).toContain(`${TOKENS} 8 1`);
});

it("ends where less than a fifth is forced, and as soon as it is told", async () => {
  const model = {config, backend: await openWasm(config, randomWeights(config, 5))};
  const contexts = [
    [28, 3, 1, 4],
    [28, 9, 2, 6]
  ];
  const how = {...settings, steps: 2, contexts, tokens: [1, 2, 3], seed: 0};
  const ts: number[] = [];
  for await (const {t} of seriesRows(model, {layer: 0, a: 1, dims: config.width}, how)) ts.push(t);
  expect(new Set(ts)).toEqual(new Set([1]));
  const stopped = seriesRows(
    model,
    {layer: 0, a: 1, dims: config.width},
    {
      ...how,
      signal: AbortSignal.abort(new Error("stopped"))
    }
  );
  await expect(stopped.next()).rejects.toThrow("stopped");
  model.backend.dispose();
});
