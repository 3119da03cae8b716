/** Declares the `params` uniform, then each `name: type` of `inputs` and `outputs`, in order. */
export const bindings = (inputs: readonly string[], outputs: readonly string[]): string =>
  [
    "var<uniform> params: Params",
    ...inputs.map((input) => `var<storage, read> ${input}`),
    ...outputs.map((output) => `var<storage, read_write> ${output}`)
  ]
    .map((declaration, i) => `@group(0) @binding(${i}) ${declaration};`)
    .join("\n");
