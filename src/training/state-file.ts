import {isJsonObject, ModelFileError} from "../model/model-file-error.js";
import {parseSafetensors} from "../model/safetensors.js";
import type {HostTensor} from "../model/weights.js";
import type {LmConfig} from "./lm-config.js";
import type {RunState} from "./lm-run.js";
import {safetensorsFile} from "./safetensors-file.js";
import type {NamedTensors, TrainerState} from "./trainer.js";

const PARTS = ["weights", "mean", "square"] as const;

/** What of a state is no tensor. */
interface Progress {
  readonly config: LmConfig;
  readonly step: number;
  readonly trunkStep?: number;
  readonly done: number;
  readonly pending: readonly number[];
}

/** A run's state as a safetensors file in f32, its numbers among the metadata. */
export function encodeState({config, trainer, trunk, done, pending}: RunState): Uint8Array {
  const tensors = new Map<string, HostTensor>();
  const put = (where: string, state: TrainerState) => {
    for (const part of PARTS)
      for (const [name, tensor] of Object.entries(state[part]))
        tensors.set(`${where}/${part}/${name}`, tensor);
  };
  put("run", trainer);
  if (trunk) put("trunk", trunk);
  const progress: Progress = {config, step: trainer.step, trunkStep: trunk?.step, done, pending};
  return safetensorsFile(tensors, "F32", {progress: JSON.stringify(progress)});
}

/**
 * Reads a state, made by a training of this very configuration.
 *
 * @throws {ModelFileError} if it cannot be used, naming what is wrong.
 */
export function decodeState(bytes: Uint8Array, config: LmConfig, file: string): RunState {
  const found = parseSafetensors(bytes, file);
  const progress = readProgress(bytes, file);
  if (JSON.stringify(progress.config) !== JSON.stringify(config))
    throw new ModelFileError(
      `${file}: must be of the configuration that is trained, it was made with another: choose another --work`
    );
  const part = (prefix: string): NamedTensors => {
    const tensors: Record<string, HostTensor> = {};
    for (const name of found.entries.keys())
      if (name.startsWith(prefix)) tensors[name.slice(prefix.length)] = found.tensor(name);
    return tensors;
  };
  const state = (where: string, step: number): TrainerState => ({
    step,
    weights: part(`${where}/weights/`),
    mean: part(`${where}/mean/`),
    square: part(`${where}/square/`)
  });
  const {step, trunkStep, done, pending} = progress;
  return {
    config,
    trainer: state("run", step),
    trunk: trunkStep === undefined ? undefined : state("trunk", trunkStep),
    done,
    pending
  };
}

function readProgress(bytes: Uint8Array, file: string): Progress {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as {
    __metadata__?: {progress?: unknown};
  };
  const progress = parsed(header.__metadata__?.progress);
  if (!isProgress(progress))
    throw new ModelFileError(`${file}: must tell its progress, as the state of a training does`);
  return progress;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isProgress = (value: unknown): value is Progress =>
  isJsonObject(value) &&
  isCount(value.step) &&
  isCount(value.trunkStep ?? 0) &&
  isCount(value.done) &&
  Array.isArray(value.pending) &&
  value.pending.every(Number.isFinite);
