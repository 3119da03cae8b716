import {join} from "node:path";
import type {Command} from "commander";
import {formatTable, type Report, resultName} from "../../bench/report.js";
import {writeFileAtomic} from "../site/atomic.js";
import {projectFolder} from "../site/packages.js";

type Suite = (only: readonly string[]) => Promise<Report>;

/** Each suite is a file of bench/, loaded only when it is asked for. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  kernels: async () => (await import("../../bench/kernels.js")).benchKernels,
  forward: async () => (await import("../../bench/forward.js")).benchForward,
  "own-models": async () => (await import("../../bench/own-models.js")).benchOwnModels,
  training: async () => (await import("../../bench/training.js")).benchTraining,
  page: async () => (await import("../../bench/reader.js")).benchReader
};

interface Options {
  readonly suite?: string;
  readonly only: readonly string[];
  readonly save: boolean;
  readonly json: boolean;
}

export function register(program: Command): void {
  program
    .command("bench")
    .description("speed beside peers, in one run on one adapter")
    .option("--suite <name>", `one of ${Object.keys(suites).join(", ")}; every suite if not given`)
    .option("--only <case...>", "some cases of the suite, such as 256", [])
    .option("--save", "keep the results in bench/results", false)
    .option("--json", "print the results as JSON", false)
    .action(bench);
}

async function bench({suite, only, save, json}: Options): Promise<void> {
  if (suite !== undefined && !(suite in suites))
    throw new RangeError(
      `bench: --suite must be one of ${Object.keys(suites).join(", ")}, got ${suite}`
    );
  const reports: Report[] = [];
  for (const name of suite === undefined ? Object.keys(suites) : [suite]) {
    const report = await (await suites[name]())(only);
    reports.push(report);
    if (save)
      writeFileAtomic(
        join(projectFolder, "bench/results", resultName(report)),
        JSON.stringify(report, null, 2) + "\n"
      );
    if (!json) console.log(format(report));
  }
  if (json) console.log(JSON.stringify(reports));
  if (reports.some(({failures}) => failures.length > 0)) process.exitCode = 1;
}

const format = ({suite, adapter, peers, table, failures}: Report): string =>
  [
    `${suite} on ${adapter.name}${adapter.software ? " (software: ratios do not bind)" : ""}`,
    `beside ${Object.entries(peers)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    "",
    formatTable(table),
    ...failures.map((failure) => `\n${failure}`),
    ""
  ].join("\n");
