#!/usr/bin/env node
import {delimiter, dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {run} from "./run.js";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error("usage: with-vulkan <command> [arguments…]");
  process.exit(2);
}
const bin = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/.bin");
process.env.PATH = [bin, process.env.PATH].join(delimiter);
run(command, args);
