import {existsSync} from "node:fs";
import {createServer} from "node:net";
import type {Command} from "commander";

interface Options {
  readonly port: string;
  readonly dist?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command("preview")
    .description("show the site while you edit it; with --dist, show what build wrote")
    .option("--port <number>", "0 picks a free port", "3000")
    .option("--dist", "serve dist/ as a static host would")
    .option("--json", "print the address as JSON")
    .action(async ({port: text, dist = false, json = false}: Options) => {
      const {url, close} = await start(readPort(text), dist, json ? () => {} : console.log);
      const after = dist ? "" : ` after ${Math.round(process.uptime())} s`;
      if (json) console.log(JSON.stringify({url}));
      else console.log(`Ready${after}: ${url}\nPress Ctrl-C to stop.`);
      const stop = () => void close().then(() => process.exit(0));
      process.once("SIGINT", stop).once("SIGTERM", stop);
    });
}

async function start(port: number, dist: boolean, say: (sentence: string) => void) {
  try {
    // before anything slow, of which there is much
    await tryPort(port);
    if (!dist) {
      say("Preparing the preview: the program itself …");
      return await (await import("../site/preview.js")).startPreview(port, say);
    }
    if (!existsSync("dist/index.html"))
      throw new Error("preview: dist/ must hold a built site, run npm run build first");
    return await (await import("../site/serve.js")).serveFolder("dist", {port});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    const other = `${dist ? "" : "npm start -- "}--port ${(port + 1) % 65536}`;
    throw new Error(
      `preview: port ${port} must be free, another program listens on it: ${other} takes another`
    );
  }
}

/** @throws {Error} EADDRINUSE */
async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65536) return port;
  throw new Error(`preview: --port must be a whole number below 65536, got ${text}`);
}
