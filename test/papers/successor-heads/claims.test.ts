import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import type {Row} from "../../../src/papers/claim.js";
import type {HostModel} from "../../../src/papers/environment.js";
import {claimsOn} from "../../../src/papers/successor-heads.js";
import {pinsOf, storedReceipt, unmet} from "../../support/claims.js";

const receipt = storedReceipt("successor-heads");

describe("the claims on fewer texts", () => {
  const rows: Row[] = [];
  beforeAll(async () => {
    const environment = {
      seed: 0,
      open: ({config, weights}: HostModel) => openWasm(config, weights),
      shipped: (name: string) => folderFiles(join("data/models", name))
    };
    for await (const row of claimsOn(environment, {texts: 16, steps: 25})) rows.push(row);
  }, 300_000);

  it("are those of the receipt, with its pins", () => {
    expect(pinsOf(rows)).toEqual(pinsOf(receipt.rows));
  });

  it("hold where they must, beside controls that fail", () => {
    expect(unmet(rows.filter(({must}) => must))).toEqual([]);
  });
});

describe("the stored receipt", () => {
  it("has every pin met", () => {
    expect(receipt.rows).toHaveLength(14);
    expect(unmet(receipt.rows)).toEqual([]);
  });
});
