import {spawn, spawnSync} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {cpSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {loadavg, tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {launchChromium} from "../../../src/site/chromium.js";
import type {Browser} from "../../../src/site/chromium.js";
import type {DataManifest} from "../../../src/site/data.js";
import {withPage} from "../../../src/site/open.js";
import {inspectOutput, megabytes} from "../../../src/site/output.js";

// As in a shell of one's own: npm tells its scripts, of which this is one, about itself.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^(NODE_ENV|VITEST)/.test(name))
);
const home = mkdtempSync(join(tmpdir(), "workings-new-"));
const lab = join(home, "my-lab");
const workings = resolve("bin/workings.js");

function run(command: string, args: readonly string[], cwd: string) {
  const started = performance.now();
  const {status, stdout, stderr} = spawnSync(command, args, {cwd, env, encoding: "utf8"});
  const seconds = (performance.now() - started) / 1000;
  expect(status, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return {stdout, seconds};
}

let server: ChildProcess;
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.kill();
  rmSync(home, {recursive: true, force: true});
});

it(
  "builds, small and soon, from an empty folder outside the repository",
  {timeout: 900_000},
  () => {
    const made = run(process.execPath, [workings, "new", "my-lab"], home);
    expect(made.stdout.split("\n").slice(1, 3)).toEqual([
      "  cd my-lab && npm install",
      "  npm start"
    ]);
    const install = run("npm", ["install", "--prefer-offline"], lab);
    const build = run("npx", ["workings", "build"], lab);
    const {bytes, files} = inspectOutput(join(lab, "dist"));
    const seconds = install.seconds + build.seconds;
    console.log(
      [
        `new ${made.seconds.toFixed(1)} s, npm install ${install.seconds.toFixed(1)} s, build ${build.seconds.toFixed(1)} s`,
        `(load ${loadavg()[0].toFixed(1)}): ${files} files, ${megabytes(bytes)}`
      ].join(" ")
    );
    const manifest = readFileSync(join(lab, "dist/data/manifest.json"), "utf8");
    expect(Object.keys((JSON.parse(manifest) as DataManifest).models)).toEqual(["house-1m"]);
    expect(bytes).toBeLessThan(25e6);
    console.log(`npm install to a built site: ${seconds} s (wanted: under 120)`);
  }
);

it("runs its page below /x/ of a plain file server", {timeout: 300_000}, async () => {
  cpSync(join(lab, "dist"), join(home, "hosted/x"), {recursive: true});
  const address = await serve(join(home, "hosted"));
  const findings: string[] = [];
  const problems = await withPage(browser, `${address}x/`, "", async (page) => {
    await page.getByRole("button", {name: "Start"}).click();
    const finding = page.locator(".w-figure:not([hidden]) figcaption strong");
    await finding.waitFor({timeout: 120_000});
    findings.push(await finding.innerText());
    const bars = page.locator(".w-figure .w-chart svg .mark-rect path");
    await bars.nth(9).waitFor();
    expect(await bars.count()).toBe(10);
    await page.locator("input[type=text]").first().fill("The king and the");
    await finding.filter({hasText: "The king and the"}).waitFor({timeout: 120_000});
    findings.push(await finding.innerText());
  });
  expect(problems).toEqual([]);
  expect(findings[0]).toMatch(/^After “Once upon a time” the model bets on “.+”$/);
  expect(findings[1]).toMatch(/^After “The king and the” the model bets on “.+”$/);
});

it("is refused a second time, and its models are found by the command line", () => {
  const again = spawnSync(process.execPath, [workings, "new", "my-lab"], {
    cwd: home,
    encoding: "utf8"
  });
  expect([again.status, again.stdout]).toEqual([1, ""]);
  expect(again.stderr).toMatch(
    /^new: my-lab must be empty or not there yet, got a folder of \d+ entries\n$/
  );
  const prompt = ["--model", "house-1m", "--prompt", "Once", "--tokens", "2", "--backend", "wasm"];
  const {stdout} = run("npx", ["workings", "generate", ...prompt, "--json"], lab);
  expect((JSON.parse(stdout) as {tokens: number[]}).tokens.length).toBeGreaterThan(2);
  const verify = spawnSync("npx", ["workings", "verify"], {cwd: lab, env, encoding: "utf8"});
  expect(verify.stderr).toContain("verify: works in a checkout of Workings only");
  expect(verify.status).toBe(1);
});

/** Python's own file server, on a free port. */
async function serve(folder: string): Promise<string> {
  const port = await freePort();
  const args = ["-m", "http.server", String(port), "--bind", "127.0.0.1", "-d", folder];
  server = spawn("python3", args, {stdio: "ignore"});
  const address = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(address).catch(() => undefined)) return address;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("python3 -m http.server did not start");
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const {port} = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
