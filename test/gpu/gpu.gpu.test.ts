import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import {GpuError} from "../../src/gpu/gpu.js";
import {defineKernel} from "../../src/gpu/kernel.js";
import {forward as add} from "../../src/kernels/add.js";
import {openWgsl} from "../../src/model/wgsl-backend.js";
import {ask} from "../support/ask.js";
import {continuation, expectSame} from "../support/backends.js";
import {openDawn} from "../support/dawn.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

const adapter = {name: "test", software: true};
const [, config] = SMALL_MODELS[1];

describe("Gpu", () => {
  it("runs at the W3C default limits", () => {
    const {maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize} = gpu.device.limits;
    expect(maxStorageBuffersPerShaderStage).toBe(8);
    expect(maxStorageBufferBindingSize).toBe(2 ** 27);
    expect([...gpu.device.features]).not.toContain("shader-f16");
    expect([...gpu.device.features]).not.toContain("subgroups");
  });

  it("orders an upload after launches that read the recycled buffer", async () => {
    const one = gpu.upload([4], Float32Array.of(1, 1, 1, 1));
    const first = gpu.upload([4], Float32Array.of(1, 2, 3, 4));
    const sum = add(gpu, {a: first, b: one});
    gpu.free(first);
    const second = gpu.upload([4], Float32Array.of(9, 9, 9, 9));
    expect(second.buffer).toBe(first.buffer);
    const [values] = await gpu.read(sum);
    expect([...values]).toEqual([2, 3, 4, 5]);
    for (const tensor of [one, sum, second]) gpu.free(tensor);
  });

  it("binds, reads and overwrites tensors that share a buffer", async () => {
    const before = gpu.stats.bytes;
    const arena = gpu.arena([4, 70, 3].map((n) => ({shape: [n], dtype: "f32"})));
    expect(gpu.stats.bytes - before).toBe(256 + 512 + 256);
    const long = arena.upload(
      [70],
      Float32Array.from({length: 70}, (_, i) => i)
    );
    const a = arena.upload([4], Float32Array.of(1, 2, 3, 4));
    const sum = add(gpu, {a, b: a});
    // recorded, not sent: the new values must not overtake the launch
    const b = arena.upload([3], Float32Array.of(7, 8, 9));
    expect(new Set([long, a, b].map(({buffer}) => buffer)).size).toBe(1);
    const read = (await gpu.read(sum, b, a, long)).map((values) => [...values]);
    expect(read.slice(0, 3)).toEqual([
      [2, 4, 6, 8],
      [7, 8, 9],
      [1, 2, 3, 4]
    ]);
    expect(read[3].at(-1)).toBe(69);
    expect(() => arena.upload([4], new Float32Array(4))).toThrow(
      "arena: tensors must be those that it was made for, none of 16 bytes is left"
    );
    expect(() => gpu.free(a)).toThrow("free: must be a tensor of its own, got one of an arena");
    gpu.free(sum);
    arena.free();
    gpu.trim();
    expect(gpu.stats.bytes).toBeLessThanOrEqual(before);
  });

  it("keeps what tidy is told to keep, and frees the rest", () => {
    const before = gpu.stats.buffers;
    for (let i = 0; i < 3; i++) {
      const kept = gpu.tidy((keep) => {
        const a = gpu.tensor([64]);
        gpu.tidy(() => gpu.tensor([64]));
        return keep(add(gpu, {a, b: a}));
      });
      gpu.free(kept);
    }
    expect(gpu.stats.buffers - before).toBeLessThanOrEqual(3);
  });

  it("frees a tensor before its tidy would, once", async () => {
    gpu.tidy(() => {
      const early = gpu.tensor([64]);
      gpu.tidy(() => gpu.free(early));
    });
    const [a, b] = [3, 4].map((v) => gpu.upload([64], new Float32Array(64).fill(v)));
    expect(a.buffer).not.toBe(b.buffer);
    expect((await gpu.read(a))[0][0]).toBe(3);
    gpu.free(a);
    gpu.free(b);
  });

  it("reports what the device refuses ahead of numbers", async () => {
    const wrong = defineKernel(/* wgsl */ `
      struct Params { count: u32 }
      @group(0) @binding(0) var<uniform> params: Params;
      @group(0) @binding(1) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(1) fn wrong() { y[params.count] = 1u; }`);
    const y = gpu.tensor([4]);
    gpu.run(wrong, {params: {count: 1}, tensors: {y}, grid: [1]});
    await expect(gpu.read(y)).rejects.toThrow(GpuError);
    gpu.free(y);
  });

  it("refuses a tensor beyond the binding limit, naming both sizes", () =>
    expect(() => gpu.tensor([2 ** 26])).toThrow(
      "tensor: [67108864] f32 needs a binding of 268435456 bytes, this device allows 134217728"
    ));
});

describe("a forward pass", () => {
  it("is one submit and one readback, and repeats without new buffers or bind groups", async () => {
    const backend = await openWgsl(gpu, adapter, config, randomWeights(config, 1));
    const request = ask([[1, 2, 3, 4, 5]], {
      sites: ["blocks.1.attn.hook_pattern"],
      edits: [{site: "blocks.0.attn.hook_z", op: "scale", value: 0.5, head: [1]}],
      top: 5,
      lens: 3
    });
    const first = await backend.forward(request);
    await backend.forward(request);
    const before = gpu.stats;
    expectSame(await backend.forward(request), first);
    const after = gpu.stats;
    expect(after.submits - before.submits).toBe(1);
    expect(after.readbacks - before.readbacks).toBe(1);
    expect(after.buffers).toBe(before.buffers);
    expect(after.bytes).toBe(before.bytes);
    expect(after.bindGroups).toBe(before.bindGroups);
    expect(after.pipelines).toBe(before.pipelines);
    backend.dispose();
  });

  it("leaves no byte behind when its model is disposed", async () => {
    gpu.trim();
    const before = gpu.stats;
    const backend = await openWgsl(gpu, adapter, config, randomWeights(config, 1));
    await backend.forward(ask([[1, 2, 3]]));
    await continuation(backend, [1], {count: 3});
    expect(gpu.stats.bytes).toBeGreaterThan(before.bytes);
    backend.dispose();
    expect(gpu.stats.bytes).toBe(before.bytes);
    expect(gpu.stats.buffers).toBe(before.buffers);
  });

  it("says that the device was lost, and is right again on a new one", async () => {
    const weights = randomWeights(config, 2);
    const lost = await openDawn();
    const request = ask([[3, 1, 2]]);
    const backend = await openWgsl(lost, adapter, config, weights);
    const expected = await backend.forward(request);
    lost.device.destroy();
    await expect(backend.forward(request)).rejects.toMatchObject({name: "DeviceLostError"});
    const again = await openWgsl(gpu, adapter, config, weights);
    expectSame(await again.forward(request), expected);
    again.dispose();
  });
});
