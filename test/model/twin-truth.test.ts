import {readFileSync} from "node:fs";
import {describe, expect} from "vitest";
import type {Backend} from "../../src/model/backend.js";
import {parseLlama2c} from "../../src/model/llama2c.js";
import type {Site} from "../../src/model/sites.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import type {HostTensor} from "../../src/model/weights.js";
import {parseNanoSort, storedTensor} from "../../src/papers/nano-sort.js";
import {ask} from "../support/ask.js";
import {continuation} from "../support/backends.js";
import {itShared, shared} from "../support/shared.js";

const BACKENDS = [
  ["openTwin", openTwin],
  ["openWasm", openWasm]
] as const;

const STORIES = "models/stories260K/reference.json";
const NANO_SORT = "models/gpt-nano-sort/activations.json";

const readJson = (path: string): unknown => JSON.parse(readFileSync(shared(path), "utf8"));

const readNanoSort = () => parseNanoSort(readFileSync(shared("models/gpt-nano-sort/model.json")));

const largestError = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error <= largest)) largest = error;
  }
  return largest;
};

describe.each(BACKENDS)("%s on stories260K", (_, open) => {
  const model = () => parseLlama2c(readFileSync(shared("models/stories260K/stories260K.bin")));
  const reference = () =>
    readJson(STORIES) as {tokens: number[]; logits_shape: number[]; logits: string};

  itShared(STORIES, "gives every reference logit within 2e-4", async () => {
    const {config, weights} = model();
    const {tokens, logits_shape: shape, logits} = reference();
    const backend = await open(config, weights);
    const {logits: actual} = await backend.forward(ask([tokens.slice(0, shape[0])]));
    expect(actual!.shape).toEqual([1, ...shape]);
    const expected = storedTensor({shape, data: logits}).data;
    expect(largestError(actual!.data, expected)).toBeLessThanOrEqual(2e-4);
    backend.dispose();
  });

  itShared(STORIES, "misses them with two blocks swapped", async () => {
    const {config, weights} = model();
    const {tokens, logits_shape: shape, logits} = reference();
    const [a, b, ...rest] = weights.blocks;
    const backend = await open(config, {...weights, blocks: [b, a, ...rest]});
    const {logits: actual} = await backend.forward(ask([tokens.slice(0, shape[0])]));
    const expected = storedTensor({shape, data: logits}).data;
    expect(largestError(actual!.data, expected)).toBeGreaterThan(0.1);
    backend.dispose();
  });

  itShared(
    STORIES,
    "continues with the 200 reference tokens",
    async () => {
      const {config, weights} = model();
      const {tokens} = reference();
      const backend = await open(config, weights);
      expect(await continuation(backend, [tokens[0]], {count: 200})).toEqual(tokens.slice(1, 201));
      backend.dispose();
    },
    60_000
  );
});

/** `[batch, head, pos, d_head]` as `[batch, pos, head, d_head]`. */
function headsInward({shape: [batch, heads, tokens, width], data}: HostTensor): Float32Array {
  const turned = new Float32Array(data.length);
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let t = 0; t < tokens; t++) {
        const from = ((b * heads + h) * tokens + t) * width;
        const to = ((b * tokens + t) * heads + h) * width;
        turned.set(data.subarray(from, from + width), to);
      }
  return turned;
}

const asStored = ({data}: HostTensor) => data;
const masked = ({data}: HostTensor) => data.map((v) => (v === -Infinity ? -1e30 : v));
const repeated = ({data}: HostTensor) => Float32Array.from([...data, ...data, ...data]);

/** Where the stored intermediates are found: the first block's, then each block's end. */
const STORED: readonly (readonly [
  string,
  Site | "logits",
  (stored: HostTensor) => Float32Array
])[] = [
  ["tok_emb", "hook_embed", asStored],
  ["pos_emb", "hook_pos_embed", repeated],
  ["x", "blocks.0.hook_resid_pre", asStored],
  ["ln1", "blocks.0.ln1.hook_normalized", asStored],
  ["q", "blocks.0.attn.hook_q", headsInward],
  ["k", "blocks.0.attn.hook_k", headsInward],
  ["v", "blocks.0.attn.hook_v", headsInward],
  ["att", "blocks.0.attn.hook_attn_scores", masked],
  ["attSm", "blocks.0.attn.hook_pattern", asStored],
  ["y", "blocks.0.attn.hook_z", asStored],
  ["yProj", "blocks.0.hook_attn_out", asStored],
  ["attnResid", "blocks.0.hook_resid_mid", asStored],
  ["ln2", "blocks.0.ln2.hook_normalized", asStored],
  ["fc", "blocks.0.mlp.hook_pre", asStored],
  ["gelu", "blocks.0.mlp.hook_post", asStored],
  ["mlp", "blocks.0.hook_mlp_out", asStored],
  ["mlpResid", "blocks.0.hook_resid_post", asStored],
  ["block0", "blocks.0.hook_resid_post", asStored],
  ["block1", "blocks.1.hook_resid_post", asStored],
  ["block2", "blocks.2.hook_resid_post", asStored],
  ["ln_f", "ln_final.hook_normalized", asStored],
  ["lm_head", "logits", asStored]
];

const INPUTS = Array.from({length: 3 ** 6}, (_, i) =>
  Array.from({length: 6}, (_, place) => Math.floor(i / 3 ** place) % 3)
);

async function sorted(backend: Backend, symbols: readonly number[]): Promise<boolean> {
  const output = await continuation(backend, symbols, {count: 6});
  return output.join() === symbols.toSorted((a, b) => a - b).join();
}

describe.each(BACKENDS)("%s on gpt-nano-sort", (_, open) => {
  itShared(NANO_SORT, "gives every stored intermediate within 1e-4", async () => {
    const {config, weights} = readNanoSort();
    const stored = readJson(NANO_SORT) as Record<string, Parameters<typeof storedTensor>[0]>;
    const ids = storedTensor(stored.idx);
    const tokens = [0, 1, 2].map((row) => [...ids.data.subarray(row * 11, row * 11 + 11)]);
    const sites = STORED.flatMap(([, site]) => (site === "logits" ? [] : [site]));
    const backend = await open(config, weights);
    const {activations, logits} = await backend.forward(ask(tokens, {sites}));
    const errors = STORED.map(([name, site, arrange]) => {
      const actual = site === "logits" ? logits! : activations.get(site)!;
      return [name, largestError(actual.data, arrange(storedTensor(stored[name])))] as const;
    });
    expect(errors.filter(([, error]) => !(error <= 1e-4))).toEqual([]);
    backend.dispose();
  });
});

describe("openTwin on gpt-nano-sort", () => {
  itShared(NANO_SORT, "sorts 729 inputs of 729", async () => {
    const {config, weights} = readNanoSort();
    const twin = await openTwin(config, weights);
    const unsorted: string[] = [];
    for (const symbols of INPUTS)
      if (!(await sorted(twin, symbols))) unsorted.push(symbols.join(" "));
    expect(INPUTS).toHaveLength(729);
    expect(unsorted).toEqual([]);
  });

  itShared(NANO_SORT, "fails to sort with two blocks swapped", async () => {
    const {config, weights} = readNanoSort();
    const [a, b, c] = weights.blocks;
    const twin = await openTwin(config, {...weights, blocks: [b, a, c]});
    let count = 0;
    for (const symbols of INPUTS.slice(0, 81)) if (await sorted(twin, symbols)) count++;
    expect(count).toBeLessThan(60);
  });
});
