import {spawn} from "node:child_process";
import {constants} from "node:os";
import {vulkanEnvironment} from "./vulkan.js";

/** Runs a command where WebGPU finds Vulkan, passes signals on, and exits as the command exits. */
export function run(command, args) {
  const child = spawn(command, args, {stdio: "inherit", env: vulkanEnvironment()});
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${command}: ${error.code === "ENOENT" ? "no such command" : error.message}`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
