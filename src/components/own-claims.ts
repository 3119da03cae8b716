import {type ClaimsRequest, measureClaims} from "../worker/claims.js";
import type {JobStep} from "./job.js";
import type {VerdictRow} from "./verdict-table.js";

/** For `job`: a paper's claims measured here, all rows so far at each step. */
export async function* ownClaims(
  request: ClaimsRequest,
  total: number,
  signal: AbortSignal
): AsyncGenerator<JobStep<readonly VerdictRow[]>, void, void> {
  let rows: readonly VerdictRow[] = [];
  for await (const row of measureClaims(request, signal)) {
    if ("skipped" in row) continue;
    rows = [...rows, row];
    yield {done: rows.length, total, value: rows};
  }
}
