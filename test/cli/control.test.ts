import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {recordRows, type Unit} from "../../src/cli/recorded-rows.js";
import {type FileRow, parseRowFile} from "../../src/tables/row-file.js";

const folder = mkdtempSync(join(tmpdir(), "workings-control-"));
afterAll(() => rmSync(folder, {recursive: true}));

const row = (rep: number): FileRow => ({
  ...{model: "m", layer: 0, a: 1, t: 2, dims: 32, bits: 32, rep, step: 10},
  ...{loss: 0.5, success: 1}
});
const unit = (rep: number, made: number[]): Unit => ({
  key: String(rep),
  async *rows() {
    made.push(rep);
    yield await Promise.resolve(row(rep));
  }
});
const recording = (path: string, units: readonly Unit[], seed = 0) => ({
  ...{path, units, table: "attacks" as const, run_id: "m-0", about: {seed}},
  keyOf: ({rep}: FileRow) => String(rep),
  onUnit: () => {}
});
const repsIn = (path: string) =>
  parseRowFile(readFileSync(path, "utf8"), path).rows.map(({rep}) => rep);

describe("recordRows", () => {
  it("goes on behind the rows that a file has, and makes none of them again", async () => {
    const path = join(folder, "on.jsonl");
    const made: number[] = [];
    await recordRows(recording(path, [unit(1, made)]));
    expect(await recordRows(recording(path, [unit(0, made), unit(1, made), unit(2, made)]))).toBe(
      true
    );
    expect(made).toEqual([1, 0, 2]);
    expect(repsIn(path)).toEqual([1, 0, 2]);
  });

  it("keeps the rows of the units before the one that fails", async () => {
    const path = join(folder, "fails.jsonl");
    const broken: Unit = {
      key: "2",

      async *rows() {
        await Promise.reject(new Error("lost"));
      }
    };
    const units = [unit(0, []), unit(1, []), broken];
    await expect(recordRows(recording(path, units))).rejects.toThrow("lost");
    expect(repsIn(path)).toEqual([0, 1]);
  });

  it("refuses a file of another run", async () => {
    const path = join(folder, "other.jsonl");
    await recordRows(recording(path, [unit(0, [])]));
    await expect(recordRows(recording(path, [unit(1, [])], 7))).rejects.toThrow(
      `${path}: must hold rows of the same run for it to go on, got ["attacks","m-0",{"seed":0}]`
    );
  });
});

const args = (...more: string[]) => ["bin/workings.js", "control", "reachability", ...more];

/** Runs until the first state is done, then stops it as a reader would. */
async function interrupted(path: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    args("--model", "ladder-25k", "--backend", "wasm", "--out", path),
    {stdio: "ignore"}
  );
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("exit", resolve));
  return child;
}

describe("workings control reachability", () => {
  it("keeps its rows when it is stopped", async () => {
    const path = join(folder, "stopped.jsonl");
    const {exitCode} = await interrupted(path);
    expect(exitCode).toBe(0);
    const {rows, about, run_id} = parseRowFile(readFileSync(path, "utf8"), path);
    expect(run_id).toBe("ladder-25k-0");
    expect(about).toMatchObject({model: "ladder-25k", seed: 0, each: 1});
    expect(rows.length).toBeGreaterThan(14);
    expect(new Set(rows.map(({state_len}) => state_len)).size).toBeLessThan(3);
  }, 120_000);

  it.each([
    [
      ["--model", "nope"],
      '--model: must be a model with a heldout.json, whose text it has not seen, got "nope"'
    ],
    [
      ["--model", "ladder-25k", "--states", "91"],
      "--states: must be in 1 … 90, which heldout.json of ladder-25k has, got 91"
    ]
  ])("refuses %j", (flags, sentence) => {
    const {status, stderr} = spawnSync(process.execPath, args(...flags), {encoding: "utf8"});
    expect(status).toBe(1);
    expect(stderr.trim()).toBe(sentence);
  });

  it("refuses held-out text that is none", () => {
    writeFileSync(join(folder, "heldout.json"), '{"windows": [{"source": "x", "tokens": [1]}]}');
    const {status, stderr} = spawnSync(process.execPath, args("--model", folder), {
      encoding: "utf8"
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toBe("heldout.json: windows must hold 91 token ids each, got others");
  });
});
