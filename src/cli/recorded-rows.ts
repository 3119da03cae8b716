import {existsSync, readFileSync} from "node:fs";
import {writeFileAtomic} from "../site/atomic.js";
import {type FileRow, parseRowFile, type RowFile, rowFileText} from "../tables/row-file.js";

/** What makes rows, and is either done or not. */
export interface Unit {
  readonly key: string;
  rows(signal: AbortSignal): AsyncIterable<FileRow>;
}

export interface Recording extends Omit<RowFile, "rows"> {
  readonly path: string;
  /** Which unit a row is of. */
  readonly keyOf: (row: FileRow) => string;
  readonly units: readonly Unit[];
  readonly onUnit: (done: number, rows: readonly FileRow[]) => void;
}

/**
 * Makes the rows of every unit that a file does not hold yet. The file is written anew, whole, after
 * each unit: what a signal interrupts is the unit at hand.
 *
 * @returns Whether every unit is done.
 * @throws {Error} if the file holds rows that were made otherwise.
 */
export async function recordRows({
  path,
  keyOf,
  units,
  onUnit,
  ...file
}: Recording): Promise<boolean> {
  const rows = existsSync(path) ? [...kept(path, file)] : [];
  const known = new Set(rows.map(keyOf));
  let done = units.filter(({key}) => known.has(key)).length;
  const stop = new AbortController();
  const abort = () => stop.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, abort);
  try {
    for (const unit of units) {
      if (known.has(unit.key)) continue;
      const made: FileRow[] = [];
      for await (const row of unit.rows(stop.signal)) made.push(row);
      rows.push(...made);
      writeFileAtomic(path, rowFileText({...file, rows}));
      onUnit(++done, rows);
      if (stop.signal.aborted) break;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
  return done === units.length;
}

function kept(path: string, {table, run_id, about}: Omit<RowFile, "rows">): readonly FileRow[] {
  const found = parseRowFile(readFileSync(path, "utf8"), path);
  const [had, wanted] = [found, {table, run_id, about}].map((file) =>
    JSON.stringify([file.table, file.run_id, file.about])
  );
  if (had !== wanted)
    throw new Error(
      `${path}: must hold rows of the same run for it to go on, got ${had}; name another file by --out`
    );
  return found.rows;
}

/**
 * As `recordRows`, saying on standard output how far it is after each unit, as words or as JSON.
 *
 * @param said The recording's name, and what its units are called.
 */
export async function recordAloud(
  {
    name,
    units: noun,
    json
  }: {readonly name: string; readonly units: string; readonly json: boolean},
  recording: Omit<Recording, "onUnit">
): Promise<void> {
  const {path, units} = recording;
  const started = performance.now();
  const isDone = await recordRows({
    ...recording,
    onUnit(done, {length: rows}) {
      const seconds = Math.round((performance.now() - started) / 1000);
      if (json) console.log(JSON.stringify({[noun]: done, of: units.length, rows, seconds}));
      else console.log(`${name}: ${done} of ${units.length} ${noun}, ${rows} rows`);
    }
  });
  if (!json && !isDone) console.log(`${path}: stopped; the same command goes on from here`);
}
