import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import {connect} from "node:net";
import type {AddressInfo} from "node:net";
import {transformSync} from "esbuild";
import {forward} from "./forward.js";
import {finishHtml} from "./head.js";
import type {ProblemFeed} from "./problem-feed.js";
import {availableData} from "./project-data.js";
import {sendFile} from "./serve.js";

export interface PreviewOptions {
  /** Where Framework's own preview listens. */
  readonly frameworkPort: number;
  /** Where ours listens; 0 picks a free port. */
  readonly port: number;
  /** What the strict check says of each page. */
  readonly problems: ProblemFeed;
}

/** Framework's preview with the site's data beside it and the strict check's messages on top. */
export async function startPreviewServer(options: PreviewOptions): Promise<Server> {
  const {frameworkPort, port, problems} = options;
  const finish = (html: string) =>
    finishHtml(html).replace("</body>", () => `${overlayScript}</body>`);
  const server = createServer((request, response) => {
    const asked = readAddress(request.url);
    if (asked === undefined) return void response.writeHead(400).end();
    const {pathname, searchParams} = asked;
    if (pathname === "/_workings/problems")
      problems.subscribe(response, searchParams.get("page") ?? "/");
    else if (pathname === "/_workings/overlay.js") sendOverlay(response);
    else if (pathname.startsWith("/data/")) sendData(request, response, pathname.slice(1));
    else void forward(request, response, {port: frameworkPort, finish});
  });
  server.on("upgrade", (request, socket, head) => {
    const upstream = connect(frameworkPort, "127.0.0.1", () => {
      const headers = request.rawHeaders
        .map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`))
        .join("");
      upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy()).on("close", () => socket.end());
    socket.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

export const serverPort = (server: Server): number => (server.address() as AddressInfo).port;

/** Undefined for an address that is none, such as `//` or `/%`. */
function readAddress(url = "/"): URL | undefined {
  try {
    decodeURIComponent(url);
    return new URL(url, "http://localhost");
  } catch {
    return undefined;
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, {"content-type": "application/json", "cache-control": "no-store"});
  response.end(JSON.stringify(value));
}

const overlayScript = '<script type="module" src="/_workings/overlay.js"></script>\n';

function sendOverlay(response: ServerResponse): void {
  const source = readFileSync(new URL("overlay.ts", import.meta.url), "utf8");
  response.writeHead(200, {"content-type": "text/javascript", "cache-control": "no-store"});
  response.end(transformSync(source, {loader: "ts"}).code);
}

/** The same addresses as in a build, straight from the checkout. */
function sendData(request: IncomingMessage, response: ServerResponse, url: string): void {
  const {manifest, sources} = availableData();
  if (url === "data/manifest.json") return sendJson(response, manifest);
  const path = sources.get(decodeURIComponent(url));
  if (path === undefined) response.writeHead(404, {"content-type": "text/plain"}).end("Not found");
  else sendFile(request, response, path);
}
