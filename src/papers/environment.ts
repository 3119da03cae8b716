import type {WeightDtype} from "../kernels/weight.js";
import type {Backend} from "../model/backend.js";
import type {ModelConfig} from "../model/config.js";
import type {StartedJax} from "../model/jax.js";
import type {ModelFiles} from "../model/model-files.js";
import type {HostTensor, Weights} from "../model/weights.js";
import type {Row, Skipped} from "./claim.js";

export interface HostModel {
  readonly config: ModelConfig;
  readonly weights: Weights<HostTensor>;
}

/** What claims are given to measure with: the command line, a page and a test each bring their own. */
export interface Environment {
  /** `ci` is at most a minute on two cores without a GPU, `live` at most 12 TFLOP. */
  readonly size: "ci" | "live";
  /** Shifts every seed of a claim by 1000 times itself. */
  readonly seed: number;
  /** Opens a model on the backend under test, its matrices stored at a precision, f32 when left out. */
  open(model: HostModel, precision?: WeightDtype): Promise<Backend>;
  /** jax-js: on the GPU under test where there is one, else in WebAssembly. */
  jax(): Promise<StartedJax>;
  /** The files of a shipped model, or of a dictionary such as `house-3m/mlp3tc`. */
  shipped(name: string): ModelFiles;
  /** A file of `data`, by its path there. */
  stored(path: string): Promise<Uint8Array>;
  /** A file of `../shared/models`, models made by others; null where that folder is missing. */
  foreign(path: string): Promise<Uint8Array | null>;
}

/** One paper's claims, measured one after another. */
export type Claims = (environment: Environment) => AsyncGenerator<Row | Skipped, void, void>;

/** Opens a model, uses it, and frees it. */
export async function using<R>(
  environment: Pick<Environment, "open">,
  model: HostModel,
  use: (backend: Backend) => Promise<R>,
  precision?: WeightDtype
): Promise<R> {
  const backend = await environment.open(model, precision);
  try {
    return await use(backend);
  } finally {
    backend.dispose();
  }
}
