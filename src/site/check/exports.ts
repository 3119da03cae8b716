import {readFileSync} from "node:fs";
import {join} from "node:path";
import {findModule, readJavaScriptSync} from "@observablehq/framework/dist/javascript/module.js";
import {parseProgram} from "@observablehq/framework/dist/javascript/parse.js";
import {resolvePath} from "@observablehq/framework/dist/path.js";
import type {SyntaxNode} from "./syntax.js";
import {isNode} from "./syntax.js";

/** Names that a module exports; undefined when it re-exports all of something outside the site. */
export type ExportNames = ReadonlySet<string> | undefined;

/** What the module at a site path exports, `export *` followed. */
export function moduleExports(
  root: string,
  path: string,
  seen: readonly string[] = []
): ExportNames {
  const module = findModule(root, path);
  if (module === undefined || seen.includes(path)) return new Set();
  const body = parseProgram(readJavaScriptSync(join(root, module.path)));
  return exportNames(body, (source) =>
    /^[./]/.test(source)
      ? moduleExports(root, resolvePath(path, source), [...seen, path])
      : undefined
  );
}

/** What a bundled package exports. */
export const bundleExports = (file: string): ExportNames =>
  exportNames(parseProgram(readFileSync(file, "utf8")), () => undefined);

function exportNames(program: SyntaxNode, follow: (source: string) => ExportNames): ExportNames {
  const names = new Set<string>();
  for (const statement of program.body as readonly SyntaxNode[]) {
    if (statement.type === "ExportDefaultDeclaration") names.add("default");
    else if (statement.type === "ExportAllDeclaration") {
      if (isNode(statement.exported)) names.add(nameOf(statement.exported));
      else {
        const inner = follow((statement.source as {value: string}).value);
        if (inner === undefined) return undefined;
        for (const name of inner) if (name !== "default") names.add(name);
      }
    } else if (statement.type === "ExportNamedDeclaration") {
      for (const {exported} of statement.specifiers as readonly {exported: SyntaxNode}[])
        names.add(nameOf(exported));
      if (isNode(statement.declaration))
        for (const name of declared(statement.declaration)) names.add(name);
    }
  }
  return names;
}

const nameOf = (node: SyntaxNode): string => (node.name ?? node.value) as string;

function declared(declaration: SyntaxNode): string[] {
  if (isNode(declaration.id)) return [nameOf(declaration.id)];
  return (declaration.declarations as readonly {id: SyntaxNode}[]).flatMap(({id}) => bound(id));
}

function bound(pattern: SyntaxNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [nameOf(pattern)];
    case "ObjectPattern":
      return (pattern.properties as readonly SyntaxNode[]).flatMap((property) =>
        bound((property.value ?? property.argument) as SyntaxNode)
      );
    case "ArrayPattern":
      return (pattern.elements as readonly (SyntaxNode | null)[]).flatMap((item) =>
        item ? bound(item) : []
      );
    default:
      return bound((pattern.left ?? pattern.argument) as SyntaxNode);
  }
}
