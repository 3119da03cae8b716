import {expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {loadCheckpoint} from "../../../src/cli/model.js";
import {openDictionaries} from "../../../src/model/dictionaries/open.js";
import {inMemory} from "../../../src/model/lazy-tensor.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import type {Row} from "../../../src/papers/claim.js";
import type {Environment} from "../../../src/papers/environment.js";
import {labelRecovery} from "../../../src/papers/transcoder-circuits/label-recovery.js";

it("labelRecovery(environment, model) measures a small model's features beside controls that fail", async () => {
  const checkpoint = await loadCheckpoint({model: "house-300k"});
  const weights = inMemory(checkpoint.weights);
  const {config} = checkpoint;
  const {dictionaries} = await openDictionaries(
    folderFiles("test/fixtures/dictionaries/mlp1tc"),
    config
  );
  const backend = await openWasm(config, weights);
  const rows: Row[] = [];
  const environment: Pick<Environment, "size" | "seed" | "open"> = {
    ...{size: "ci", seed: 0},
    open: (model) => openWasm(model.config, model.weights)
  };
  const model = {...checkpoint, weights, backend, transcoders: dictionaries};
  for await (const row of labelRecovery(environment, model)) rows.push(row);
  backend.dispose();
  expect(rows.map(({metric}) => metric.split(" ")[0])).toEqual(["share", "labels"]);
  const [share, ratio] = rows;
  expect(share.value).toBeGreaterThanOrEqual(0);
  expect(share.value).toBeLessThanOrEqual(1);
  expect(share.control).toMatchObject({pass: false});
  expect(ratio.control).toMatchObject({value: 0, pass: false});
  expect(share.beside!.map(({name}) => name)).toContain("as many neurons as there are");
  expect(Number(/of (\d+) labels/.exec(share.metric)![1])).toBeGreaterThan(40);
}, 120_000);
