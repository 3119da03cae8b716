import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import type {Gpu} from "../../../src/gpu/gpu.js";
import {openWgsl} from "../../../src/model/wgsl-backend.js";
import type {Row} from "../../../src/papers/claim.js";
import {claimsOn} from "../../../src/papers/set-based-prompting.js";
import type {Source} from "../../../src/papers/set-based-prompting/models.js";
import {pinsOf, storedReceipt, unmet} from "../../support/claims.js";
import {openDawn} from "../../support/dawn.js";

const tenth = {questions: 5, texts: 2, continued: 2, steps: 30};
const onWasm = storedReceipt("set-based-prompting").rows;

describe("the claims on WebGPU, on a tenth of the questions", () => {
  let gpu: Gpu;
  const rows: Row[] = [];
  beforeAll(async () => {
    gpu = await openDawn();
    const source: Source = {
      open: ({config, weights}) => openWgsl(gpu, {name: "test", software: true}, config, weights),
      shipped: (name) => folderFiles(join("data/models", name))
    };
    for await (const row of claimsOn({...source, seed: 0}, tenth)) rows.push(row);
  }, 600_000);
  afterAll(() => gpu.device.destroy());

  it("are those of the receipt, with its pins and the verdicts that WebAssembly gave", () => {
    const withVerdicts = (all: readonly Row[]) =>
      pinsOf(all).map((pin, i) => ({...pin, verdict: all[i].verdict}));
    expect(withVerdicts(rows)).toEqual(withVerdicts(onWasm));
  });

  it("hold where they must, beside controls that fail", () => {
    expect(unmet(rows)).toEqual([]);
  });
});
