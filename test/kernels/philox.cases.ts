import {defineKernel} from "../../src/gpu/kernel.js";
import {type Counter, type Key, philox, unitInterval} from "../../src/kernels/philox.js";
import {philox as wgsl} from "../../src/kernels/philox.wgsl.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";

const kernel = defineKernel(/* wgsl */ `
${wgsl}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> counters: array<vec4u>;
@group(0) @binding(2) var<storage, read> keys: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> words: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> uniforms: array<f32>;

@compute @workgroup_size(64)
fn philox_words(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  words[id.x] = philox(counters[id.x], keys[id.x]);
  uniforms[id.x] = unit_interval(words[id.x].x);
}`);

const exact = {ofRowMax: 0, ofValue: 0};
const inputs: readonly {counter: Counter; key: Key}[] = [
  {counter: [0, 0, 0, 0], key: [0, 0]},
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff]
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0]
  },
  ...Array.from({length: 97}, (_, i) => ({
    counter: [i, 2 * i, 3 * i, 0] as const,
    key: [1000 + i, i] as const
  }))
];

const sameBits: KernelCase = {
  name: "the bits of the host",
  async run(gpu) {
    const count = inputs.length;
    const counters = Uint32Array.from(inputs.flatMap(({counter}) => counter));
    const keys = Uint32Array.from(inputs.flatMap(({key}) => key));
    const words = gpu.tensor([count, 4], "u32");
    const uniforms = gpu.tensor([count]);
    gpu.run(kernel, {
      params: {count},
      tensors: {
        counters: gpu.upload([count, 4], counters, "u32"),
        keys: gpu.upload([count, 2], keys, "u32"),
        words,
        uniforms
      },
      grid: [Math.ceil(count / 64)]
    });
    const [actual, between] = await gpu.read(words, uniforms);
    const expected = inputs.map(({counter, key}) => philox(counter, key));
    return [
      {output: "words", actual, expected: expected.flat(), rowLength: 4, tolerance: exact},
      {
        output: "uniforms",
        actual: between,
        expected: expected.map(([word]) => unitInterval(word)),
        rowLength: 1,
        tolerance: exact
      }
    ];
  }
};

export const suite: KernelSuite = {
  op: "philox",
  cases: [sameBits],
  mutants: [
    {find: "round < 10", replace: "round < 9"},
    {find: "(middle >> 16) + (other >> 16)", replace: "(middle >> 16)"},
    {find: "c.w ^ k.y", replace: "c.w ^ k.x"},
    {find: "+ 0.5", replace: ""}
  ]
};
