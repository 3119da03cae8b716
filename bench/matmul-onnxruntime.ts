import * as ort from "onnxruntime-web/webgpu";
import type {MatmulPeer} from "./matmul-peer.js";
import {matmulModel} from "./onnx.js";

/**
 * With operands and result bound to buffers on the device, without graph capture: with such buffers
 * 1.30 fails to replay it ("createBindGroup … 'buffer': Required member is undefined").
 */
export const onnxRuntime =
  (wasm: string): MatmulPeer =>
  async ({rows, columns, outs, x, w}) => {
    ort.env.wasm.wasmPaths = {wasm};
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(matmulModel(rows, columns, outs), {
      executionProviders: ["webgpu"],
      preferredOutputLocation: "gpu-buffer"
    });
    const device = await ort.env.webgpu.device;
    const bind = (dims: [number, number], values?: Float32Array<ArrayBuffer>) => {
      const buffer = device.createBuffer({
        size: dims[0] * dims[1] * Float32Array.BYTES_PER_ELEMENT,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      });
      if (values) device.queue.writeBuffer(buffer, 0, values);
      const tensor = ort.Tensor.fromGpuBuffer(buffer, {dataType: "float32", dims});
      return {buffer, tensor};
    };
    const inputs = {x: bind([rows, columns], x), w: bind([columns, outs], w)};
    const y = bind([rows, outs]);
    const feeds = {x: inputs.x.tensor, w: inputs.w.tensor};
    const start = async () => {
      await session.run(feeds, {y: y.tensor});
    };
    return {
      start,
      settle: () => device.queue.onSubmittedWorkDone(),
      async output() {
        await start();
        return read(device, y.buffer);
      },
      async close() {
        await session.release();
        for (const {buffer} of [inputs.x, inputs.w, y]) buffer.destroy();
      }
    };
  };

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({
    size: buffer.size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}
