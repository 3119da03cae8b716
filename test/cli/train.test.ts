import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Command} from "commander";
import {afterAll, afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {register} from "../../src/cli/train.js";
import {parseSafetensors} from "../../src/model/safetensors.js";
import {COUNTING, TINY} from "../training/tiny.js";

const folder = mkdtempSync(join(tmpdir(), "workings-train-"));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, {recursive: true}));

writeFileSync(at("training.json"), JSON.stringify(TINY));
mkdirSync(at("corpus"));
writeFileSync(at("corpus/train.bin"), new Uint8Array(COUNTING.buffer));
writeFileSync(at("corpus/heldout.bin"), "");
writeFileSync(at("corpus/heldout.json"), "[]");

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function train(...flags: string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  register(program);
  const usual = ["--config", at("training.json"), "--data", at("corpus")];
  return program.parseAsync(["node", "workings", "train", "lm", ...usual, ...flags]);
}

const wasm = (work: string, ...flags: string[]) =>
  train("--backend", "wasm", "--work", at(work), ...flags);
const bytes = (...names: string[]) => readFileSync(at(...names));

describe("train lm --backend wasm", {timeout: 120_000}, () => {
  it("spends its budgets, and leaves the log that it printed, weights and a state", async () => {
    await wasm("whole", "--json");
    expect(readdirSync(at("whole")).sort()).toEqual([
      "budget-140.safetensors",
      "budget-70.safetensors",
      "log.jsonl",
      "state.safetensors",
      "step-8.safetensors"
    ]);
    expect(printed).toHaveLength(6 + 8);
    expect(JSON.parse(printed[0])).toEqual({
      step: 1,
      budget: 70,
      loss: expect.any(Number) as number
    });
    expect(bytes("whole/log.jsonl").toString()).toBe(`${printed.join("\n")}\n`);
    const {entries} = parseSafetensors(bytes("whole/budget-140.safetensors"));
    expect(entries.get("transformer.h.1.attn.c_attn.weight")).toMatchObject({
      dtype: "F16",
      shape: [16, 48]
    });
  });

  it("goes on after it was killed: rows since the last state are taken again, half a row is dropped", async () => {
    await wasm("killed", "--steps", "5");
    expect(printed.at(-1)).toBe("tiny: stopped; the same command goes on from here");
    const killed = `${bytes("killed/log.jsonl").toString()}{"step":6,"budget":70,"loss":9}\n{"ste`;
    writeFileSync(at("killed/log.jsonl"), killed);
    await wasm("killed");
    expect(printed.at(-1)).toBe(
      `tiny: every budget is spent; weights and log are in ${at("killed")}`
    );
    for (const file of readdirSync(at("whole")))
      expect(Buffer.compare(bytes("killed", file), bytes("whole", file)), file).toBe(0);
  });

  it("prints what it does in words", async () => {
    await wasm("words", "--steps", "1");
    expect(printed[0]).toMatch(/^step 1 of the 70 token budget: loss 2\.\d{4}$/);
  });

  it("refuses the state of another configuration, and leaves it alone", async () => {
    const other = at("other.json");
    writeFileSync(other, JSON.stringify({...TINY, rate: 0.02}));
    const before = bytes("whole/state.safetensors");
    await expect(wasm("whole", "--config", other)).rejects.toThrow(
      `${at("whole/state.safetensors")}: must be of the configuration that is trained, it was made with another: choose another --work`
    );
    expect(Buffer.compare(bytes("whole/state.safetensors"), before)).toBe(0);
  });

  it("refuses a corpus of half a token", async () => {
    mkdirSync(at("odd"));
    for (const file of ["train.bin", "heldout.bin", "heldout.json"])
      writeFileSync(at("odd", file), "abc");
    await expect(wasm("x", "--data", at("odd"))).rejects.toThrow(
      `${at("odd/train.bin")}: must hold two bytes for each token, got 3 bytes`
    );
  });
});

describe("train lm", () => {
  it.each([
    [
      ["--config", "nowhere.json"],
      "--config: must be a file to read, ENOENT: no such file or directory, open 'nowhere.json'"
    ],
    [["--backend", "tpu"], '--backend: must be torch or wasm, got "tpu"'],
    [
      ["--steps", "5"],
      "--steps: goes with --backend wasm only, since PyTorch's run ends by itself"
    ],
    [
      ["--data", "no/where"],
      "--data: no/where/train.bin must be there, it is missing: npx tsx scripts/corpus.ts --vocab 11 --out no/where builds it"
    ]
  ])("answers %j with one sentence", async (flags, message) => {
    await expect(train(...flags)).rejects.toThrow(new Error(message));
  });
});

describe("train lm --backend torch", () => {
  /** An interpreter that answers what it has of PyTorch, or runs a script of its own. */
  function python(version: string, body: string): void {
    writeFileSync(
      at("python"),
      `#!/bin/sh\nif [ "$1" = -c ]; then ${version}; exit; fi\nwork=$7\n${body}\n`
    );
    chmodSync(at("python"), 0o755);
    vi.stubEnv("WORKINGS_PYTHON", at("python"));
  }
  const remedy =
    "pip install torch numpy, name a Python that has them in WORKINGS_PYTHON, or take --backend wasm";

  it("prints the rows that the run adds to its log", async () => {
    const rows = [
      '{"step":1,"budget":70,"loss":2.5}',
      '{"step":6,"budget":70,"heldout":{"a":1.5}}'
    ];
    mkdirSync(at("torch"));
    writeFileSync(at("torch/log.jsonl"), '{"step":0,"budget":70,"loss":9}\n');
    python("echo 2.1", rows.map((row) => `echo '${row}' >> $work/log.jsonl`).join("; sleep 0.6; "));
    await train("--work", at("torch"), "--json");
    expect(printed).toEqual(rows);
    printed = [];
    await train("--work", at("torch"));
    expect(printed).toEqual([
      "step 1 of the 70 token budget: loss 2.5000",
      "step 6 of the 70 token budget: held-out a 1.5",
      `tiny: every budget is spent; weights and log are in ${at("torch")}`
    ]);
  });

  it.each([
    ["echo 1.13.1", "PyTorch 1.13.1"],
    ["echo \"No module named 'torch'\" >&2; exit 1", "No module named 'torch'"]
  ])("says what is missing when the interpreter does: %s", async (version, found) => {
    python(version, "");
    await expect(train("--work", at("torch"))).rejects.toThrow(
      new Error(
        `--backend: torch needs PyTorch 2 and numpy in ${at("python")}, got "${found}": ${remedy}`
      )
    );
  });

  it("says that there is no such interpreter", async () => {
    vi.stubEnv("WORKINGS_PYTHON", "no-such-python");
    await expect(train("--work", at("torch"))).rejects.toThrow(
      new Error(
        `--backend: torch needs PyTorch 2 and numpy in no-such-python, got "spawnSync no-such-python ENOENT": ${remedy}`
      )
    );
  });

  it("says what the run said when it failed", async () => {
    python("echo 2.1", "echo Traceback >&2; echo 'ValueError: too few windows' >&2; exit 1");
    await expect(train("--work", at("torch"))).rejects.toThrow(
      new Error("train lm: scripts/train_lm.py must end well, it says: ValueError: too few windows")
    );
  });
});
