import type {AdapterDescription} from "../src/gpu/adapter.js";

/** What a suite found. */
export interface Report {
  readonly suite: string;
  /** ISO 8601. */
  readonly date: string;
  readonly adapter: AdapterDescription;
  /** Versions of what was compared. */
  readonly peers: Readonly<Record<string, string>>;
  /** For the eye. */
  readonly table: Table;
  /** For the machine: what the table was made from. */
  readonly measurements: readonly unknown[];
  /** Promises that were not kept; ratios bind on a real GPU only. */
  readonly failures: readonly string[];
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns padded to their widest cell, the first to the left and the others to the right. */
export function formatTable({columns, rows}: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join("  ")
    )
    .join("\n");
}

/** Three significant digits. */
export const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toPrecision(3);

/** A file name such as `2026-11-23-nvidia-ada-lovelace.json`. */
export function resultName({date, suite, adapter}: Report): string {
  const slug = adapter.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${date.slice(0, 10)}-${suite}-${slug}`.replace(/-+$/, "") + ".json";
}
