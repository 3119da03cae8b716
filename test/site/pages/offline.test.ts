import {spawnSync} from "node:child_process";
import {expect, it} from "vitest";

const guard = new URL("../support/no-network.js", import.meta.url).href;

const run = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: {...process.env, NODE_OPTIONS: `--import=${guard}`}
  });

it("checks and builds every built-in, data loaders included, without a connection", () => {
  const {stdout, stderr, status} = run("--import", "tsx", "test/site/support/build-fixture.ts");
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({problems: [], pages: 3});
  expect(status).toBe(0);
});

it("would have seen a connection", () => {
  const {stderr, status} = run("-e", "fetch('http://192.0.2.1/').catch(() => {})");
  expect(stderr).toBe("connection to 192.0.2.1\n");
  expect(status).toBe(86);
});
