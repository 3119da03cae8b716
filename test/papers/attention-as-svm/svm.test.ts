import {describe, expect, it} from "vitest";
import {
  constraintsOf,
  leastMargin,
  margins
} from "../../../src/papers/attention-as-svm/constraints.js";
import {frobeniusSvm, toEnd} from "../../../src/papers/attention-as-svm/frobenius-svm.js";
import {type Instance, randomInstance} from "../../../src/papers/attention-as-svm/instance.js";
import {correlation, norm} from "../../../src/papers/attention-as-svm/matrix.js";
import {nuclearSvm} from "../../../src/papers/attention-as-svm/nuclear-svm.js";
import {
  defaultPlane,
  planeInstance,
  planePicture,
  startsAround
} from "../../../src/papers/attention-as-svm/plane.js";
import {nuclearNorm, singularValues} from "../../../src/papers/attention-as-svm/svd.js";

const planar = (sequences: (readonly [number, number])[][]): Instance =>
  planeInstance({sequences, labels: sequences.map(() => 1), head: [1, 0]});

describe("frobeniusSvm", () => {
  it("is the widest margin worked by hand", () => {
    // (2, 0) over (0, 0) and (1, 1): 2p ≥ 1 and p − q ≥ 1; both bind at no shorter p than (½, −½)
    const svm = frobeniusSvm(
      constraintsOf(
        planar([
          [
            [2, 0],
            [0, 0],
            [1, 1]
          ]
        ]),
        [0]
      )
    );
    expect(svm.feasible).toBe(true);
    [0.5, 0, -0.5, 0].forEach((value, i) => expect(svm.weights.data[i]).toBeCloseTo(value, 7));
  });

  it("leaves out a constraint that does not bind", () => {
    const svm = frobeniusSvm(
      constraintsOf(
        planar([
          [
            [1, 0],
            [0, 0],
            [-3, 0]
          ]
        ]),
        [0]
      )
    );
    expect([...svm.multipliers]).toEqual([1, 0]);
    expect([...svm.weights.data]).toEqual([1, 0, 0, 0]);
  });

  it("says where no direction puts the tokens first", () => {
    const inside = planar([
      [
        [0, 0],
        [1, 0],
        [-1, 0]
      ]
    ]);
    expect(frobeniusSvm(constraintsOf(inside, [0])).feasible).toBe(false);
    const same = planar([
      [
        [1, 1],
        [1, 1]
      ]
    ]);
    expect(frobeniusSvm(constraintsOf(same, [0])).feasible).toBe(false);
  });

  it("has margins of at least 1, and of 1 where the multiplier is not 0", () => {
    const constraints = constraintsOf(
      randomInstance({samples: 4, tokens: 6, width: 8}, 3),
      [0, 1, 2, 3]
    );
    const {weights, multipliers} = frobeniusSvm(constraints);
    margins(constraints, weights).forEach((margin, a) => {
      expect(margin).toBeGreaterThan(1 - 1e-6);
      if (multipliers[a] > 1e-6) expect(margin).toBeCloseTo(1, 6);
    });
  });
});

describe("nuclearSvm", () => {
  it("is the Frobenius solution where that has rank 1", () => {
    const constraints = constraintsOf(
      planar([
        [
          [2, 0],
          [0, 0],
          [1, 1]
        ]
      ]),
      [0]
    );
    const start = frobeniusSvm(constraints).weights;
    const {weights, gap} = nuclearSvm(constraints, start);
    expect(gap).toBeLessThan(1e-4);
    expect(correlation(weights, start)).toBeCloseTo(1, 5);
    expect(nuclearNorm(weights)).toBeCloseTo(norm(start.data), 3);
  });

  it("has a lower nuclear norm than the Frobenius solution, a lower rank, and margins of 1", () => {
    for (const seed of [1, 2, 3]) {
      const instance = randomInstance({samples: 4, tokens: 6, width: 8}, seed);
      const constraints = constraintsOf(instance, [1, 0, 2, 4]);
      const start = frobeniusSvm(constraints).weights;
      const {weights, gap} = nuclearSvm(constraints, start);
      expect(gap).toBeLessThan(1e-4);
      expect(leastMargin(constraints, weights)).toBeCloseTo(1, 9);
      expect(nuclearNorm(weights)).toBeLessThan(nuclearNorm(start));
      const rank = singularValues(weights).filter((value) => value > 1e-3).length;
      expect(rank).toBeLessThan(4);
    }
  });

  it("bounds every other feasible matrix's norm", () => {
    const instance = randomInstance({samples: 2, tokens: 4, width: 4}, 5);
    const constraints = constraintsOf(instance, [0, 0]);
    const {weights} = nuclearSvm(constraints, frobeniusSvm(constraints).weights);
    for (let i = 0; i < weights.data.length; i++)
      for (const by of [-0.02, 0.02]) {
        const data = weights.data.slice();
        data[i] += by;
        const margin = leastMargin(constraints, {...weights, data});
        expect(nuclearNorm({...weights, data}) / margin).toBeGreaterThan(
          nuclearNorm(weights) * (1 - 1e-4)
        );
      }
  });
});

describe("planePicture", () => {
  it("ends every path on the ray of its SVM, and on two of them as the page opens", () => {
    const {paths, endings} = toEnd(planePicture(defaultPlane, startsAround, 400));
    expect(endings.map(({selected}) => selected).sort()).toEqual([
      [1, 0],
      [2, 2]
    ]);
    for (const {points, ending} of paths) {
      const [[x, y], [p, q]] = [points[points.length - 1], endings[ending].svm!];
      expect((x * p + y * q) / (Math.hypot(x, y) * Math.hypot(p, q))).toBeGreaterThan(0.999);
    }
  });
});
