import {describe, expect, it} from "vitest";
import {caseGroups, CONTROL, type Verdict} from "./run-cases.js";

/** Asserts the verdict on every case, by which `compiler` made it; a case without one fails. */
export function assertVerdicts(compiler: string, verdicts: readonly Verdict[]): void {
  const of = (op: string, name: string) =>
    verdicts.find((verdict) => verdict.op === op && verdict.name === name)?.failures;

  describe.each(caseGroups)(`$op through ${compiler}`, ({op, cases}) => {
    it.each(cases)("agrees with its twin: $name", ({name}) => expect(of(op, name)).toEqual([]));
  });

  it("notices a wrong expectation", () =>
    expect(of("control", CONTROL)).toEqual([
      "x: value 1 of 2 is 2, expected 3: 3030.3 times the tolerance"
    ]));
}
