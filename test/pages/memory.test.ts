import {afterAll, beforeAll, expect, it} from "vitest";
import {
  openPage,
  openSite,
  type Runtime,
  seeInside,
  setPrompt,
  settled,
  start
} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const presses = 500;
const megabyte = 2 ** 20;

it("500 key presses leave memory flat", async () => {
  const {page, problems} = await openPage(site.browser, site.url + seeInside);
  await start(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");

  const press = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await setPrompt(page, `The war lasted from 17${10 + (i % 80)} to 17`);
      await page.waitForTimeout(i % 10 === 9 ? 350 : 30);
    }
    await settled(page, 1500);
  };
  const measure = async () => {
    // what one collection finalizes is free only after the next
    for (let i = 0; i < 3; i++) {
      await devtools.send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(300);
    }
    const {usedSize} = await devtools.send("Runtime.getHeapUsage");
    const inPage = await page.evaluate(async () => {
      const {runtime} = window as unknown as {runtime: Runtime};
      const value = (name: string) =>
        [...runtime._variables].find((v) => v._name === name && v._value !== undefined)
          ?._value as never;
      const sql = value("sql") as (text: string[]) => Promise<Iterable<{n: number}>>;
      const count = async (text: string) => [...(await sql([text]))][0].n;
      const lm = value("lm") as {stats(): Promise<{bytes: number}>};
      return {
        schemas: await count(
          "SELECT count(*) AS n FROM duckdb_schemas() WHERE schema_name LIKE 'run_%'"
        ),
        duckdbBytes: await count(
          "SELECT sum(memory_usage_bytes)::DOUBLE AS n FROM duckdb_memory()"
        ),
        deviceBytes: (await lm.stats()).bytes,
        nodes: document.querySelectorAll("*").length
      };
    });
    return {heapBytes: usedSize, ...inPage};
  };

  await press(60);
  const before = await measure();
  await press(presses);
  // what the last presses hold differs by megabytes: what stays of all is the least of some measurements
  const held = [await measure()];
  for (let i = 0; i < 4; i++) {
    await press(30);
    held.push(await measure());
  }
  const after = {
    ...held[0],
    heapBytes: Math.min(...held.map(({heapBytes}) => heapBytes))
  };
  console.log(`memory before and after ${presses} key presses: ${JSON.stringify([before, after])}`);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(3 * megabyte);
  expect(after.duckdbBytes - before.duckdbBytes).toBeLessThan(3 * megabyte);
  expect(after.deviceBytes).toBeLessThanOrEqual(before.deviceBytes);
  expect(after.schemas).toBeLessThanOrEqual(4);
  expect(after.nodes).toBeLessThan(before.nodes + 50);
  expect(problems).toEqual([]);
  await page.close();
}, 300_000);
