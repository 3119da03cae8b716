import {fitLine, fitPower, fitThroughOrigin} from "../fit/line.js";
import {type AttackRow, FULL_BITS} from "../model/attack/attack-rows.js";
import {controls, forced, HELD_OUT, pick} from "./activation-attacks/laws.js";
import {LIVE, LIVE_A, type LiveSize, liveRows} from "./activation-attacks/live.js";
import {
  byChance,
  byTokens,
  dealtAnew,
  deeper,
  isForetold,
  type Measured,
  partOf,
  readMeasured,
  resistanceOf,
  roundedSlope
} from "./activation-attacks/measured.js";
import {type Claim, isFound, mustHold, type Row, type Verdict} from "./claim.js";
import type {Claims, Environment} from "./environment.js";

export const slug = "activation-attacks";

/** Models whose stored attacks the laws are fitted to. */
const MODELS = ["ladder-25k", "ladder-150k", "ladder-330k"] as const;

const sizes: Readonly<Record<"ci" | "live", LiveSize>> = {
  ci: {reps: 6, steps: 100, roundings: [2]},
  live: {reps: 16, steps: 100, roundings: [2]}
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Fort, "Scaling Laws for Adversarial Attacks on Language Model Activations" (2023): the text that an
 * attacker forces grows as the activations that he controls.
 */
export const claims: Claims = (environment) => claimsOn(environment, sizes[environment.size]);

/** The claims with another number of live attacks. */
export async function* claimsOn(
  environment: Environment,
  size: LiveSize
): AsyncGenerator<Row, void, void> {
  const {seed} = environment;
  const measured: Measured[] = [];
  for (const model of MODELS)
    measured.push(readMeasured(model, await environment.stored(`tables/attacks/${model}.jsonl`)));
  const [small] = measured;
  const now = await liveRows(environment, true, size);
  const untrained = await liveRows(environment, false, size);
  const at = (rows: readonly AttackRow[], bits: number = FULL_BITS) =>
    forced(pick(rows, {dims: small.width, bits}))[0].value;
  const stored = small.law.points.find(({a}) => a === LIVE_A)!.value;
  const vocab = 512;

  const theirs = "models over two orders of magnitude of size, to Pythia-2.8B";
  const setting = {theirs, ours: `${MODELS.join(", ")}: widths 32, 64, 96; up to 16 activations`};
  const anew = {
    theirs,
    ours: `${LIVE}, ${LIVE_A} activations, ${size.reps} texts, attacked here`
  };
  const worst = (of: (one: Measured) => number) => Promise.resolve(Math.min(...measured.map(of)));
  const most = (of: (one: Measured) => number) => Promise.resolve(Math.max(...measured.map(of)));
  const share = (of: (one: Measured) => boolean) =>
    Promise.resolve(mean(measured.map((one) => Number(of(one)))));
  const ratio = (values: readonly number[]) =>
    Promise.resolve(Math.max(...values) / Math.min(...values));
  const must = (claim: Claim) => mustHold(slug, seed, {setting, ...claim});
  const found = (expect: Verdict, claim: Claim) => isFound(slug, seed, {setting, ...claim}, expect);
  const exponent = (slopes: readonly number[]) =>
    fitPower(measured.map(({width}, i) => [width, slopes[i]])).power;
  const slopes = measured.map(({law}) => law.slope.value);
  const others = ({law: {points}}: Measured) =>
    mean(points.filter(({a}) => a !== HELD_OUT).map(({value}) => value));

  yield must({
    claim: "Vectors of random direction and equal length force nothing",
    metric: "share of tokens forced, the largest of the three models and of attacks made here",
    op: "<=",
    threshold: 3 / vocab + 0.02,
    value: () =>
      Promise.resolve(
        Math.max(
          ...[...measured.map(({rows}) => rows), now].map((rows) =>
            mean(controls(rows).map(({success}) => success))
          )
        )
      ),
    control: {
      name: "the vectors that were found",
      value: () => Promise.resolve(mean(pick(now, {dims: small.width}).map((row) => row.success)))
    }
  });
  yield found("holds-here", {
    claim: "Attacks made here force as much as the stored ones",
    setting: anew,
    metric: "t_max of the one over t_max of the other, or its inverse",
    op: "<=",
    threshold: 2,
    value: () => ratio([at(now), stored]),
    control: {name: "rounded to 2 bits", value: () => ratio([at(now, 2), stored])}
  });
  yield found("holds-here", {
    claim: "The text that is forced grows as a line in the activations that are controlled",
    metric: "share of t_max's variance that a line in a explains, the least of three models",
    reported: "linear, up to about 1,000 tokens",
    op: ">=",
    threshold: 0.93,
    value: () => worst(({law}) => law.line.r2),
    control: {
      name: "t_max dealt to other a",
      value: () => most(({law}) => fitLine(dealtAnew(law)).r2)
    }
  });
  yield found("holds-here", {
    claim: "The line goes through the origin, nearly",
    metric: "share of variance that t_max = κ a explains, the least of three models",
    reported: "t_max = κ a",
    op: ">=",
    threshold: 0.93,
    value: () => worst(({law}) => law.proportional.r2),
    control: {
      name: "t_max dealt to other a",
      value: () => most(({law}) => fitThroughOrigin(dealtAnew(law)).r2)
    }
  });
  yield found("not-here", {
    claim: "A line is nearer than a power law, in every model",
    metric: "share of models in which the line explains more of the variance",
    op: ">=",
    threshold: 1,
    value: () => share(({law}) => law.r2.line >= law.r2.power),
    control: {
      name: "a line through t_max dealt to other a",
      value: () => share(({law}) => fitLine(dealtAnew(law)).r2 >= law.r2.power)
    }
  });
  yield found("holds-here", {
    claim: "Each activation forces half a token, at least",
    metric: "lower end of the slope's 95 % band, tokens per activation, the least of three models",
    op: ">=",
    threshold: 0.5,
    value: () => worst(({law}) => law.slope.low),
    control: {
      name: "vectors of random direction",
      value: () =>
        most((one) => fitLine(byChance(one).map(({a, value}) => [a, value] as const)).slope)
    }
  });
  yield found("holds-here", {
    claim: `The line through all other points foretells t_max of ${HELD_OUT} activations`,
    metric: "share of models in which it lies within the 95 % band",
    op: ">=",
    threshold: 1,
    value: () => share(({law}) => isForetold(law)),
    control: {
      name: "the mean of all other points, with a band as wide",
      value: () => share((one) => isForetold(one.law, others(one)))
    }
  });
  yield found("not-here", {
    claim: "An activation forces as much more as it is wider",
    metric: "how far the power of the width in the slope is from 1",
    reported: "1, where χ is constant",
    op: "<=",
    threshold: 0.3,
    value: () => Promise.resolve(Math.abs(exponent(slopes) - 1)),
    control: {
      name: "slopes in the reverse order",
      value: () => Promise.resolve(Math.abs(exponent(slopes.toReversed()) - 1))
    }
  });
  yield found("holds-here", {
    claim: "Attack resistance is the same within a factor of two",
    metric: "largest χ over smallest, three models",
    reported: "about 16 to 25",
    op: "<=",
    threshold: 2,
    value: () => ratio(measured.map((one) => resistanceOf(one, 16).value)),
    control: {
      name: "were the slope that of the narrowest",
      value: () => ratio(measured.map(({width}) => width / slopes[0]))
    }
  });
  yield found("not-here", {
    claim: "Attack resistance is at most 25, with 16 bits a number",
    metric: "χ, bits in for a bit out, the largest of three models",
    reported: "about 16 to 25",
    op: "<=",
    threshold: 25,
    value: () => most((one) => resistanceOf(one, 16).value),
    control: {
      name: "vectors of random direction, the largest share of tokens forced as a slope",
      value: () =>
        most((one) => {
          const each = mean(controls(one.rows).map(({success}) => success));
          return (resistanceOf(one, 16).value * one.law.slope.value) / each;
        })
    }
  });
  yield found("holds-here", {
    claim: "Four bits a number do nearly as much as all",
    metric: "slope with 4 bits over the slope unrounded, the least of three models",
    op: ">=",
    threshold: 0.75,
    value: () => worst((one) => roundedSlope(one, 4) / one.law.slope.value),
    control: {
      name: "2 bits",
      value: () => most((one) => roundedSlope(one, 2) / one.law.slope.value)
    }
  });
  yield found("holds-here", {
    claim: "Half the channels force half as much",
    metric: "furthest that t_max of half, as a share of t_max of all, is from 0.55; 4 activations",
    reported: "t_max ∝ the share of dimensions",
    op: "<=",
    threshold: 0.2,
    value: () => most((one) => Math.abs(partOf(one, one.width / 2, 4) - 0.55)),
    control: {
      name: "all channels",
      value: () => worst((one) => Math.abs(partOf(one, one.width, 4) - 0.55))
    }
  });
  yield found("holds-here", {
    claim: "Before a deeper block the same vectors force less",
    setting: {theirs: "behind the embeddings only", ours: "ladder-25k and ladder-330k, block 1"},
    metric:
      "t_max before block 1 over that before block 0, 4 activations, the larger of two models",
    op: "<=",
    threshold: 0.7,
    value: () =>
      Promise.resolve(Math.max(...[measured[0], measured[2]].map((one) => deeper(one, 1, 4)))),
    control: {
      name: "before block 0",
      value: () =>
        Promise.resolve(Math.min(...[measured[0], measured[2]].map((one) => deeper(one, 0, 4))))
    }
  });
  yield found("holds-here", {
    claim: "Tokens at the same positions force a fifth as much, at most",
    setting: {theirs, ours: "ladder-25k, 8 positions; each token the best of all 511, one by one"},
    metric: "t_max of activations over that of tokens",
    reported: "tokens are far weaker, about 8 for each that is forced",
    op: ">=",
    threshold: 5,
    value: () => Promise.resolve(stored / byTokens(small, LIVE_A)),
    control: {
      name: "vectors of random direction",
      value: () =>
        Promise.resolve(
          byChance(small).find(({a}) => a === LIVE_A)!.value / byTokens(small, LIVE_A)
        )
    }
  });
  yield found("holds-here", {
    claim: "A model that was never trained is forced less",
    setting: anew,
    metric: "t_max of first weights over that of trained ones",
    op: "<=",
    threshold: 0.75,
    value: () => Promise.resolve(at(untrained) / at(now)),
    control: {name: "the trained model", value: () => Promise.resolve(at(now) / at(now))}
  });
}
