import {spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {describe, expect, it} from "vitest";
import {vulkanEnvironment} from "../../bin/vulkan.js";

const run = (...args: string[]) => {
  const {stdout, stderr, status} = spawnSync(process.execPath, args, {encoding: "utf8"});
  return {stdout, stderr, status};
};

describe("with-vulkan", () => {
  it("passes exit codes on", () => {
    expect(run("bin/with-vulkan.js", "node", "-e", "process.exit(7)").status).toBe(7);
  });

  it("says in one line that a command is not there", () => {
    expect(run("bin/with-vulkan.js", "no-such-command")).toEqual({
      stdout: "",
      stderr: "no-such-command: no such command\n",
      status: 127
    });
  });

  it("passes signals on", async () => {
    const script = "setInterval(() => {}, 1000); console.log('ready')";
    const child = spawn(process.execPath, ["bin/with-vulkan.js", "node", "-e", script]);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([143, null]);
  });

  it("leaves drivers alone that are named already", () => {
    const env = {VK_DRIVER_FILES: "/somewhere/icd.json"};
    expect(vulkanEnvironment(env)).toEqual(env);
  });
});

describe("workings", () => {
  it.each([
    [["nope"], "error: unknown command 'nope'"],
    [["preview", "--port", "x"], "preview: --port must be a whole number below 65536, got x"],
    [["check", "--nope"], "error: unknown option '--nope'"]
  ])("answers %j in one line, without a stack", (args, message) => {
    const {stdout, stderr, status} = run("bin/workings.js", ...args);
    expect(stdout).toBe("");
    expect(stderr.split("\n")[0]).toBe(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  it.each([
    [[], (port: number) => `npm start -- --port ${port + 1}`],
    [["--dist"], (port: number) => `--port ${port + 1}`]
  ])("says at once of a port that is taken how to take another, %j", async (args, other) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const {port} = server.address() as AddressInfo;
    const taken = run("bin/workings.js", "preview", "--port", String(port), ...args);
    server.close();
    expect(taken).toEqual({
      stdout: "",
      stderr: `preview: port ${port} must be free, another program listens on it: ${other(port)} takes another\n`,
      status: 1
    });
  });
});
