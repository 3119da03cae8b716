import type {Claims} from "./environment.js";
import {accounting, type Amounts} from "./transcoder-circuits/accounting.js";
import {openHouse, slug} from "./transcoder-circuits/house.js";
import {inPlace} from "./transcoder-circuits/in-place.js";
import {years} from "./transcoder-circuits/years.js";

export {slug};

/** How much is measured. */
interface Setup extends Amounts {
  /** Windows of 256 tokens of held-out text. */
  readonly windows: number;
}

const setups: Readonly<Record<"ci" | "live", Setup>> = {
  ci: {windows: 4, passes: 6, pairs: 200, through: 40, targets: 24, dropped: 16},
  live: {windows: 24, passes: 20, pairs: 1000, through: 200, targets: 60, dropped: 32}
};

/** Dunefsky, Chlenski and Nanda, "Transcoders Find Interpretable LLM Feature Circuits" (2024). */
export const claims: Claims = async function* (environment) {
  const {seed} = environment;
  const {windows, ...amounts} = setups[environment.size];
  const house = await openHouse(environment);
  try {
    yield* inPlace(house, {seed, count: windows});
    yield* accounting(house, seed, amounts);
    yield* years(house, seed);
  } finally {
    house.backend.dispose();
  }
};
