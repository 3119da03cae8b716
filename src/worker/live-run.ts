import {Run} from "../model/run.js";
import {runSql, type SqlTag} from "../tables/run-tables.js";

/** A run whose activations can be queried. */
export class LiveRun extends Run {
  /** A template tag for SQL over this run's tables, and no other's. */
  get sql(): SqlTag {
    return runSql(this);
  }
}
