import {expect, it} from "vitest";
import {attackResistance} from "../../../src/model/attack/attack-resistance.js";
import {
  attackRows,
  FULL_BITS,
  tokenAttackRows,
  TOKENS
} from "../../../src/model/attack/attack-rows.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {randomWeights, SMALL_MODELS} from "../../support/small-models.js";

const [, config] = SMALL_MODELS[0];
const contexts = [
  [28, 3, 1, 4],
  [28, 9, 2, 6]
];
const tokens = Array.from({length: 20}, (_, i) => i + 1);

it("gives a row for each repetition as found, of random direction, and for each rounding", async () => {
  const model = {config, backend: await openWasm(config, randomWeights(config, 5))};
  const size = {contexts, tokens, a: 3, t: 4, seed: 6};
  const how = {...size, bits: [8, 2], steps: 12, dims: 9};
  const rows = await attackRows(model, how);
  expect(rows.map(({bits, step, rep}) => [bits, step > 0, rep])).toEqual(
    [
      [FULL_BITS, true],
      [FULL_BITS, false],
      [8, true],
      [2, true]
    ].flatMap(([bits, moved]) => [0, 1].map((rep) => [bits, moved, rep]))
  );
  for (const {a, t, dims, layer} of rows) expect([a, t, dims, layer]).toEqual([3, 4, 9, 0]);
  const nats = (at: number) => rows[at].loss;
  expect(nats(0)).toBeLessThan(nats(2) - 0.5);
  expect(Math.abs(nats(4) - nats(0))).toBeLessThan(Math.abs(nats(6) - nats(0)));
  expect(await attackRows(model, how)).toEqual(rows);
  expect(await attackRows(model, {...how, seed: 7})).not.toEqual(rows);
  await expect(attackRows(model, {...how, a: 5})).rejects.toThrow("got 4");
  model.backend.dispose();
});

it("counts a token as one number of as many bits as tell it among all", async () => {
  const model = {config, backend: await openWasm(config, randomWeights(config, 5))};
  const rows = await tokenAttackRows(model, {contexts, tokens, a: 2, t: 1, seed: 6});
  const bits = Math.ceil(Math.log2(config.vocab));
  expect(rows.map(({layer, a, dims, bits, step}) => [layer, a, dims, bits, step])).toEqual(
    [0, 1].map(() => [TOKENS, 2, 1, bits, 2])
  );
  model.backend.dispose();
});

it("counts bits in for a bit out", () => {
  const found = attackResistance({dims: 32, bits: 16, tokensPerActivation: 0.5, choices: 512});
  expect(found).toBeCloseTo((32 * 16) / (0.5 * 9), 12);
});
