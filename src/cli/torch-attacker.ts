import {spawn} from "node:child_process";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import type {AttackOutcome, AttackTask} from "../model/attack/attack.js";
import type {Attacker} from "../model/attack/attack-rows.js";
import {channelMask, type Perturbation} from "../model/attack/perturbation.js";
import type {ModelConfig} from "../model/config.js";
import {checkTorch} from "./train-torch.js";

interface Answer extends AttackOutcome {
  readonly perturbation: string;
  readonly steps: number;
}

/**
 * Attacks a house model in PyTorch, several times as fast as in WebAssembly.
 *
 * @throws {Error} if there is no PyTorch 2; later, if the script ends before its time.
 */
export function openTorchAttacker(
  folder: string,
  {width}: ModelConfig
): Attacker & {close(): void} {
  const python = process.env.WORKINGS_PYTHON ?? "python3";
  checkTorch(python, {option: "--backend: torch", otherwise: "or take --backend wasm"});
  const script = fileURLToPath(new URL("../../scripts/attack_activations.py", import.meta.url));
  const child = spawn(python, ["-W", "ignore", script, folder], {
    stdio: ["pipe", "pipe", "inherit"]
  });
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line: IteratorResult<string, unknown> = await lines.next();
    if (line.done)
      throw new Error(
        `control attacks: ${join("scripts", "attack_activations.py")} must answer, it ended`
      );
    return JSON.parse(line.value) as Answer;
  };
  return {
    async attack(task: AttackTask, {layer = 0, dims = width, seed = 0, steps, learningRate}) {
      const reps = task.contexts.length;
      const channels = channelMask(reps, width, dims, seed);
      const mask = Array.from({length: reps}, (_, rep) =>
        Array.from(channels.subarray(rep * width, (rep + 1) * width))
      );
      const found = await ask({...task, layer, mask, steps, rate: learningRate});
      const shape = [reps, task.positions.length, width] as const;
      return {...found, perturbation: {shape, data: floats(found.perturbation)}};
    },
    outcome: (task: AttackTask, {data}: Perturbation, layer) =>
      ask({...task, layer, perturbation: Buffer.from(data.buffer).toString("base64")}),
    close: () => child.stdin.end()
  };
}

/** The numbers of base64. */
function floats(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float32Array(bytes.buffer);
}
