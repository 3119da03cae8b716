import type {Config} from "vega-lite";

/** Colours of light and dark pages; charts name them as CSS variables, so a change of theme redraws nothing. */
const colors = {
  ink: ["#1d2127", "#e4e7eb"],
  muted: ["#666e79", "#98a1ad"],
  faint: ["#e4e7eb", "#2d333b"],
  accent: ["#2b5fc7", "#79a5ff"],
  second: ["#b8520a", "#ff9e5e"],
  panel: ["#f6f7f9", "#1a1e24"]
} as const;

export type ColorName = keyof typeof colors;

/** A colour of the theme, for CSS and for Vega alike. */
export const color = (name: ColorName): string => `var(--w-${name})`;

const declarations = (dark: 0 | 1) =>
  Object.entries(colors)
    .map(([name, values]) => `--w-${name}: ${values[dark]};`)
    .join(" ");

/** The variables behind `color`, following the reader's light or dark setting; paper is light. */
export const themeCss = `:root { ${declarations(0)} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations(1)} } }`;

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", sans-serif';

const label = {labelColor: color("muted"), labelFontSize: 12, titleColor: color("muted")};

/** Every chart's Vega-Lite configuration: quiet axes, one hue, strength by opacity. */
export const chartConfig: Config = {
  background: "transparent",
  font: fontFamily,
  padding: 2,
  view: {stroke: null},
  mark: {color: color("accent")},
  text: {color: color("ink"), fontSize: 12},
  rule: {color: color("muted")},
  axis: {
    ...label,
    titleFontSize: 12,
    titleFontWeight: "normal",
    domain: false,
    ticks: false,
    grid: false,
    gridColor: color("faint"),
    labelPadding: 6
  },
  axisXDiscrete: {labelAngle: 0},
  axisQuantitative: {grid: true, tickCount: 5},
  legend: {...label, titleFontSize: 12, titleFontWeight: "normal"},
  title: {
    color: color("ink"),
    subtitleColor: color("muted"),
    fontSize: 15,
    subtitleFontSize: 12.5,
    fontWeight: "bold",
    subtitlePadding: 6,
    offset: 14,
    anchor: "start",
    frame: "bounds"
  }
};
