import {spawnSync} from "node:child_process";
import {mkdtempSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, it} from "vitest";

const folder = mkdtempSync(join(tmpdir(), "ci-"));
const report = (failed: number) => ({
  numPassedTests: 5,
  numFailedTests: failed,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: []
});

function count(tests: object | undefined, claims: string) {
  const files = ["tests.json", "verify.txt"].map((name) => join(folder, name));
  const missing = join(folder, "none.json");
  if (tests !== undefined) writeFileSync(files[0], JSON.stringify(tests));
  writeFileSync(files[1], claims);
  const args = [".ci/count.js", tests === undefined ? missing : files[0], files[1]];
  const {stdout, status} = spawnSync(process.execPath, args, {encoding: "utf8"});
  return [stdout.trim(), status];
}

describe(".ci/count.js", () => {
  it("adds tests and claims", () => {
    expect(count(report(0), "a table\n3 passed, 0 failed, 2 skipped\n")).toEqual([
      "8 passed, 0 failed, 3 skipped",
      0
    ]);
  });

  it("fails with either of them", () => {
    expect(count(report(1), "3 passed, 0 failed, 0 skipped\n")[1]).toBe(1);
    expect(count(report(0), "3 passed, 1 failed, 0 skipped\n")[1]).toBe(1);
  });

  it("takes a part that left no count for a failure", () => {
    expect(count(undefined, "3 passed, 0 failed, 0 skipped\n")).toEqual([
      "3 passed, 1 failed, 0 skipped",
      1
    ]);
    expect(count(report(0), "verify: something broke\n")).toEqual([
      "5 passed, 1 failed, 1 skipped",
      1
    ]);
  });
});
