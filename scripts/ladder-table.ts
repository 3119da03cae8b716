import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {LadderRun} from "../src/papers/house-models/ladder.js";
import {LADDER} from "../src/papers/house-models/shipped.js";
import {writeFileAtomic} from "../src/site/atomic.js";

const OUT = "data/tables/ladder.json";

interface Card {
  readonly non_embedding_parameters: number;
  readonly training: {
    readonly budgets: readonly {
      readonly tokens: number;
      readonly natural: {readonly nats_per_token: number};
      readonly generated: {readonly nats_per_token: number};
    }[];
  };
}

/** The runs on a ladder model's card, one for each budget; sizes are without the embeddings. */
function runsOf(model: string): LadderRun[] {
  const path = join("data/models", model, "model.json");
  const {non_embedding_parameters: parameters, training} = JSON.parse(
    readFileSync(path, "utf8")
  ) as Card;
  return training.budgets.map(({tokens, natural, generated}) => ({
    model,
    parameters,
    tokens,
    loss: natural.nats_per_token,
    generatedLoss: generated.nats_per_token
  }));
}

const lines = LADDER.flatMap(runsOf).map((run) => `  ${JSON.stringify(run)}`);
writeFileAtomic(OUT, `[\n${lines.join(",\n")}\n]\n`);
console.log(`${OUT}: ${lines.length} runs of ${LADDER.length} models`);
