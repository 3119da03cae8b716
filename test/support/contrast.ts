/** The channels of `#rrggbb`, 0 … 1. */
export const channels = (hex: string): number[] =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);

/** One colour over another, at an opacity. */
export const mix = (over: string, under: string, opacity: number): number[] =>
  channels(over).map((value, i) => opacity * value + (1 - opacity) * channels(under)[i]);

const luminance = (rgb: readonly number[]): number =>
  rgb
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);

/** WCAG 2's contrast ratio. */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
