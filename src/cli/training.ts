import type {LmConfig} from "../training/lm-config.js";

/** A row of a training's log. */
export interface LogRow {
  /** Steps taken on the way to `budget`. */
  readonly step: number;
  /** In tokens. */
  readonly budget: number;
  /** In nats per token, the mean since the row before. */
  readonly loss?: number;
  /** In nats per token, by source. */
  readonly heldout?: Readonly<Record<string, number>>;
}

/** What a training is told. */
export interface Training {
  readonly config: LmConfig;
  /** Where its training.json is. */
  readonly folder: string;
  /** Where its log, its state and its weights go. */
  readonly work: string;
  /** Where the corpus is. */
  readonly data: string;
  readonly onRow: (row: LogRow) => void;
}
