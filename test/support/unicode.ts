import fc from "fast-check";

/** Well-formed text in which some characters are common: every Unicode scalar value may occur. */
export const unicodeText = (common: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...common),
        fc.integer({min: 0, max: 0xd7ff}).map((code) => String.fromCodePoint(code)),
        fc.integer({min: 0xe000, max: 0x10ffff}).map((code) => String.fromCodePoint(code))
      )
    )
    .map((characters) => characters.join(""));
