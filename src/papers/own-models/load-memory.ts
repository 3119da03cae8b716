import {Arena} from "../../gpu/arena.js";
import {byteLength} from "../../gpu/tensor.js";
import {inMemory} from "../../model/lazy-tensor.js";
import type {ByteRanges} from "../../model/model-files.js";
import {uploadAll} from "../../model/wgsl-weights.js";
import {mustHold, type Row} from "../claim.js";
import type {Environment, HostModel} from "../environment.js";
import {kept} from "../kept.js";
import {modelOf, randomSafetensors} from "./random-files.js";
import {gpt2Small} from "./shapes.js";

/** W3C's default for the most that a binding reaches over. */
const DEFAULT_BINDING = 2 ** 27;

/** What a load asks for, in bytes. */
interface Load {
  /** In the weights' file. */
  readonly file: number;
  /** At most at once: in buffers, sent and not yet settled, and read or made for one write. */
  readonly peak: number;
  /** Of the largest tensor that is bound. */
  readonly binding: number;
}

/** What it takes to put a model of GPT-2 small's shape on a GPU, in bytes counted, not in time. */
export async function* loadMemory(
  slug: string,
  {seed}: Pick<Environment, "seed">
): AsyncGenerator<Row> {
  const streamed = kept(() => load(seed, ({weights}) => weights));
  yield await mustHold(slug, seed, {
    claim:
      "random weights at the true shape of GPT-2 small: put on a GPU in little more memory than they take",
    metric: "bytes in buffers, on their way and read at once, at most, of the file's bytes",
    op: "<=",
    threshold: 1.2,
    value: async () => share(await streamed()),
    control: {
      name: "all weights read first",
      value: async () => share(await load(seed, ({weights}) => inMemory(weights)))
    }
  });
  yield await mustHold(slug, seed, {
    claim:
      "random weights at the true shape of GPT-2 small: its embedding of 154 MB lies in bindings that every device allows",
    metric: "bytes of the largest binding",
    op: "<=",
    threshold: DEFAULT_BINDING,
    value: async () => (await streamed()).binding,
    control: {
      name: "on a device that binds 2 GiB",
      value: async () => (await load(seed, ({weights}) => weights, 2 ** 31)).binding
    }
  });
}

const share = ({peak, file}: Load): number => peak / file;

async function load(
  seed: number,
  prepare: (model: HostModel) => HostModel["weights"],
  largestBinding = DEFAULT_BINDING
): Promise<Load> {
  const shapes = gpt2Small();
  const file = randomSafetensors(shapes.tensors, 1000 * seed + 1);
  let [held, onTheWay, read, peak, binding] = [0, 0, 0, 0, 0];
  const counted: ByteRanges = {
    bytes: file.bytes,
    read(from, to) {
      read += to - from;
      return file.read(from, to);
    }
  };
  const device = {
    make(size: number) {
      held += size;
      return {size} as GPUBuffer;
    },
    write(_: unknown, {byteLength: bytes}: Float32Array | Uint32Array) {
      peak = Math.max(peak, held + onTheWay + read + bytes);
      onTheWay += bytes;
      read = 0;
    },
    destroy: () => {}
  };
  await uploadAll(
    {
      largestBinding,
      arena(tensors) {
        binding = Math.max(...tensors.map(byteLength));
        return new Arena(device, largestBinding, tensors);
      },
      settle: () => Promise.resolve(void (onTheWay = 0))
    },
    prepare(modelOf(shapes, counted)),
    "f32"
  );
  return {file: file.bytes, peak, binding};
}
