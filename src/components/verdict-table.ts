import {type ClaimColumn, claimId, fillTable} from "./claim-table.js";
import type {ClaimRow} from "./claims-chart.js";
import {useStyles} from "./styles.js";

/** A claim as a receipt keeps it. */
export interface VerdictRow extends ClaimRow {
  /** The paper's own number, in words. */
  readonly reported?: string;
  readonly setting?: {readonly theirs: string; readonly ours: string};
  readonly expect: string;
  readonly must: boolean;
  readonly seed: number;
  readonly seconds: number;
}

/** A stored run of a paper's claims. */
export interface StoredRun {
  readonly device: string;
  readonly rows: readonly VerdictRow[];
  /** True where the code has changed since. */
  readonly changed?: boolean;
}

/** What a value must be, with three digits. */
export const limitText = ({op, threshold}: ClaimRow): string =>
  `${op === "<=" ? "≤" : "≥"} ${threeDigits(threshold)}`;

/** Three digits of a value. */
export const threeDigits = (value: number): string =>
  String(Number(value.toPrecision(3))).replace(/^-/, "−");

/** A verdict in words, and whether it is the one that is known, beside a control that fails. */
export function verdictText({verdict, expect, control}: VerdictRow): string {
  const words = verdict.replace("-", " ");
  if (control.pass) return `${words}, but so does the control`;
  return verdict === expect ? words : `${words}; known: ${expect.replace("-", " ")}`;
}

/** How a reader's own run compares with a stored one, as a sentence. */
export function agreement({rows}: StoredRun, own: readonly VerdictRow[] | undefined): string {
  if (!own) return "";
  const same = own.filter(({claim, verdict}) =>
    rows.some((row) => row.claim === claim && row.verdict === verdict)
  );
  const so =
    own.length < rows.length ? `, so far ${own.length} of ${rows.length} claims measured,` : "";
  return `Here${so} ${same.length} of ${own.length} verdicts as stored.`;
}

/** A table of claims that shows a reader's own run, as far as it is, beside the stored one. */
export interface VerdictTable extends HTMLElement {
  show(own: readonly VerdictRow[] | undefined): void;
}

/**
 * Claims beside what the paper reports, what is asked, what was stored, what came out here, and a
 * control that must fail.
 */
export function verdictTable(stored: StoredRun): VerdictTable {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-verdicts";
  const compared = note("");
  compared.setAttribute("role", "status");
  const table = document.createElement("table");
  element.append(compared, table, note(settingText(stored)));
  const show = (own: readonly VerdictRow[] | undefined) => {
    fillTable(table, columnsOf(stored, own), stored.rows, (tr, {claim, verdict}) => {
      tr.className = verdict;
      tr.id = claimId(claim);
    });
    compared.textContent = agreement(stored, own);
  };
  show(undefined);
  requestAnimationFrame(() => showNamed(element));
  return Object.assign(element, {show});
}

/** For so long, in milliseconds, what is drawn above a claim may push it away. */
const DRAWN = 10_000;

/**
 * Scrolls to the claim that the address names, which was not there when the page was loaded, and again
 * as figures above it are drawn, until the reader moves.
 */
function showNamed(element: HTMLElement): void {
  const named = () =>
    location.hash && element.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  if (!named()) return;
  const held = new ResizeObserver(() => {
    const row = named();
    if (row) row.scrollIntoView({block: "center"});
  });
  held.observe(document.body);
  const letGo = () => held.disconnect();
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(event, letGo, {once: true, passive: true});
  setTimeout(letGo, DRAWN);
}

type Column = ClaimColumn<VerdictRow>;

function columnsOf({rows}: StoredRun, own: readonly VerdictRow[] | undefined): Column[] {
  const mine = (row: VerdictRow) => own?.find(({claim}) => claim === row.claim);
  const here: Column = {
    head: "here",
    of: (row) => {
      const found = mine(row);
      return [found ? threeDigits(found.value) : "…"];
    }
  };
  const paper: Column = {head: "the paper", of: ({reported}) => [reported ?? "–"]};
  return [
    {head: "claim", of: ({claim, metric}) => [claim, metric]},
    ...(rows.some(({reported}) => reported) ? [paper] : []),
    {head: "must be", of: (row) => [limitText(row)]},
    {head: "stored", of: ({value}) => [threeDigits(value)]},
    ...(own ? [here] : []),
    {
      head: "control",
      of: (row) => [threeDigits((mine(row) ?? row).control.value), row.control.name]
    },
    {
      head: "verdict",
      of: (row) => [verdictText(mine(row) ?? row), row.must ? "must hold" : "a finding"]
    }
  ];
}

function settingText({device, changed, rows}: StoredRun): string {
  const setting = rows.find((row) => row.setting)?.setting;
  const sizes = setting && `The paper: ${setting.theirs}. Here: ${setting.ours}.`;
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const run = `Stored: seed ${rows[0]?.seed ?? 0}, ${device || "CPU, float64"}, ${Math.round(seconds)} seconds.`;
  return [sizes, run, changed && "The code has changed since."].filter(Boolean).join(" ");
}

function note(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
