import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import type {Layout} from "../../src/model/layout.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWgsl} from "../../src/model/wgsl-backend.js";
import {layoutOf, BOTH, tokensOf} from "../../src/papers/set-based-prompting/layouts.js";
import {ask} from "../support/ask.js";
import {continuation, expectSame} from "../support/backends.js";
import {openDawn} from "../support/dawn.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

/** The same tokens as two sets: of two options of three tokens, and of three of two. */
const prompts = [
  {
    before: [3],
    options: [
      [1, 4, 9],
      [2, 6, 5]
    ],
    behind: [7, 8]
  },
  {
    before: [3],
    options: [
      [1, 4],
      [9, 2],
      [6, 5]
    ],
    behind: [7, 8]
  }
];
const tokens = tokensOf(prompts[0]);
const layouts: readonly Layout[] = prompts.map((prompt) => layoutOf(prompt, BOTH));

/** Models that continue the prompt otherwise without its layout. */
let changed = 0;

describe.each(SMALL_MODELS)("two layouts of one prompt, %s", (_, config) => {
  const weights = randomWeights(config, 5);
  const open = () => openWgsl(gpu, {name: "test", software: true}, config, weights);

  it("give the twin's logits in one batch, and other ones for each", async () => {
    const ours = await open();
    const twin = await openTwin(config, weights);
    const request = ask([tokens, tokens], {layouts});
    const [actual, expected] = [await ours.forward(request), await twin.forward(request)];
    expectSame(actual, expected);
    const {data, shape} = actual.logits!;
    const last = (row: number) => data[(row + 1) * shape[1] * shape[2] - 1];
    expect(Math.abs(last(0) - last(1))).toBeGreaterThan(1e-3);
    ours.dispose();
  });

  it("are continued with a cache as the twin continues them, one by one and together, and as one pass without a cache reads them", async () => {
    const ours = await open();
    const twin = await openTwin(config, weights);
    const written = [];
    for (const [i, layout] of layouts.entries()) {
      const ids = await continuation(ours, tokens, {}, layout);
      expect(ids).toEqual(await continuation(twin, tokens, {}, layout));
      written.push(ids);
      const whole = {...prompts[i], behind: [...prompts[i].behind, ...ids.slice(0, -1)]};
      const {logits} = await ours.forward(
        ask([tokensOf(whole)], {layouts: [layoutOf(whole, BOTH)]})
      );
      const rows = ids.map((_, at) => {
        const from = (tokens.length - 1 + at) * config.vocab;
        return logits!.data.subarray(from, from + config.vocab);
      });
      expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual(ids);
    }
    const together: (readonly number[])[] = [];
    const sampling = {count: 8, temperature: 0, topK: 0, seed: 0};
    for await (const ids of ours.decodeMany!([tokens, tokens], sampling, [], layouts))
      together.push(ids);
    expect(layouts.map((_, i) => together.map((ids) => ids[i]))).toEqual(written);
    if (String(await continuation(ours, tokens)) !== String(written[0])) changed++;
    ours.dispose();
  });
});

it("change what most models write", () => {
  expect(changed).toBeGreaterThan(SMALL_MODELS.length / 2);
});
