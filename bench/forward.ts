import {join} from "node:path";
import {packageVersion, projectFolder} from "../src/site/packages.js";
import type {ForwardJob, ForwardTimes, PeerTimes} from "./forward.page.js";
import {runInPage} from "./page.js";
import {digits, type Report} from "./report.js";

const MODEL = "house-1m";
const FILES = ["model.safetensors", "config.json", "tokenizer.json"];
const TOKENS = 256;
const DECODED = 64;
/** Logits are equal to this, over the largest. */
const EQUAL = 1e-3;

/** The shipped model's whole forward pass and its decoding, ours beside jax-js, on WebGPU in one Chromium. */
export async function benchForward(): Promise<Report> {
  const {adapter, peers} = await runInPage<ForwardJob, ForwardTimes>(
    {
      entry: join(projectFolder, "bench/forward.page.ts"),
      assets: FILES.map((file) => join(projectFolder, "data/models", MODEL, file))
    },
    {files: FILES, tokens: TOKENS, decoded: DECODED}
  );
  const [ours, theirs] = peers;
  const ratios = {
    forward: theirs.forward.ms / ours.forward.ms,
    decode: theirs.msPerToken / ours.msPerToken
  };
  const largest = Math.max(...theirs.logits.map(Math.abs));
  const difference =
    Math.max(...theirs.logits.map((v, i) => Math.abs(v - ours.logits[i]))) / largest;
  return {
    suite: "forward",
    date: new Date().toISOString(),
    adapter,
    peers: {"jax-js": packageVersion("@jax-js/jax")},
    table: {
      columns: [
        MODEL,
        `forward, ${TOKENS} tokens, ms`,
        "samples",
        "decode, ms a token",
        "tokens/s"
      ],
      rows: [
        ...peers.map(({peer, forward, msPerToken}) => [
          peer,
          digits(forward.ms),
          `${forward.samples}`,
          digits(msPerToken),
          digits(1000 / msPerToken)
        ]),
        ["ours is faster by", digits(ratios.forward), "", digits(ratios.decode), ""]
      ]
    },
    measurements: peers.map(({logits: _, ...times}) => times),
    failures: [
      ...unequal(difference, ours, theirs),
      ...Object.entries(ratios).flatMap(([what, ratio]) =>
        ratio < 1 && !adapter.software
          ? [`${what}: ours must be at least as fast as jax-js, got ${digits(ratio)} of its speed`]
          : []
      )
    ]
  };
}

function unequal(difference: number, ours: PeerTimes, theirs: PeerTimes): string[] {
  const same = ours.ids.length === DECODED && ours.ids.every((id, i) => id === theirs.ids[i]);
  return [
    ...(difference <= EQUAL
      ? []
      : [`forward: logits must equal the peer's to ${EQUAL}, got ${difference}`]),
    ...(same ? [] : [`decode: greedy tokens must equal the peer's, got ${ours.ids.join(" ")}`])
  ];
}
