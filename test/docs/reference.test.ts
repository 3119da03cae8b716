import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {referencePages, withReference} from "../../scripts/reference.js";

it.each(referencePages)("%s tells what the code now has (npx tsx scripts/reference.ts)", (path) => {
  const page = readFileSync(path, "utf8");
  expect(page).toContain("<!-- reference: ");
  expect(withPlainTables(withReference(page))).toBe(withPlainTables(page));
});

/** Markdown without the padding that a formatter gives to tables. */
const withPlainTables = (text: string) =>
  text
    .replaceAll(/ *\| */g, "|")
    .replaceAll(/-{3,}/g, "---")
    .replaceAll(/\n{2,}/g, "\n");
