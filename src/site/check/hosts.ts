import {leadingText, memberPath, templateText, walk} from "./syntax.js";
import type {SyntaxNode} from "./syntax.js";

/** A place in code that would ask another host for something. */
export interface ForeignRequest {
  readonly address: string;
  /** Where it stands in the code. */
  readonly offset: number;
}

const foreign = /^(?:https?:|wss?:)?\/\/[\w[]/;
const fetchers = /(^|\.)(fetch|import|importScripts|sendBeacon|open)$/;
const loaders = /^(d3|aq)\.(csv|tsv|dsv|json|text|xml|html|svg|image|blob|buffer|load\w*)$/;
const constructors = /^(Worker|SharedWorker|WebSocket|EventSource|Request|window\.\w+)$/;
const markup =
  /<(?:img|script|iframe|video|audio|source|embed|image|use|link)\b[^>]*?\s(?:src|href|srcset|data)\s*=\s*["']?((?:https?:)?\/\/[^"'\s>]+)/gi;
const styles = /(?:@import\s+["']|url\(\s*["']?)((?:https?:)?\/\/[^"')\s]+)/gi;
const sqlFiles = /'(https?:\/\/[^']+)'/gi;

/** Finds requests to another host in a program; a plain link or a namespace is not one. */
export function requestsInCode(program: SyntaxNode): ForeignRequest[] {
  const found: ForeignRequest[] = [];
  const add = (address: string | undefined, {start}: SyntaxNode) => {
    if (address !== undefined && foreign.test(address)) found.push({address, offset: start});
  };
  walk(program, (node, parents) => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ImportExpression":
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration":
        add(leadingText(node.source), node);
        break;
      case "CallExpression":
      case "NewExpression":
        add(requestedBy(node), node);
        break;
      case "AssignmentExpression":
        if (/\.(src|srcset)$/.test(memberPath(node.left) ?? "")) add(leadingText(node.right), node);
        break;
      case "Property":
        if (isVegaUrl(node, parents)) add(leadingText(node.value), node);
        break;
      case "TemplateLiteral":
        for (const text of templateText(node)) {
          const isSql = isTagged(parents.at(-1), "sql");
          for (const request of [
            ...requestsInHtml(text),
            ...(isSql ? matches(text, sqlFiles) : [])
          ])
            add(request.address, node);
        }
        break;
    }
  });
  return found;
}

/** Finds elements and styles in HTML that a browser would fetch from another host. */
export const requestsInHtml = (html: string): ForeignRequest[] => [
  ...matches(html, markup),
  ...matches(html, styles)
];

export const requestsInCss = (css: string): ForeignRequest[] => matches(css, styles);

function requestedBy(call: SyntaxNode): string | undefined {
  const callee = memberPath(call.callee) ?? "";
  const [first, second] = call.arguments as readonly SyntaxNode[];
  if (callee.endsWith(".open") && callee !== "window.open") return leadingText(second);
  const isRequest =
    call.type === "NewExpression"
      ? constructors.test(callee)
      : callee !== "window.open" && (fetchers.test(callee) || loaders.test(callee));
  return isRequest ? leadingText(first) : undefined;
}

/** `data: {url: "…"}`, as in a Vega-Lite specification. */
function isVegaUrl(property: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
  const owner = parents.at(-2);
  return (
    memberPath(property.key) === "url" &&
    owner?.type === "Property" &&
    memberPath(owner.key) === "data"
  );
}

const isTagged = (parent: SyntaxNode | undefined, tag: string): boolean =>
  parent?.type === "TaggedTemplateExpression" &&
  (memberPath(parent.tag) === tag || memberPath(parent.tag)?.endsWith(`.${tag}`) === true);

const matches = (text: string, pattern: RegExp): ForeignRequest[] =>
  Array.from(text.matchAll(pattern), (match) => ({address: match[1], offset: match.index}));
