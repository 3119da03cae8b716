import {describe, expect, it} from "vitest";
import {choiceProblem} from "../../src/components/column-choice.js";

describe("a choice of columns", () => {
  it("is taken where each column wanted has one of its own", () => {
    expect(choiceProblem({clean: "right", corrupt: "wrong"})).toBe("");
  });
  it("is refused while one is open", () => {
    expect(choiceProblem({clean: "right", corrupt: ""})).toBe("Choose the column that is corrupt.");
  });
  it("is refused where two are the same", () => {
    expect(choiceProblem({id: "n", clean: "text", corrupt: "text"})).toBe(
      "clean and corrupt must be two columns, got text for both."
    );
  });
});
