import type {Cell, Config, Import} from "@observablehq/framework/dist/config.js";
import {resolvePath} from "@observablehq/framework/dist/path.js";
import {refusal} from "../substitutes.js";
import {requestsInCode} from "./hosts.js";
import {importedNames} from "./imports.js";
import type {ImportResolver} from "./imports.js";
import type {Problem} from "./problem.js";
import type {SyntaxNode} from "./syntax.js";

/** A cell or a module. */
export interface Code {
  /** The site path of the page or module. */
  readonly path: string;
  readonly file: string;
  readonly input: string;
  readonly program: SyntaxNode;
  readonly imports: readonly Import[];
  readonly files: Cell["files"];
  /** The line in the author's file of a place in `input`, or of the words that stand there. */
  readonly line: (offset: number, words: string) => number;
}

/**
 * Checks what a piece of code asks for: modules, names in them, files, hosts.
 *
 * @param follow is called with the site path of each module of ours that it imports
 */
export async function codeProblems(
  code: Code,
  {loaders}: Config,
  resolver: ImportResolver,
  follow: (path: string) => void
): Promise<Problem[]> {
  const {path, file, input, program, imports, files, line} = code;
  const problems: Problem[] = [];
  for (const found of imports) {
    const {missing, exports, module} = await resolver.resolve(found, path);
    const written = [...specifiers(program)].find(({value}) => sameImport(path, value, found));
    const offset = written?.start ?? 0;
    if (missing !== undefined) {
      problems.push({
        file,
        line: line(offset, written?.value ?? found.name),
        message: `import: ${missing}`
      });
      continue;
    }
    if (module !== undefined) follow(module);
    if (exports === undefined || written === undefined) continue;
    for (const {name, offset} of importedNames(program, written.value))
      if (!exports.has(name))
        problems.push({
          file,
          line: line(offset, name),
          message: `import: ${written.value} has no export ${name}`
        });
  }
  for (const {node, name} of files) {
    const rest = input.slice((node as SyntaxNode).end);
    const method = /^\s*(\.\s*(?:parquet|sqlite|xlsx|zip))\s*\(/.exec(rest)?.[1].replace(/\s/g, "");
    const refused = method && refusal(method);
    const words = name.replace(/^(\.\.?\/)+/, "");
    if (refused) problems.push({file, line: line(node.start, words), message: refused});
    if (loaders.find(resolvePath(path, name)) === undefined)
      problems.push({file, line: line(node.start, words), message: `file: ${words} is not there`});
  }
  for (const {address, offset} of requestsInCode(program)) {
    const message = `host: nothing may be asked of another host, got ${address}`;
    problems.push({file, line: line(offset, address), message});
  }
  return problems;
}

/** Every string that a program imports from. */
function* specifiers(program: SyntaxNode): Generator<{value: string; start: number}> {
  const pattern: SyntaxNode[] = [program];
  for (const node of pattern) {
    const source = node.source as {value?: unknown; start: number} | null | undefined;
    if (typeof source?.value === "string") yield {value: source.value, start: source.start};
    if (node.type === "CallExpression") {
      const [first] = node.arguments as readonly {value?: unknown; start: number}[];
      if (typeof first?.value === "string") yield {value: first.value, start: first.start};
    }
    for (const value of Object.values(node))
      for (const item of Array.isArray(value) ? value : [value])
        if (typeof item === "object" && item !== null && "type" in item)
          pattern.push(item as SyntaxNode);
  }
}

const sameImport = (path: string, written: string, {name, type}: Import): boolean =>
  type === "local"
    ? /^[./]/.test(written) && resolvePath(path, written) === resolvePath(path, name)
    : written === name;
