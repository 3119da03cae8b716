import {beforeAll, describe, expect, it} from "vitest";
import {gpt2Weights} from "../../src/model/gpt2-names.js";
import {parseSafetensors} from "../../src/model/safetensors.js";
import type {HostTensor} from "../../src/model/weights.js";
import {firstWeights} from "../../src/training/first-weights.js";
import {gpt2Tensors} from "../../src/training/gpt2-tensors.js";
import {modelConfig} from "../../src/training/lm-config.js";
import {type Advanced, LmRun} from "../../src/training/lm-run.js";
import {openTrainer} from "../../src/training/lm-trainer.js";
import {safetensorsFile} from "../../src/training/safetensors-file.js";
import {decodeState, encodeState} from "../../src/training/state-file.js";
import {Batches} from "../../src/training/window-order.js";
import {liveArrays} from "../support/jax-memory.js";
import {COUNTING, TINY} from "./tiny.js";

const batches = () => new Batches(COUNTING, TINY);

async function advanced(run: LmRun, steps = Infinity): Promise<Advanced[]> {
  const rows: Advanced[] = [];
  while (!run.finished && rows.length < steps) rows.push(await run.advance());
  return rows;
}

describe("LmRun", {timeout: 120_000}, () => {
  let rows: Advanced[];
  let end: Uint8Array;
  beforeAll(async () => {
    const run = await LmRun.open(TINY, batches());
    rows = await advanced(run);
    end = encodeState(await run.state());
    run.dispose();
  }, 120_000);

  // Budgets of 70 and 140 tokens end after 6 and 12 steps; the first falls from the 4th on.
  it("spends each budget, the next from where the fall of the one before began", () => {
    expect(rows.map(({step, budget}) => [step, budget])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((step) => [step, 70]),
      ...[5, 6, 7, 8, 9, 10, 11, 12].map((step) => [step, 140])
    ]);
    expect(rows.flatMap(({kept}) => kept?.name ?? [])).toEqual([
      "budget-70",
      "step-8",
      "budget-140"
    ]);
  });

  it("learns", () => {
    expect(rows.at(-1)!.loss!).toBeLessThan(rows[0].loss! - 0.5);
  });

  it.each([2, 5, 9])("goes on from the state after %i steps, bit for bit", async (steps) => {
    const before = await LmRun.open(TINY, batches());
    const first = await advanced(before, steps);
    const saved = encodeState(await before.state());
    before.dispose();
    const after = await LmRun.open(TINY, batches(), decodeState(saved, TINY, "state"));
    expect([...first, ...(await advanced(after))]).toEqual(rows);
    expect(Buffer.compare(encodeState(await after.state()), end)).toBe(0);
    after.dispose();
  });

  it("holds no more arrays after its last step than after its first, and none when disposed", async () => {
    const live = await liveArrays();
    const before = live.size;
    const run = await LmRun.open(TINY, batches());
    await run.advance();
    const opened = live.size;
    await advanced(run);
    expect(live.size).toBe(opened);
    run.dispose();
    expect(live.size).toBe(before);
  });

  it("stops with a sentence when the loss is no longer finite", async () => {
    const run = await LmRun.open({...TINY, rate: 1e30}, batches());
    await expect(advanced(run)).rejects.toThrow(
      /^tiny: loss must be finite, got (NaN|Infinity) at step \d+: a lower rate may help$/
    );
    run.dispose();
  });
});

describe("a state", () => {
  let saved: Uint8Array;
  beforeAll(async () => {
    const run = await LmRun.open(TINY, batches());
    saved = encodeState(await run.state());
    run.dispose();
  }, 120_000);

  it("is refused by another configuration", () => {
    expect(() => decodeState(saved, {...TINY, rate: 0.02}, "state")).toThrow(
      "state: must be of the configuration that is trained, it was made with another: choose another --work"
    );
  });

  it("is refused when cut short", () => {
    expect(() => decodeState(saved.subarray(0, saved.length - 4), TINY, "state")).toThrow(
      "the file is cut short"
    );
  });

  it("is refused without its progress", () => {
    const file = safetensorsFile(new Map(), "F32");
    expect(() => decodeState(file, TINY, "state")).toThrow(
      "state: must tell its progress, as the state of a training does"
    );
  });

  it("is refused without one of its tensors", async () => {
    const {embedding, ...mean} = decodeState(saved, TINY, "state").trainer.mean;
    expect(embedding.shape).toEqual([11, 16]);
    const trainer = await openTrainer(TINY);
    const state = {...decodeState(saved, TINY, "state").trainer, mean};
    expect(() => trainer.restore(state)).toThrow(
      "state: mean of embedding must be [11, 16], got none"
    );
    trainer.dispose();
  });
});

describe("weights that are kept", () => {
  it("have the names and layouts of a Hugging Face GPT-2", () => {
    const first = firstWeights(TINY);
    const asTensors = (tensors: ReadonlyMap<string, HostTensor>) => ({
      entries: tensors,
      tensor: (name: string) => tensors.get(name)!
    });
    const weights = gpt2Weights({}, modelConfig(TINY), asTensors(first));
    const prefixed = new Map([...first].map(([name, value]) => [`transformer.${name}`, value]));
    expect(gpt2Tensors(weights)).toEqual(prefixed);
  });

  it("are a safetensors file in f16, in the order of their names", () => {
    const file = safetensorsFile(
      new Map([
        ["b", {shape: [2], data: Float32Array.of(1, 1 / 3)}],
        ["a", {shape: [1, 1], data: Float32Array.of(-2)}]
      ]),
      "F16"
    );
    const parsed = parseSafetensors(file);
    expect([...parsed.entries.keys()]).toEqual(["a", "b"]);
    expect(parsed.entries.get("a")!.start % 8).toBe(0);
    expect(["a", "b"].flatMap((name) => [...parsed.tensor(name).data])).toEqual([
      -2, 1, 0.333251953125
    ]);
  });
});
