import {describe, expect, it} from "vitest";
import {labelText} from "../../src/components/family-examples.js";
import {endedSentences, markedPieces, storyVerdict} from "../../src/components/story-marks.js";
import {checkStory} from "../../src/corpus/story-checker.js";

const good = "Mary put the ball in the box. Tom smiled. The ball was in the box.";
const bad = "Mary put the ball in the box. Tom smiled. The ball was in the bag. Tom slept.";

describe("markedPieces", () => {
  it("cuts a story where it breaks", () => {
    expect(markedPieces(bad, checkStory(bad).wrong)).toEqual([
      {text: "Mary put the ball in the box. Tom smiled. ", wrong: false},
      {text: "The ball was in the bag.", wrong: true},
      {text: " Tom slept.", wrong: false}
    ]);
  });
  it("marks nothing in a story that holds", () => {
    expect(markedPieces(good, checkStory(good).wrong)).toEqual([{text: good, wrong: false}]);
  });
  it("marks a sentence that breaks twice at both places", () => {
    const wrong = ["No.", "No."];
    expect(markedPieces("No. Yes. No.", wrong).filter((piece) => piece.wrong)).toHaveLength(2);
  });
});

it("endedSentences leaves out the sentence that is being written", () => {
  expect(endedSentences("One. Two is in the b")).toBe("One.");
  expect(endedSentences('One. "Two!" ')).toBe('One. "Two!"');
  expect(endedSentences("It costs 1.5")).toBe("");
});

describe("storyVerdict", () => {
  it("tells a story that holds from one that breaks and one without a claim", () => {
    expect(storyVerdict(checkStory(good))).toBe(
      "Consistent: the one place that it tells again is right."
    );
    expect(storyVerdict(checkStory(bad))).toBe(
      "Breaks: 1 of 1 places that it tells again contradicts the story."
    );
    expect(storyVerdict(checkStory("Tom smiled."))).toMatch(/^Nothing to check/);
    expect(storyVerdict({claims: 3, wrong: ["a", "b"]})).toBe(
      "Breaks: 2 of 3 places that it tells again contradict the story."
    );
  });
});

it("labelText leaves out what is empty", () => {
  expect(labelText({who: ["Mary", "Tom"], act: "open", object: "", n: 2, sure: false})).toBe(
    "who: Mary, Tom · act: open · n: 2 · sure: false"
  );
});
