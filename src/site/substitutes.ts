/** What a built-in of Framework that cannot work offline gives way to. */
export interface Substitute {
  /** Names that a cell would use; `.name()` is a method of FileAttachment. */
  readonly names: readonly string[];
  /** npm packages that Framework would fetch for them, with the exports that it imports by name. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Other files that Framework would fetch, as `package/path`. */
  readonly files?: readonly string[];
  /** What to use: the end of "X is not part of this project: …". */
  readonly use: string;
}

const samples = [
  ...["aapl", "alphabet", "cars", "citywages", "diamonds", "flare", "industries"],
  ...["olympians", "penguins", "pizza", "weather"]
];

export const substitutes: readonly Substitute[] = [
  {
    names: ["_"],
    packages: {lodash: ["default"]},
    use: "use plain JavaScript, or d3's array functions"
  },
  {
    names: ["dot"],
    packages: {"@viz-js/viz": ["instance"], "@observablehq/dot": []},
    use: "draw the graph with Plot, d3 or vl"
  },
  {
    names: ["mermaid"],
    packages: {mermaid: ["default"], "@observablehq/mermaid": []},
    use: "draw the diagram with svg or d3"
  },
  {
    names: ["L"],
    packages: {leaflet: ["default"]},
    files: [
      "leaflet/dist/leaflet.css",
      ...["layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow"].map(
        (name) => `leaflet/dist/images/${name}.png`
      )
    ],
    use: "draw the map with d3-geo or Plot"
  },
  {
    names: ["mapboxgl"],
    packages: {"mapbox-gl": ["default"]},
    files: ["mapbox-gl/dist/mapbox-gl.css"],
    use: "draw the map with d3-geo or Plot"
  },
  {names: ["echarts"], packages: {echarts: ["default"]}, use: "draw the chart with vl or Plot"},
  {
    names: ["React", "ReactDOM"],
    packages: {react: ["default"], "react-dom": ["createRoot", "default"]},
    use: "build elements with html and Inputs"
  },
  {
    names: ["topojson"],
    packages: {"topojson-client": ["feature", "mesh"]},
    use: "attach GeoJSON and draw it with d3-geo"
  },
  {
    names: ["SQLite", "SQLiteDatabaseClient", ".sqlite"],
    packages: {"sql.js": ["default"], "@observablehq/sqlite": []},
    files: ["sql.js/dist/sql-wasm.wasm"],
    use: "use sql, which runs DuckDB, on a .csv, .arrow or .duckdb file"
  },
  {
    names: ["vg"],
    packages: {
      "@uwdata/vgplot": ["Coordinator", "createAPIContext", "wasmConnector"],
      "@uwdata/mosaic-core": []
    },
    use: "draw the chart with vl and query with sql"
  },
  {names: [".xlsx"], packages: {exceljs: ["default"]}, use: "save the sheet as .csv"},
  {names: [".zip"], packages: {jszip: ["default"]}, use: "attach the files one by one"},
  {
    names: [".parquet"],
    packages: {"parquet-wasm": ["default", "readParquet"]},
    files: ["parquet-wasm/esm/parquet_wasm_bg.wasm"],
    use: 'read it with import {parquetReadObjects} from "hyparquet"'
  },
  {
    names: [...samples, "miserables"],
    packages: {"@observablehq/sample-datasets": []},
    files: [...samples.map((name) => `${name}.csv`), "miserables.json"].map(
      (file) => `@observablehq/sample-datasets/${file}`
    ),
    use: "attach a file of your own with FileAttachment"
  }
];

/** The one sentence for a name that cannot work offline; undefined for any other. */
export function refusal(name: string): string | undefined {
  const substitute = substitutes.find(({names}) => names.includes(name));
  const shown = name.startsWith(".") ? `FileAttachment(…)${name}()` : name;
  return substitute && `${shown} is not part of this project: ${substitute.use}`;
}

/** The same for an npm package. */
export function packageRefusal(name: string): string | undefined {
  const substitute = substitutes.find(({packages}) => name in packages);
  return substitute && `${name} is not part of this project: ${substitute.use}`;
}
