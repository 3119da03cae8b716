import ts from "typescript";

/** Calls whose arguments lay out GPU memory. */
const GPU_CALLS = new Set([
  "createBuffer",
  "createBindGroup",
  "createBindGroupLayout",
  "writeBuffer",
  "copyBufferToBuffer",
  "clearBuffer",
  "getMappedRange",
  "mapAsync",
  "setBindGroup"
]);
const SIZES = new Set(["size", "offset", "minBindingSize", "arrayStride", "hasDynamicOffset"]);
const WGSL_LAYOUT = /@(binding|size|align|offset)\s*\(\s*\d/;
const ACCESSOR = /^set(Float|Uint|Int|BigUint|BigInt)\d+$/;

/**
 * The places, as `line: text`, at which TypeScript repeats what WGSL lays out: a binding's number; a
 * size or an offset in bytes, other than 0, handed to the GPU; a field set in a DataView at a
 * fixed offset; a layout attribute in a string that is not marked as WGSL.
 */
export function layoutsIn(source: string): string[] {
  const file = ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node) => {
    const {line} = file.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${line + 1}: ${node.getText().split("\n")[0]}`);
  };
  const visit = (node: ts.Node, inGpuCall: boolean): void => {
    if (isWgsl(node, source)) {
      ts.forEachChild(node, (child) => visit(child, inGpuCall));
      return;
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      if (WGSL_LAYOUT.test(node.getText())) report(node);
    } else if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText();
      if (name === "binding" && isNumber(node.initializer)) report(node);
      if (inGpuCall && SIZES.has(name) && isLayout(node.initializer)) report(node);
    }
    let inside = inGpuCall;
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const name = node.expression.name.text;
      if (GPU_CALLS.has(name)) {
        inside = true;
        if (node.arguments.some(isLayout)) report(node);
      }
      if (ACCESSOR.test(name) && node.arguments.length > 0 && isNumber(node.arguments[0]))
        report(node);
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, false);
  return found;
}

const isNumber = (node: ts.Node): boolean => ts.isNumericLiteral(node);
const isLayout = (node: ts.Node): boolean => isNumber(node) && node.getText() !== "0";

/** Whether a template string follows the mark that editors highlight WGSL by. */
const isWgsl = (node: ts.Node, source: string): boolean =>
  (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) &&
  /\/\*\s*wgsl\s*\*\/\s*$/.test(source.slice(0, node.getStart()));
