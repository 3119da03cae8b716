import {Command, CommanderError} from "commander";
import {isCheckout} from "../site/packages.js";
import {fail} from "./fail.js";

interface Verb {
  register(program: Command): void;
}

/** Each verb is a file of its own, loaded only when it is asked for or listed. */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  generate: () => import("./generate.js"),
  inspect: () => import("./inspect.js"),
  record: () => import("./record.js"),
  verify: () => import("./verify.js"),
  train: () => import("./train.js"),
  control: () => import("./control.js"),
  bench: () => import("./bench.js"),
  check: () => import("./check.js"),
  build: () => import("./build.js"),
  preview: () => import("./preview.js"),
  new: () => import("./new.js")
};

/** Verbs that use what a packed package leaves out: receipts, recipes, peers to measure against. */
const ofCheckout = ["verify", "train", "control", "bench"];

const program = new Command("workings")
  .description("Notebooks that run language models on the reader's own GPU.")
  .exitOverride();

// A reader such as `head` that has seen enough closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") fail(new Error(`output: could not be written, ${error.message}`));
  process.exit();
});

const asked = process.argv[2] ?? "";
const offered = Object.keys(verbs).filter((verb) => isCheckout || !ofCheckout.includes(verb));
const loaders = (offered.includes(asked) ? [asked] : offered).map((verb) => verbs[verb]);

try {
  if (asked in verbs && !offered.includes(asked))
    throw new Error(
      `${asked}: works in a checkout of Workings only, got a project that depends on it`
    );
  for (const load of loaders) (await load()).register(program);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else fail(error);
}
