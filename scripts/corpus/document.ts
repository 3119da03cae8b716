/** A contiguous piece of one natural source: an address, a chapter, a book, a run of entries. */
export interface Document {
  readonly source: string;
  /** Unique, stable between runs: the split is drawn from it. */
  readonly id: string;
  readonly text: string;
}

/** Straight quotes, double hyphens for dashes, single spaces, at most one newline at a time. */
export function tidy(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚´`]/g, "'")
    .replace(/\s*[—―]\s*/g, " -- ")
    .replace(/[–‑−]/g, "-")
    .replace(/…/g, "...")
    .replace(/[\u00ad\u200b-\u200f\ufeff]/g, "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();
}

/** Joins hard-wrapped lines: a blank line ends a paragraph, any other line break is a space. */
export function unwrap(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .join("\n");
}
