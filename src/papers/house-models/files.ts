import {type JsonObject, parseJsonObject} from "../../model/model-file-error.js";
import {loadModel} from "../../model/checkpoint.js";
import {sha256} from "../../model/sha256.js";
import {mustHold, type Row} from "../claim.js";
import {type Environment, type HostModel, using} from "../environment.js";
import {allLogits, largestDifference} from "../measures.js";
import {perturbed} from "../weight-surgery.js";
import {HOUSE, LADDER, slug} from "./shipped.js";

const MODELS = [...HOUSE, ...LADDER];

/** What every shipped model's files must be: those of the card, and the weights of the export. */
export async function* files(environment: Environment): AsyncGenerator<Row> {
  const {seed} = environment;
  yield mustHold(slug, seed, {
    claim: `the shipped weights of ${MODELS.length} models give the logits of their PyTorch export`,
    metric: "largest difference over the reference logits of all",
    op: "<=",
    threshold: 1e-4,
    value: () => worst(environment, (model) => model),
    control: {
      name: "one weight matrix 1 % larger",
      value: () =>
        worst(environment, ({config, weights}) => ({
          config,
          weights: perturbed(weights, "blocks.1.up.weight", 1.01)
        }))
    }
  });
  const listed = await Promise.all(MODELS.map((name) => filesOfCard(environment, name)));
  const all = listed.flat();
  yield mustHold(slug, seed, {
    claim: "every shipped file is the one on its model's card",
    metric: `files whose sha256 is the card's, of ${all.length}`,
    op: ">=",
    threshold: all.length,
    value: () => matching(all, (bytes) => bytes),
    control: {
      name: "one bit of each changed",
      value: () => matching(all, (bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)))
    }
  });
}

interface Reference {
  readonly tokens: readonly number[];
  /** Base64 f32, `[pos, vocab]`. */
  readonly data: string;
}

/** The largest difference from the stored logits, over every model put through `change`. */
async function worst(
  environment: Environment,
  change: (model: HostModel) => HostModel
): Promise<number> {
  const differences: number[] = [];
  for (const name of MODELS) {
    const shipped = environment.shipped(name);
    const model = await loadModel(shipped);
    const {tokens, data} = parseJsonObject(
      await shipped.read("reference.json"),
      "reference.json"
    ) as unknown as Reference;
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    differences.push(
      await using(environment, change(model), async (backend) => {
        const {logits} = await backend.forward(allLogits([tokens]));
        return largestDifference(logits!.data, new Float32Array(bytes.buffer));
      })
    );
  }
  return Math.max(...differences);
}

interface CardFile {
  readonly wanted: string;
  readonly read: () => Promise<Uint8Array>;
}

/** The files that a card names, its checkpoints included. */
async function filesOfCard(environment: Environment, name: string): Promise<CardFile[]> {
  const folder = environment.shipped(name);
  const card = parseJsonObject(await folder.read("model.json"), "model.json");
  const named = Object.entries(card.files as Readonly<Record<string, JsonObject>>);
  const checkpoints = (card.checkpoints ?? []) as readonly JsonObject[];
  return [...named, ...checkpoints.map((entry) => [String(entry.file), entry] as const)].map(
    ([file, entry]) => ({wanted: String(entry.sha256), read: () => folder.read(file)})
  );
}

async function matching(
  list: readonly CardFile[],
  change: (bytes: Uint8Array) => Uint8Array
): Promise<number> {
  let count = 0;
  for (const {wanted, read} of list) if ((await sha256(change(await read()))) === wanted) count++;
  return count;
}
