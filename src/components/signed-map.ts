import type {TopLevelSpec} from "vega-lite";
import {cellBox, cellText, columns, layerCells, layers} from "./layer-cells.js";
import {color} from "./theme.js";

interface SignedMap {
  readonly description: string;
  /** The field that numbers the columns from 0. */
  readonly position: "pos" | "head";
  /** A Vega expression for a column's label, keyed by its number. */
  readonly column: string;
  /** A Vega expression for a cell's value. */
  readonly value: string;
  /** More lines of a cell's tooltip: Vega expressions. */
  readonly tooltip: readonly {readonly title: string; readonly shown: string}[];
}

/** How strong the colour of the largest value is; its text must be readable on it. */
export const strongest = 0.45;

/** Layers over columns, a signed number in each cell: blue above zero, orange below, stronger for more. */
export const signedMap = ({
  description,
  position,
  column,
  value,
  tooltip
}: SignedMap): TopLevelSpec => ({
  description,
  data: {name: "rows"},
  transform: [
    {calculate: column, as: "column"},
    {calculate: "isValid(datum.layer) ? datum.layer : -1", as: "order"},
    {calculate: "isValid(datum.layer) ? 'block ' + datum.layer : 'embedding'", as: "where"},
    {calculate: value, as: "value"},
    ...tooltip.map(({shown}, i) => ({calculate: shown, as: `tip_${i}`})),
    {calculate: "abs(datum.value)", as: "strength"},
    {calculate: "datum.strength < 0.005 ? '0' : format(datum.value, '.2f')", as: "shown"}
  ],
  ...layerCells(position, 54),
  encoding: {
    x: columns(position),
    y: layers("where", "order"),
    tooltip: [
      {field: "where", title: "layer"},
      ...tooltip.map(({title}, i) => ({field: `tip_${i}`, title})),
      {field: "value", title: "value", format: ".4f"}
    ]
  },
  layer: [
    {
      mark: cellBox,
      encoding: {
        fill: {
          condition: {test: "datum.value < 0", value: color("second")},
          value: color("accent")
        },
        fillOpacity: {
          field: "strength",
          type: "quantitative",
          scale: {domainMin: 0, range: [0, strongest], nice: false},
          legend: null
        }
      }
    },
    cellText
  ]
});
