import {realpathSync} from "node:fs";
import {relative} from "node:path";

/** One thing that would break a page. */
export interface Problem {
  /** Relative to the working folder, links resolved. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** One sentence. */
  readonly message: string;
}

export const formatProblem = ({file, line, message}: Problem): string =>
  `${file}:${line}: ${message}`;

export const displayPath = (path: string): string => relative(process.cwd(), realpathSync(path));

/** The line, from 1, of the first place at or after `from` where `text` stands; 1 if nowhere. */
export function lineOf(source: string, text: string, from = 0): number {
  const at = source.indexOf(text, from);
  return at < 0 ? 1 : lineAt(source, at);
}

export const lineAt = (source: string, offset: number): number =>
  source.slice(0, offset).split("\n").length;
