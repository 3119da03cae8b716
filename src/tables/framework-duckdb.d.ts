declare module "npm:@observablehq/duckdb" {
  import type {AsyncDuckDB} from "@duckdb/duckdb-wasm";
  export function getDefaultClient(): Promise<{readonly _db: AsyncDuckDB}>;
}
