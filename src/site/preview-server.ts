import {readFileSync} from "node:fs";
import {createServer, request as httpRequest} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import {connect} from "node:net";
import type {AddressInfo} from "node:net";
import {transformSync} from "esbuild";
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
  const server = createServer((request, response) => {
    const {pathname, searchParams} = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/_workings/problems")
      problems.subscribe(response, searchParams.get("page") ?? "/");
    else if (pathname === "/_workings/overlay.js") sendOverlay(response);
    else if (pathname.startsWith("/data/")) sendData(request, response, pathname.slice(1));
    else forward(request, response, frameworkPort);
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
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

export const serverPort = (server: Server): number => (server.address() as AddressInfo).port;

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

function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const {method, url, headers} = request;
  const upstream = httpRequest({port, host: "127.0.0.1", method, path: url, headers}, (answer) => {
    const isPage = String(answer.headers["content-type"]).startsWith("text/html");
    if (!isPage) {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => {
      const html = finishHtml(Buffer.concat(chunks).toString("utf8"));
      const body = Buffer.from(html.replace("</body>", `${overlayScript}</body>`));
      const headers = {...answer.headers, "content-length": body.length};
      delete headers.etag;
      response.writeHead(answer.statusCode ?? 502, headers);
      response.end(method === "HEAD" ? undefined : body);
    });
  });
  upstream.on("error", () => {
    if (!response.headersSent) response.writeHead(502, {"content-type": "text/plain"});
    response.end("The preview has stopped; start it again with npm start.\n");
  });
  request.pipe(upstream);
}
