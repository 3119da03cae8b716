import type {Page} from "../src/site/chromium.js";
import {openPage, openSite, seeInside, start} from "../test/pages/support/live-page.js";
import type {LanguageModel} from "../src/worker/client.js";
import type {LiveRun} from "../src/worker/live-run.js";
import {quantile, timeKeyPresses} from "./key-press.js";
import {digits, type Report} from "./report.js";

const PROMPT = "The war lasted from 1743 to 1758, and the peace from 17";
const PRESSES = 20;
const BACKENDS = ["wasm", "wgsl"] as const;
/** Key press to chart, on a laptop's GPU and on a CPU, in milliseconds. */
const TARGET = {wgsl: 100, wasm: 1000};

interface Reading {
  readonly backend: (typeof BACKENDS)[number];
  readonly device: {readonly name: string; readonly software: boolean};
  /** From asking for the model to the first figure, with nothing kept. */
  readonly firstFigureMs: number;
  /** The same on a second visit. */
  readonly secondVisitMs: number;
  /** What a second visit loads of the model's files. */
  readonly secondVisitBytes: number;
  /** What the first pass took beyond the last one. */
  readonly compileMs: number;
  readonly p50: number;
  readonly p95: number;
  /** Of tensors on the GPU, in use or pooled. */
  readonly gpuBytes: number;
}

/** What a reader of the built site waits for, on each backend, in one headless Chromium. */
export async function benchReader(): Promise<Report> {
  const site = await openSite();
  try {
    const readings: Reading[] = [];
    for (const backend of BACKENDS)
      readings.push(
        await read(`${site.url}${seeInside}?backend=${backend}`, backend, site.browser)
      );
    return report(readings);
  } finally {
    await site.close();
  }
}

function report(readings: readonly Reading[]): Report {
  const {device: adapter} = readings.find(({backend}) => backend === "wgsl")!;
  const row = (what: string, of: (reading: Reading) => string) => [what, ...readings.map(of)];
  return {
    suite: "page",
    date: new Date().toISOString(),
    adapter,
    peers: {},
    table: {
      columns: ["", ...BACKENDS],
      rows: [
        row("key press → chart, p50 ms", ({p50}) => digits(p50)),
        row("key press → chart, p95 ms", ({p95}) => digits(p95)),
        row("click → first figure, ms", ({firstFigureMs}) => digits(firstFigureMs)),
        row("first pass beyond a later one, ms", ({compileMs}) => digits(compileMs)),
        row("second visit → first figure, ms", ({secondVisitMs}) => digits(secondVisitMs)),
        row("second visit loads, bytes", ({secondVisitBytes}) => `${secondVisitBytes}`),
        row("GPU bytes", ({gpuBytes}) => `${gpuBytes}`)
      ]
    },
    measurements: readings,
    failures: readings.flatMap(({backend, p95}) =>
      p95 > TARGET[backend] && !(backend === "wgsl" && adapter.software)
        ? [
            `${backend}: key press → chart must take at most ${TARGET[backend]} ms, got ${digits(p95)}`
          ]
        : []
    )
  };
}

type Browser = Awaited<ReturnType<typeof openSite>>["browser"];

async function read(
  address: string,
  backend: Reading["backend"],
  browser: Browser
): Promise<Reading> {
  const context = await browser.newContext();
  const first = await visit(context, address);
  const compiled = await valueOf<LiveRun, number>(first.page, "run", "milliseconds");
  const times = await timeKeyPresses(first.page, PROMPT, PRESSES);
  const later = await valueOf<LiveRun, number>(first.page, "run", "milliseconds");
  const device = await valueOf<LanguageModel, Reading["device"]>(first.page, "lm", "device");
  const gpuBytes = await first.page.evaluate(async () => {
    const lm = [...(window as unknown as Live).runtime._variables].find((v) => v._name === "lm")!;
    return (await (lm._value as LanguageModel).stats()).bytes;
  });
  await first.page.close();
  const second = await visit(context, address);
  await context.close();
  return {
    backend,
    device,
    firstFigureMs: first.ms,
    secondVisitMs: second.ms,
    secondVisitBytes: second.modelBytes,
    compileMs: compiled - later,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    gpuBytes
  };
}

interface Live {
  readonly runtime: {
    readonly _variables: ReadonlySet<{readonly _name: string | null; readonly _value: unknown}>;
  };
}

async function visit(context: Pick<Browser, "newPage">, address: string) {
  let modelBytes = 0;
  const {page} = await openPage(context as Browser, address);
  page.on("response", (response) => {
    if (/\/data\/[^/]+\//.test(response.url()))
      modelBytes += Number(response.headers()["content-length"] ?? 0);
  });
  const asked = performance.now();
  await start(page);
  return {page, ms: performance.now() - asked, modelBytes};
}

/** A property of a cell's value. */
const valueOf = <T, R>(page: Page, cell: string, property: keyof T & string): Promise<R> =>
  page.evaluate(
    ([cell, property]) => {
      const {_variables} = (window as unknown as Live).runtime;
      const found = [..._variables].find((v) => v._name === cell)!;
      return (found._value as Record<string, unknown>)[property] as R;
    },
    [cell, property]
  );
