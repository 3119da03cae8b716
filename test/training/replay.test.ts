import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {parseLmConfig} from "../../src/training/lm-config.js";
import {replay} from "../../src/training/replay.js";

const FOLDER = "data/models/ladder-25k";
const STEPS = 40;

describe("replay", () => {
  it(
    "follows the stored loss of the smallest ladder model over 40 steps to 1e-4, and at 1.1 times the rate does not",
    {timeout: 120_000},
    async () => {
      const read = (name: string) => readFileSync(`${FOLDER}/${name}`);
      const config = parseLmConfig(read("training.json").toString(), "training.json");
      const bytes = read("first-batches.bin");
      const windows = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
      expect(windows).toHaveLength(STEPS * config.batch * (config.context + 1));
      const card = JSON.parse(read("model.json").toString()) as {
        training: {loss: [step: number, nats: number][]};
      };
      const stored = new Map(card.training.loss);

      const worst = (losses: readonly number[]) =>
        Math.max(...losses.map((loss, i) => Math.abs(loss - (stored.get(i + 1) ?? NaN))));
      expect(worst(await replay(config, windows, STEPS))).toBeLessThan(1e-4);
      const faster = await replay({...config, rate: 1.1 * config.rate}, windows, 10);
      expect(worst(faster)).toBeGreaterThan(1e-3);
    }
  );
});
