import {Command, CommanderError} from "commander";
import * as build from "./build.js";
import * as check from "./check.js";
import {fail} from "./fail.js";
import * as generate from "./generate.js";
import * as inspect from "./inspect.js";
import * as preview from "./preview.js";

const program = new Command("workings")
  .description("Notebooks that run language models on the reader's own GPU.")
  .showHelpAfterError("(workings help lists the verbs)")
  .exitOverride();

for (const verb of [generate, inspect, check, build, preview]) verb.register(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else fail(error);
}
