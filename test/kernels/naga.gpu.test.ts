import {execFile} from "node:child_process";
import {promisify} from "node:util";
import {beforeAll} from "vitest";
import {denoPath} from "../../src/site/deno.js";
import {bundleCases} from "../support/kernel-bundle.js";
import type {Verdict} from "../support/run-cases.js";
import {assertVerdicts} from "../support/verdicts.js";

// The second WGSL compiler: deno translates shaders by Naga, where Dawn and Chromium have Tint.
const bundle = "node_modules/.cache/workings/naga-cases.js";
const flags = ["run", "--no-prompt", "--no-remote", "--unstable-webgpu", bundle];
const verdicts: Verdict[] = [];

beforeAll(async () => {
  await bundleCases(bundle, "console.log");
  const env = {...process.env, DENO_NO_UPDATE_CHECK: "1"};
  const {stdout} = await promisify(execFile)(denoPath(), flags, {env, maxBuffer: 2 ** 26});
  for (const line of stdout.trim().split("\n")) verdicts.push(JSON.parse(line) as Verdict);
}, 300_000);

assertVerdicts("Naga", verdicts);
