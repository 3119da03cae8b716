// webgpu-utils reads GPUShaderStage when a kernel is defined; without WebGPU there is none, and a
// module with kernels must still load. The values are WebGPU's own.
(globalThis as {GPUShaderStage?: unknown}).GPUShaderStage ??= {VERTEX: 1, FRAGMENT: 2, COMPUTE: 4};
