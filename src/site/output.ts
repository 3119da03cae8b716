import {readFileSync, readdirSync, statSync} from "node:fs";
import {join, relative} from "node:path";

/** Some static hosts refuse larger files. */
const largestFile = 25e6;
const largestSite = 150e6;

export interface OutputSummary {
  readonly pages: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Counts a built site.
 *
 * @throws {Error} naming the first file that is too large or that asks another host for something.
 */
export function inspectOutput(folder: string): OutputSummary {
  const files = listFiles(folder);
  let bytes = 0;
  for (const file of files) {
    const name = relative(folder, file);
    const {size} = statSync(file);
    bytes += size;
    if (size > largestFile)
      throw new Error(`build: ${name} must be at most 25 MB, got ${megabytes(size)}`);
    const host = foreignRequest(file);
    if (host !== undefined)
      throw new Error(`build: ${name} must not ask another host for anything, got ${host}`);
  }
  if (bytes > largestSite)
    throw new Error(`build: the site must be at most 150 MB, got ${megabytes(bytes)}`);
  return {pages: files.filter((file) => file.endsWith(".html")).length, files: files.length, bytes};
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function listFiles(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const address = String.raw`(?:https?:|wss?:)?\/\/[\w.-]+[^"'\x60)\s]*`;
const quoted = `["'\`](${address})`;
const requests: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\.html$/,
    new RegExp(
      `<(?:img|script|iframe|video|audio|source|embed|link(?![^>]*rel=["']?canonical))\\b[^>]*?\\s(?:src|href|srcset)=${quoted}`,
      "i"
    )
  ],
  [/\.(html|css)$/, new RegExp(`(?:url\\(\\s*["']?|@import\\s+["'])(${address})`, "i")],
  [
    /\.(html|js)$/,
    new RegExp(
      `(?:\\bfrom|\\bimport|\\bimport\\(|\\bfetch\\(|\\bimportScripts\\(|\\bnew Worker\\(|\\bnew WebSocket\\(|\\bnew EventSource\\()\\s*${quoted}`
    )
  ]
];

function foreignRequest(file: string): string | undefined {
  const patterns = requests.filter(([name]) => name.test(file));
  if (patterns.length === 0) return undefined;
  const text = readFileSync(file, "utf8");
  for (const [, pattern] of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found[1];
  }
  return undefined;
}
