import {spawn} from "node:child_process";
import {constants} from "node:os";
import {delimiter} from "node:path";
import {fileURLToPath} from "node:url";
import {vulkanEnvironment} from "./vulkan.js";

const commands = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));

/**
 * Runs a command where WebGPU finds Vulkan and where installed commands are found by name, passes
 * signals on, and exits as the command exits.
 */
export function run(command, args) {
  const env = vulkanEnvironment();
  // glibc raises this limit with each large block that it frees, and keeps what is below: 30 MB of GPT-2's weights
  env.MALLOC_MMAP_THRESHOLD_ ??= `${2 ** 20}`;
  env.PATH = [commands, env.PATH].join(delimiter);
  const child = spawn(command, args, {stdio: "inherit", env});
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${command}: ${error.code === "ENOENT" ? "no such command" : error.message}`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
