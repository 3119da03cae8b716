/** What is known of a file before it is loaded. */
export interface FileFacts {
  readonly bytes: number;
  /** True if reading it loads nothing over the network. */
  readonly local: boolean;
}

/** The files of one model, wherever they are. */
export interface ModelFiles {
  /** The model, in words, for a sentence. */
  readonly name: string;
  /** What went less well than it could while reading, without stopping it: one sentence each. */
  readonly notices: readonly string[];
  /** Null where there is no such file. Loads nothing. */
  facts(file: string): Promise<FileFacts | null>;
  /**
   * @param onBytes Told the bytes loaded so far.
   * @throws {ModelFileError} if the file cannot be had whole.
   */
  read(file: string, onBytes?: (loaded: number) => void): Promise<Uint8Array>;
}

/** How far a model is. */
export interface LoadProgress {
  readonly stage: "loading" | "checking";
  /** In bytes, of all its files. */
  readonly loaded: number;
  readonly total: number;
}
