#!/usr/bin/env node
import {fileURLToPath} from "node:url";
import {run} from "./run.js";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
run(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...process.argv.slice(2)]);
