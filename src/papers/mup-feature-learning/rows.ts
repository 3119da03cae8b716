import type {Claim, Row} from "../claim.js";

/** Makes rows of this paper's claims, all at one seed and in one setting. */
export interface Rows {
  readonly must: (claim: Omit<Claim, "setting">) => Promise<Row>;
  readonly found: (claim: Omit<Claim, "setting">) => Promise<Row>;
  readonly seed: number;
}
