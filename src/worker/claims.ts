import type {Row, Skipped} from "../papers/claim.js";
import type {Environment} from "../papers/environment.js";

export interface ClaimsRequest extends Pick<Environment, "size" | "seed"> {
  readonly slug: string;
}

type Answer = {row: Row | Skipped} | {error: string} | {done: true};

/**
 * Measures a paper's claims in a Worker of their own, row by row.
 *
 * @param signal Ends the Worker and what it is doing at once.
 */
export async function* measureClaims(
  request: ClaimsRequest,
  signal?: AbortSignal
): AsyncGenerator<Row | Skipped, void, void> {
  const worker = new Worker(import.meta.resolve("./claims-worker.js"), {type: "module"});
  const answers: Answer[] = [];
  let wake = () => {};
  const tell = (answer: Answer) => {
    answers.push(answer);
    wake();
  };
  worker.addEventListener("message", ({data}: MessageEvent<Answer>) => tell(data));
  worker.addEventListener("error", ({message}) =>
    tell({error: `the Worker failed: ${message || "its script did not load"}`})
  );
  const stop = () => tell({done: true});
  signal?.addEventListener("abort", stop);
  worker.postMessage(request);
  try {
    for (;;) {
      const answer = answers.shift();
      if (!answer) await new Promise<void>((resolve) => (wake = resolve));
      else if ("error" in answer) throw new Error(answer.error);
      else if ("done" in answer || signal?.aborted) return;
      else yield answer.row;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    worker.terminate();
  }
}
