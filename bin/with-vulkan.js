#!/usr/bin/env node
import {run} from "./run.js";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error("usage: with-vulkan <command> [arguments…]");
  process.exit(2);
}
run(command, args);
