import {AsyncDuckDB as Base, AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import {tableFromIPC, tableToIPC} from "apache-arrow";

export * from "@duckdb/duckdb-wasm";

const {insertArrowFromIPCStream} = AsyncDuckDBConnection.prototype;

/** Takes both of Arrow's formats; DuckDB's own reads nothing from the one that files have. */
AsyncDuckDBConnection.prototype.insertArrowFromIPCStream = function (buffer, options) {
  const isFile = new TextDecoder().decode(buffer.subarray(0, 6)) === "ARROW1";
  const stream = isFile ? tableToIPC(tableFromIPC(buffer), "stream") : buffer;
  return insertArrowFromIPCStream.call(this, stream, options);
};

export class AsyncDuckDB extends Base {
  /** Inflates the wasm, unless the host has done so by taking it for a compressed answer. */
  async instantiate(url, pthread) {
    const response = await fetch(`${url}?${WASM_VERSION}`);
    if (!response.ok)
      throw new Error(`DuckDB: ${url} must be on the site, got status ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const stream = new Blob([bytes]).stream();
    const body = isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
    const headers = {"content-type": "application/wasm"};
    const local = URL.createObjectURL(await new Response(body, {headers}).blob());
    try {
      return await super.instantiate(local, pthread);
    } finally {
      URL.revokeObjectURL(local);
    }
  }

  /** Reads large files in ranges, and never fetches an extension from DuckDB's vendor. */
  async open(config = {}) {
    await super.open({...config, filesystem: {forceFullHTTPReads: false, ...config.filesystem}});
    const connection = await this.connect();
    try {
      await connection.query("SET autoinstall_known_extensions = false");
      await connection.query("SET autoload_known_extensions = false");
    } finally {
      await connection.close();
    }
  }
}
