import {describe, expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {atPrecision} from "../../../src/model/stored-precision.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import type {Environment} from "../../../src/papers/environment.js";
import type {Row} from "../../../src/papers/claim.js";
import {hostileFiles} from "../../../src/papers/own-models/hostile-files.js";
import {precision} from "../../../src/papers/own-models/precision.js";
import {unmet} from "../../support/claims.js";

const unused = () => Promise.reject(new Error("it is not asked for"));
const environment: Environment = {
  size: "ci",
  seed: 0,
  open: ({config, weights}, dtype = "f32") => openWasm(config, atPrecision(weights, dtype)),
  jax: unused,
  shipped: (name) => folderFiles(`data/models/${name}`),
  stored: unused,
  foreign: () => Promise.resolve(null)
};

describe.each([
  ["precision", precision, 2],
  ["hostileFiles", hostileFiles, 1]
] as const)("%s", (_, group, count) => {
  it("holds, and its controls fail", async () => {
    const rows: Row[] = [];
    const before = process.memoryUsage().rss;
    for await (const row of group("own-models", environment)) rows.push(row);
    const grown = (process.memoryUsage().rss - before) / 1e6;
    const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
    // what files that must be refused at once cost, for the log of CI
    console.log(
      `${group.name}: ${seconds.toFixed(1)} s, the process grew by ${grown.toFixed(0)} MB`
    );
    expect(unmet(rows)).toEqual([]);
    if (group === hostileFiles) expect(grown).toBeLessThan(256);
    expect(rows).toHaveLength(count);
  }, 120_000);
});
