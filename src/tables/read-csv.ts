import type {RawTable} from "./read-columns.js";
import {TableError} from "./read-error.js";

interface Line {
  readonly cells: readonly string[];
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

/**
 * A table of comma-separated values (RFC 4180), whose first record names the columns; tabs and
 * semicolons are seen to separate too. Cells stay texts; empty lines are passed over.
 *
 * @throws {TableError} naming the line of a record that is not like the first.
 */
export function readCsv(name: string, text: string): RawTable {
  const [header, ...records] = [...recordsOf(name, text, separatorOf(name, text))];
  if (!header) throw new TableError(`${name}: must have a line of column names, got an empty file`);
  const names = header.cells.map((cell, i) => cell.trim() || `column_${i + 1}`);
  names.forEach((column, i) => {
    const first = names.indexOf(column);
    if (first < i)
      throw new TableError(
        `${name}: the names of columns must differ, got "${column}" for columns ${first + 1} and ${i + 1}`
      );
  });
  for (const {cells, line} of records)
    if (cells.length !== names.length)
      throw new TableError(
        `${name}: line ${line} must have ${names.length} cells like the first line, got ${cells.length}`
      );
  return {
    name,
    columns: new Map(names.map((column, i) => [column, records.map(({cells}) => cells[i])])),
    rows: records.length,
    isText: true,
    place: (row) => `line ${records[row].line}`
  };
}

/** Whichever of tab, comma and semicolon is most frequent in the first line, outside quotes. */
function separatorOf(name: string, text: string): string {
  if (/\.tsv$/i.test(name)) return "\t";
  const first = /^(?:"[^"]*"|[^"\r\n])*/.exec(text.trimStart())![0].replaceAll(/"[^"]*"/g, "");
  const count = (separator: string) => first.split(separator).length - 1;
  const best = ["\t", ",", ";"].reduce((a, b) => (count(b) > count(a) ? b : a));
  return count(best) > 0 ? best : ",";
}

function* recordsOf(name: string, text: string, separator: string): Generator<Line> {
  const plain = new RegExp(`[^${separator}\\r\\n]*`, "y");
  const quoted = /"((?:[^"]|"")*)"/y;
  const newline = /\r\n|\r|\n/y;
  let [at, line] = [0, 1];
  while (at < text.length) {
    const cells: string[] = [];
    const start = line;
    const from = at;
    for (;;) {
      if (text[at] === '"') {
        quoted.lastIndex = at;
        const found = quoted.exec(text);
        if (!found)
          throw new TableError(`${name}: the quote that opens on line ${line} must be closed`);
        at = quoted.lastIndex;
        line += found[1].match(/\r\n|\r|\n/g)?.length ?? 0;
        if (at < text.length && text[at] !== separator && !/[\r\n]/.test(text[at]))
          throw new TableError(
            `${name}: line ${line} must have a separator after the closing quote, got ${JSON.stringify(text[at])}`
          );
        cells.push(found[1].replaceAll('""', '"'));
      } else {
        plain.lastIndex = at;
        cells.push(plain.exec(text)![0]);
        at = plain.lastIndex;
      }
      if (text[at] !== separator) break;
      at++;
    }
    const isEmpty = at === from;
    newline.lastIndex = at;
    if (newline.test(text)) {
      at = newline.lastIndex;
      line++;
    }
    if (!isEmpty) yield {cells, line: start};
  }
}
