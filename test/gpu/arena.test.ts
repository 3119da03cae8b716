import fc from "fast-check";
import {expect, it} from "vitest";
import {pack} from "../../src/gpu/arena.js";

it("lays tensors side by side, aligned, none over another or over the end of its buffer", () =>
  fc.assert(
    fc.property(fc.array(fc.integer({min: 1, max: 300}), {maxLength: 40}), (sixteenths) => {
      const bytes = sixteenths.map((n) => 16 * n);
      const {sizes, places} = pack(bytes, 8192);
      expect(places).toHaveLength(bytes.length);
      for (const [buffer, size] of sizes.entries()) {
        expect(size).toBeLessThanOrEqual(8192);
        const inside = places
          .map(({buffer: at, offset}, i) => ({at, offset, end: offset + bytes[i]}))
          .filter(({at}) => at === buffer)
          .sort((a, b) => a.offset - b.offset);
        for (const [i, {offset, end}] of inside.entries()) {
          expect(offset % 256).toBe(0);
          expect(end).toBeLessThanOrEqual(inside[i + 1]?.offset ?? size);
        }
      }
    })
  ));

it("fills holes before it takes another buffer, and gives one of its own to what is larger than most", () => {
  expect(pack([256, 1024, 512, 256], 1024)).toEqual({
    sizes: [1024, 1024],
    places: [
      {buffer: 1, offset: 512},
      {buffer: 0, offset: 0},
      {buffer: 1, offset: 0},
      {buffer: 1, offset: 768}
    ]
  });
  expect(pack([4096, 16], 1024).sizes).toEqual([4096, 256]);
});

it("needs four buffers for the 498 MB of GPT-2 small, within a kilobyte a tensor", () => {
  const [wide, square, mlp] = [768 * 2304, 768 * 768, 768 * 3072].map((n) => 4 * n);
  const block = [wide, square, mlp, mlp, ...Array.from({length: 6}, () => 4 * 768)];
  const tokens = 4 * 768 * 50257;
  const parts = [2 ** 27 - (2 ** 27 % (4 * 768 * 4)), 0];
  parts[1] = tokens - parts[0];
  const bytes = [...parts, 4 * 768 * 1024, ...Array.from({length: 12}, () => block).flat()];
  const total = bytes.reduce((a, b) => a + b, 0);
  const {sizes} = pack(bytes);
  expect(sizes).toHaveLength(Math.ceil(total / 2 ** 27));
  expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(total + 256 * bytes.length);
});
