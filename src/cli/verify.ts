import {existsSync, readFileSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Command} from "commander";
import {isGood, isSkipped, type Row, type Skipped} from "../papers/claim.js";
import type {Environment} from "../papers/environment.js";
import {type Paper, papers} from "../papers/papers.js";
import {forgetFigures} from "../site/loaded.js";
import {folderFiles} from "./folder-source.js";
import {BACKENDS, checkBackend, MODELS, openBackend, startJax} from "./model.js";
import {type Receipt, readReceipt, receiptOf, writeReceipt} from "./receipt.js";
import {wholeNumber} from "./generate.js";
import {startWork} from "./work.js";

interface VerifyFlags {
  readonly size: string;
  readonly seed: number;
  readonly backend?: string;
  readonly changed?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command("verify [papers...]")
    .description("measure claims beside their controls, and write receipts")
    .option("--size <size>", "ci (two cores, a minute) or live (a laptop's GPU)", "ci")
    .option("--seed <s>", "shifts every seed of a claim by 1000 times itself", wholeNumber, 0)
    .option("--backend <backend>", `${BACKENDS.join(", ")}; a real GPU if there is one, else wasm`)
    .option("--changed", "only the platform's own claims, and papers whose code or weights changed")
    .option("--json", "print the rows")
    .action(verify);
}

async function verify(slugs: string[], flags: VerifyFlags): Promise<void> {
  const {seed, changed = false, json = false} = flags;
  if (flags.size !== "ci" && flags.size !== "live")
    throw new Error(`--size: must be ci or live, got "${flags.size}"`);
  const backend = checkBackend(flags.backend);
  const all: (Row | Skipped)[] = [];
  for (const paper of await chosen(slugs, changed)) {
    let device = "";
    const worked = startWork();
    const environment: Environment = {
      size: flags.size,
      seed,
      shipped: (name) => folderFiles(join(name.includes("/") ? "data/dictionaries" : MODELS, name)),
      stored: (path) => readFile(join("data", path)),
      foreign: (path) => Promise.resolve(foreign(path)),
      async open(model, precision) {
        const opened = await openBackend(backend, model, precision);
        device = opened.kind === "wgsl" ? `${opened.device}, WebGPU` : opened.device;
        return opened;
      },
      async jax() {
        const started = await startJax(backend);
        device = `jax-js, ${started.device === "webgpu" ? "WebGPU" : "WebAssembly"}`;
        return started;
      }
    };
    const rows: (Row | Skipped)[] = [];
    const announce = json ? () => {} : announcer(paper.slug, readReceipt(paper.slug));
    announce(0);
    for await (const row of paper.claims(environment)) {
      rows.push(row);
      if (!json) console.log(line(row));
      announce(rows.length);
    }
    all.push(...rows);
    if (seed === 0 && !rows.some(isSkipped)) {
      const work = device.includes("WebGPU") ? {} : {work: worked()};
      const receipt = await receiptOf(paper, rows as Row[], flags.size, device);
      writeReceipt({...receipt, ...work});
      forgetFigures("docs");
    } else if (!json)
      console.log(
        `no receipt for ${paper.slug}: one is kept of whole runs with --seed 0 that skip nothing`
      );
  }
  report(all, json);
}

/** Says before each claim which one runs: how many there are, the last receipt knows. */
export function announcer(
  slug: string,
  receipt: Pick<Receipt, "rows"> | null,
  say: (sentence: string) => void = console.error
): (done: number) => void {
  const count = receipt?.rows.length;
  return (done) => {
    if (count === undefined && done === 0) say(`${slug}: its claims, one after another …`);
    else if (count !== undefined && done < count) say(`${slug}: claim ${done + 1} of ${count} …`);
  };
}

/** Those that are asked for; with `changed`, the platform's own and those whose receipt is out of date. */
async function chosen(slugs: readonly string[], changed: boolean): Promise<Paper[]> {
  for (const slug of slugs)
    if (!papers.some((paper) => paper.slug === slug))
      throw new Error(
        `verify: must be one of ${papers.map((paper) => paper.slug).join(", ")}, got "${slug}"`
      );
  const named = papers.filter(({slug}) => slugs.length === 0 || slugs.includes(slug));
  if (!changed) return named;
  const stale = await Promise.all(named.map(async (paper) => isStale(paper)));
  return named.filter(({platform}, i) => platform || stale[i]);
}

async function isStale(paper: Paper): Promise<boolean> {
  const receipt: Receipt | null = readReceipt(paper.slug);
  if (!receipt) return true;
  const now = await receiptOf(paper, [], receipt.size, receipt.device);
  return now.code !== receipt.code || now.weights !== receipt.weights;
}

const FOREIGN = "../shared/models";

function foreign(path: string): Uint8Array | null {
  const file = join(FOREIGN, path);
  if (existsSync(file)) return readFileSync(file);
  if (process.env.CI && existsSync("../shared"))
    throw new Error(`verify: ${file} must be there under CI, it is missing`);
  return null;
}

function line(row: Row | Skipped): string {
  if (isSkipped(row)) return `skipped     ${row.claim} (${row.skipped})`;
  const {verdict, claim, metric, value, op, threshold, beside = [], control, seconds} = row;
  const shown = (v: number) => String(Number(v.toPrecision(4)));
  return [
    `${(isGood(row) ? verdict : `${verdict}!`).padEnd(11)} ${claim}`,
    `            ${metric}: ${shown(value)} (wanted ${op} ${shown(threshold)})${beside.map((other) => `; ${other.name}: ${shown(other.value)}`).join("")}; control, ${control.name}: ${shown(control.value)}${control.pass ? ", WHICH PASSES" : ", fails"}; ${seconds.toFixed(1)} s`
  ].join("\n");
}

function report(rows: readonly (Row | Skipped)[], json: boolean): void {
  const measured = rows.filter((row): row is Row => !isSkipped(row));
  const failed = measured.filter((row) => !isGood(row)).length;
  if (json) console.log(JSON.stringify(rows, null, 2));
  else
    console.log(
      `${measured.length - failed} passed, ${failed} failed, ${rows.length - measured.length} skipped`
    );
  if (failed > 0) process.exitCode = 1;
}
