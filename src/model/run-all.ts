import {batchSize} from "./batch-size.js";
import type {ModelConfig} from "./config.js";
import {layOut} from "./edits.js";
import {counter, type JobOptions, untilAborted} from "./job.js";
import {PromptError} from "./request.js";
import type {Run} from "./run.js";
import {patchEdits, type RunOptions} from "./run-options.js";
import {matchSites} from "./sites.js";

export interface RunAllOptions<Row, Columns, R extends Run = Run> extends RunOptions, JobOptions {
  /** The column of prompts, or what makes a row's prompt. */
  readonly prompt: string | ((row: Row) => string);
  /** The columns that a row gets from its run; what the run holds is freed with it. */
  readonly of: (run: R, row: Row) => Columns | Promise<Columns>;
  /** What an error calls the prompt of a row; its column and its number when left out. */
  readonly name?: (row: Row) => string;
}

/** A model that runs several prompts of one token length in one pass. */
export interface BatchRunner<R extends Run> {
  readonly config: ModelConfig;
  readonly slow: boolean;
  /** Begin tokens included. */
  countTokens(prompts: readonly string[]): Promise<readonly number[]>;
  runBatch(prompts: readonly string[], options: RunOptions): Promise<readonly R[]>;
}

/**
 * Runs the prompt of each row: prompts of one token length in one pass, as many as memory allows.
 *
 * @returns the rows in their order, each with its run's columns behind its own.
 * @throws {PromptError} before any work, naming the first row that cannot be run.
 * @throws {SiteError} before any work, if an activation or a patch does not fit the model.
 */
export async function runAll<Row extends object, Columns extends object, R extends Run>(
  runner: BatchRunner<R>,
  table: Iterable<Row>,
  {prompt, of, name, signal, onProgress, ...options}: RunAllOptions<Row, Columns, R>
): Promise<(Row & Columns)[]> {
  signal?.throwIfAborted();
  if (typeof of !== "function")
    throw new PromptError(`runAll: of must be a function of a run and its row, got ${shown(of)}`);
  const rows = [...table];
  const called = (row: number) =>
    name ? name(rows[row]) : `${named(prompt)} of ${place(row, rows)}`;
  const prompts = promptsOf(rows, prompt, called);
  const counts = await untilAborted(runner.countTokens(prompts), signal);
  checkFit(runner.config, counts, called, options);
  const columns = new Array<Columns>(rows.length);
  const did = counter(rows.length, {signal, onProgress});
  for (const {batch, most} of batches(counts, (tokens) => largest(runner, tokens, options))) {
    const together = batch.map((row) => prompts[row]);
    while (runner.slow && together.length < most) together.push(together[0]);
    const runs = await untilAborted(runner.runBatch(together, options), signal);
    for (const [i, row] of batch.entries()) {
      columns[row] = await of(runs[i], rows[row]);
      if (!isRecord(columns[row]))
        throw new PromptError(
          `runAll: of must return an object of columns for ${place(row, rows)}, got ${shown(columns[row])}`
        );
    }
    await did(batch.length);
  }
  return rows.map((row, i) => ({...row, ...columns[i]}));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const place = (row: number, {length}: {readonly length: number}) => `row ${row + 1} of ${length}`;

function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : `a ${typeof value}`;
}

/** How an error names a prompt. */
const named = (prompt: unknown): string =>
  typeof prompt === "string" ? `column "${prompt}"` : "the prompt";

function promptsOf<Row extends object>(
  rows: readonly Row[],
  prompt: string | ((row: Row) => string),
  called: (row: number) => string
): string[] {
  if (rows.length === 0)
    throw new PromptError("runAll: the table must have at least one row, got none");
  if (typeof prompt !== "string" && typeof prompt !== "function")
    throw new PromptError(
      `runAll: prompt must name a column or be a function of a row, got ${shown(prompt)}`
    );
  return rows.map((row, i) => {
    const columns: unknown = row;
    if (!isRecord(columns))
      throw new PromptError(
        `runAll: ${place(i, rows)} must be an object of columns, got ${shown(columns)}`
      );
    const text: unknown = typeof prompt === "string" ? columns[prompt] : prompt(row);
    if (typeof text === "string" && text !== "") return text;
    const has =
      typeof prompt === "string" && !(prompt in columns)
        ? `, and the row has ${Object.keys(columns).join(", ") || "none"}`
        : "";
    throw new PromptError(
      `runAll: ${called(i)} must be a text of at least one character, got ${shown(text)}${has}`
    );
  });
}

function checkFit(
  config: ModelConfig,
  counts: readonly number[],
  called: (row: number) => string,
  {cache = [], patch = {}}: RunOptions
): void {
  const long = counts.findIndex((count) => count > config.context);
  if (long >= 0)
    throw new PromptError(
      `runAll: ${called(long)} must be at most ${config.context} tokens, the context of this model, got ${counts[long]}`
    );
  matchSites(cache, config);
  const edits = patchEdits(patch, config);
  for (const [tokens, [first]] of rowsByCount(counts))
    try {
      layOut(edits, config, 1, tokens);
    } catch (error) {
      if (error instanceof Error)
        error.message = `runAll: ${place(first, counts)}, of ${tokens} tokens: ${error.message}`;
      throw error;
    }
}

function rowsByCount(counts: readonly number[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  counts.forEach((count, row) => {
    const same = rows.get(count);
    if (same) same.push(row);
    else rows.set(count, [row]);
  });
  return rows;
}

/** Rows of one token count at a time. */
function* batches(
  counts: readonly number[],
  largestOf: (tokens: number) => number
): Generator<{readonly batch: readonly number[]; readonly most: number}> {
  for (const [tokens, rows] of rowsByCount(counts)) {
    const most = largestOf(tokens);
    for (let at = 0; at < rows.length; at += most) yield {batch: rows.slice(at, at + most), most};
  }
}

/**
 * Prompts of a pass on a CPU, always so many: eight cost each a third of what one alone does, more save
 * no more, and every other number is compiled anew, which takes longer than to run some in vain.
 */
const MOST_ON_CPU = 8;

function largest(
  {config, slow}: BatchRunner<Run>,
  tokens: number,
  {cache = [], patch = {}, top = 10, lens = 0}: RunOptions
): number {
  const lensRows = lens > 0 ? (config.layers + 1) * tokens : 0;
  const most = batchSize(config, slow, {
    tokens,
    sites: matchSites(cache, config),
    edited: matchSites(Object.keys(patch), config),
    logitRows: (top > 0 ? tokens : 1) + lensRows
  });
  return slow ? Math.min(most, MOST_ON_CPU) : most;
}
