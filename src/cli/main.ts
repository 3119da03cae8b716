import {Command, CommanderError} from "commander";
import {fail} from "./fail.js";

interface Verb {
  register(program: Command): void;
}

/** Each verb is a file of its own, loaded only when it is asked for or listed. */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  generate: () => import("./generate.js"),
  inspect: () => import("./inspect.js"),
  verify: () => import("./verify.js"),
  train: () => import("./train.js"),
  bench: () => import("./bench.js"),
  check: () => import("./check.js"),
  build: () => import("./build.js"),
  preview: () => import("./preview.js")
};

const program = new Command("workings")
  .description("Notebooks that run language models on the reader's own GPU.")
  .exitOverride();

// A reader such as `head` that has seen enough closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") fail(new Error(`output: could not be written, ${error.message}`));
  process.exit();
});

const asked = process.argv[2] ?? "";
const loaders = asked in verbs ? [verbs[asked]] : Object.values(verbs);

try {
  for (const load of loaders) (await load()).register(program);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else fail(error);
}
