import {beforeEach, describe, expect, it} from "vitest";
import {type Arithmetic, Tape} from "../../src/autodiff/tape.js";

/** A number in a place in memory. */
interface Value {
  readonly v: number;
  readonly place: object;
}

const scopes: Set<object>[] = [];
const freed: object[] = [];
const num = (v: number): Value => {
  const place = {};
  scopes.at(-1)?.add(place);
  return {v, place};
};
const free = (place: object) => {
  for (const scope of scopes) scope.delete(place);
  expect(freed).not.toContain(place);
  freed.push(place);
};

const arithmetic: Arithmetic<Value> = {
  add: (a, b) => num(a.v + b.v),
  tidy: (body) => {
    const kept = new Set<object>();
    const scope = new Set<object>();
    scopes.push(scope);
    const result = body((x) => {
      kept.add(x.place);
      return x;
    });
    scopes.pop();
    for (const place of scope)
      if (kept.has(place)) scopes.at(-1)?.add(place);
      else free(place);
    return result;
  },
  free: ({place}) => free(place),
  memory: ({place}) => place
};

let tape: Tape<Value>;
let pulls: string[];
beforeEach(() => {
  tape = new Tape(arithmetic);
  pulls = [];
  freed.splice(0);
});

function times(a: Value, b: Value): Value {
  const y = num(a.v * b.v);
  tape.record({
    outputs: [y],
    inputs: [a, b],
    pullBack: ([dy], [da, db]) => {
      pulls.push(`${da ? "a" : ""}${db ? "b" : ""}`);
      return [da ? num(dy!.v * b.v) : null, db ? num(dy!.v * a.v) : null];
    }
  });
  return y;
}

/** Passes a gradient on as it is, and its value as a view. */
function view(x: Value): Value {
  const y = {...x};
  tape.record({outputs: [y], inputs: [x], pullBack: ([dy]) => [dy]});
  return y;
}

function plus(a: Value, b: Value): Value {
  const y = num(a.v + b.v);
  tape.record({outputs: [y], inputs: [a, b], pullBack: ([dy]) => [dy, dy]});
  return y;
}

/** x² and x³ by one step. */
function powers(x: Value): [Value, Value] {
  const outputs: [Value, Value] = [num(x.v ** 2), num(x.v ** 3)];
  tape.record({
    outputs,
    inputs: [x],
    pullBack: ([ds, dc]) => [num((ds?.v ?? 0) * 2 * x.v + (dc?.v ?? 0) * 3 * x.v ** 2)]
  });
  return outputs;
}

let one: Value;
beforeEach(() => (one = num(1)));

describe("Tape.gradients", () => {
  it("multiplies along a chain", () => {
    const [a, b, c] = [num(2), num(3), num(5)];
    const y = times(times(a, b), c);
    const gradients = tape.gradients(y, one, [a, b, c]);
    expect([a, b, c].map((x) => gradients.get(x)!.v)).toEqual([15, 10, 6]);
  });

  it("adds the gradients of a value that is used twice, by one step or by two", () => {
    const x = num(3);
    const y = plus(times(x, x), times(x, num(7)));
    expect(tape.gradients(y, one, [x]).get(x)!.v).toBe(6 + 7);
  });

  it("adds those of two outputs, and takes one alone", () => {
    const x = num(2);
    const [square, cube] = powers(x);
    expect(tape.gradients(plus(square, cube), one, [x]).get(x)!.v).toBe(4 + 12);
    const [, again] = powers(x);
    expect(tape.gradients(again, num(1), [x]).get(x)!.v).toBe(12);
  });

  it("visits only what lies between, and computes only what is asked for", () => {
    const [a, b, c] = [num(2), num(3), num(5)];
    const inner = times(a, b);
    times(inner, inner);
    const y = times(inner, c);
    const gradients = tape.gradients(y, one, [inner]);
    expect([...gradients]).toEqual([[inner, expect.objectContaining({v: 5})]]);
    expect(pulls).toEqual(["a"]);
  });

  it("has nothing for what the result does not depend on", () => {
    const [a, b] = [num(2), num(3)];
    const other = times(b, b);
    const y = times(a, a);
    expect(tape.gradients(y, one, [b, other]).size).toBe(0);
    expect(pulls).toEqual([]);
  });

  it("gives the result's own gradient", () => {
    const y = times(num(2), num(3));
    expect(tape.gradients(y, one, [y]).get(y)).toBe(one);
  });

  it("knows a view from what it is of, and frees their memory once", () => {
    const x = num(3);
    const product = times(x, x);
    const y = times(view(product), num(2));
    const gradients = tape.gradients(y, one, [x, product]);
    expect(gradients.get(product)!.v).toBe(2);
    expect(gradients.get(x)!.v).toBe(12);
    expect(freed).toContain(product.place);
  });

  it("frees each value and each gradient as soon as it is used, but what is kept or returned", () => {
    const x = num(2);
    const values = [x];
    const alive: number[] = [];
    for (let i = 0; i < 5; i++) {
      const before = values.at(-1)!;
      const y = num(before.v * before.v);
      tape.record({
        outputs: [y],
        inputs: [before],
        pullBack: ([dy]) => {
          alive.push(freed.length);
          return [num(2 * before.v * dy!.v)];
        }
      });
      values.push(y);
    }
    const [, , kept] = values;
    const gradients = tape.gradients(values.at(-1)!, one, [x, kept], [kept]);
    // each step frees its output, and the gradient of it; the kept value and its gradient stay
    expect(alive).toEqual([0, 2, 4, 6, 6]);
    expect(freed).not.toContain(kept.place);
    expect(freed).toContain(one.place);
    for (const gradient of gradients.values()) expect(freed).not.toContain(gradient.place);
    expect(gradients.get(x)!.v).toBe(32 * 2 ** 31);
  });

  it("frees what a pull-back made on the way", () => {
    const x = num(3);
    const y = num(9);
    let scratch: Value | undefined;
    tape.record({
      outputs: [y],
      inputs: [x],
      pullBack: ([dy]) => {
        scratch = num(2 * x.v);
        return [num(scratch.v * dy!.v)];
      }
    });
    expect(tape.gradients(y, one, [x]).get(x)!.v).toBe(6);
    expect(freed).toContain(scratch!.place);
  });

  it("is spent by the walk", () => {
    const x = num(2);
    const y = times(x, x);
    tape.gradients(y, one, [x]);
    expect(tape.gradients(y, num(1), [x]).size).toBe(0);
  });
});
