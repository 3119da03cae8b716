import type {SyntaxNode} from "@observablehq/framework/dist/config.js";

export type {SyntaxNode};

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";

/** Calls `visit` with every node below and including `node`, parents first, and its parents. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
  parents: readonly SyntaxNode[] = []
): void {
  visit(node, parents);
  const path = [...parents, node];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, path);
    } else if (isNode(value)) walk(value, visit, path);
  }
}

/** The text of a string literal, or of a template up to its first expression. */
export function leadingText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral") return templateText(node)[0];
  if (node.type === "BinaryExpression" && node.operator === "+") return leadingText(node.left);
  return undefined;
}

/** The fixed parts of a template literal. */
export function templateText(template: SyntaxNode): string[] {
  const quasis = template.quasis as readonly {readonly value: {readonly raw: string}}[];
  return quasis.map(({value}) => value.raw);
}

/** `a.b.c` for a chain of plain members, undefined for anything else. */
export function memberPath(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return node.name as string;
  if (node.type === "Import") return "import";
  if (node.type !== "MemberExpression" || node.computed === true) return undefined;
  const object = memberPath(node.object);
  const property = memberPath(node.property);
  return property && (object ? `${object}.${property}` : `.${property}`);
}
