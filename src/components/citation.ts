import type {Source} from "./provenance.js";

interface Cited {
  /** What the figure shows, as a sentence. */
  readonly finding: string;
  /** Of the page. */
  readonly title: string;
  /** The page's address, its state included. */
  readonly url: string;
  readonly day: Date;
  readonly model?: Pick<Source, "name" | "sha256" | "device">;
}

/** One sentence that says what was seen, where, in which state, and on which weights. */
export function citation({finding, title, url, day, model}: Cited): string {
  const weights = model && `${model.name} (sha256 ${model.sha256.slice(0, 12)})`;
  const on = model && `computed on ${model.device.name}`;
  return [`“${finding}.” ${title}`, url, weights, on, isoDay(day)].filter(Boolean).join(", ") + ".";
}

/** The same for a bibliography, as a BibTeX entry. */
export function bibtex({finding, title, url, day, model}: Cited): string {
  const note = model && `${model.name}, weights sha256 ${model.sha256.slice(0, 12)}`;
  const fields = Object.entries({
    title: `{${title}}`,
    howpublished: `\\url{${url}}`,
    year: String(day.getUTCFullYear()),
    note: [finding, note, `retrieved ${isoDay(day)}`].filter(Boolean).join("; ")
  });
  const lines = fields.map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{workings-${slug(title)},\n${lines.join(",\n")}\n}\n`;
}

const isoDay = (day: Date): string => day.toISOString().slice(0, 10);

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
