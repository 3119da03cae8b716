import {readFileSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {parseRowFile} from "../../../src/tables/row-file.js";
import {pinsOf, storedReceipt, unmet} from "../../support/claims.js";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {claimsOn} from "../../../src/papers/activation-attacks.js";
import type {Row} from "../../../src/papers/claim.js";
import type {HostModel} from "../../../src/papers/environment.js";

const receipt = storedReceipt("activation-attacks");

describe("the claims with few attacks", () => {
  it("are those of the receipt, with its pins, and hold where they must", async () => {
    const environment = {
      ...{size: "ci" as const, seed: 0},
      shipped: (name: string) => folderFiles(join("data/models", name)),
      stored: (path: string) => readFile(join("data", path)),
      open: ({config, weights}: HostModel) => openWasm(config, weights),
      jax: () => Promise.reject(new Error("no jax here")),
      foreign: () => Promise.resolve(null)
    };
    const rows: Row[] = [];
    for await (const row of claimsOn(environment, {reps: 2, steps: 10, roundings: [2]}))
      rows.push(row);
    expect(pinsOf(rows)).toEqual(pinsOf(receipt.rows));
    expect(unmet(rows.filter(({must}) => must))).toEqual([]);
  }, 300_000);
});

describe("the stored receipt", () => {
  it("has every pin met", () => {
    expect(receipt.rows).toHaveLength(15);
    expect(unmet(receipt.rows)).toEqual([]);
  });
});

describe("the stored rows", () => {
  it.each([
    ["ladder-25k", 5000],
    ["ladder-150k", 5000],
    ["ladder-330k", 500]
  ])("of %s are as the schema has them, and at least %i", (model, least) => {
    const path = `data/tables/attacks/${model}.jsonl`;
    const {rows} = parseRowFile(readFileSync(path, "utf8"), path);
    expect(rows.length).toBeGreaterThanOrEqual(least);
    expect(new Set(rows.map((row) => row.model))).toEqual(new Set([model]));
  });
});
