import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {layoutsIn} from "./layout-rule.js";

describe("layouts are read from the WGSL", () => {
  const files = readdirSync("src", {recursive: true, encoding: "utf8"}).filter((path) =>
    path.endsWith(".ts")
  );

  it("looks at the kernels", () => expect(files).toContain(join("kernels", "attention.ts")));

  it.each(files)("in %s", (path) =>
    expect(layoutsIn(readFileSync(join("src", path), "utf8"))).toEqual([])
  );
});

describe("the rule", () => {
  it.each([
    "const entry = {binding: 3, resource: {buffer}};",
    "device.createBuffer({size: 64, usage});",
    "device.createBindGroup({entries: [{resource: {buffer, offset: 256}}]});",
    "device.createBindGroupLayout({entries: [{buffer: {minBindingSize: 16}}]});",
    "device.queue.writeBuffer(buffer, 16, values);",
    "encoder.copyBufferToBuffer(a, 0, b, 0, 32);",
    "new DataView(bytes).setFloat32(8, eps, true);",
    "const wgsl = `@group(0) @binding(2) var<storage> x: array<f32>;`;",
    "const wgsl = /* wgsl */ `${[`struct Params { @size(16) rows: u32 }`]}`;"
  ])("catches %s", (line) =>
    expect(layoutsIn(`\n${line}`)).toEqual([expect.stringMatching(/^2: /)])
  );

  it.each([
    "const wgsl = /* wgsl */ `@group(0) @binding(2) var<storage> x: array<f32>;`;",
    "const wgsl = /* wgsl */ `@group(0) @binding(2) var<storage> x: array<${type}>;`;",
    "const entry = {binding: uniforms.params.binding, resource: {buffer}};",
    "device.createBuffer({size: bytes.byteLength, usage});",
    "device.queue.writeBuffer(buffer, 0, values);",
    "const mark = {type: 'point', size: 60};"
  ])("lets pass %s", (line) => expect(layoutsIn(line)).toEqual([]));
});
