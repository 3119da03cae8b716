import {once} from "node:events";
import {Agent, request as httpRequest} from "node:http";
import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from "node:http";
import {buffer} from "node:stream/consumers";
import {pipeline} from "node:stream/promises";
import {setTimeout as pause} from "node:timers/promises";

export interface Upstream {
  readonly port: number;
  /** Makes of a page what is sent. */
  readonly finish: (html: string) => string;
  /** How long to wait for a server that does not listen, since it starts or starts again. */
  readonly patienceMs?: number;
}

// Never a used connection: the server closes one after five idle seconds, and a process that was busy
// just then has not heard of it when it sends the next request.
const agent = new Agent({keepAlive: false});

const maxBreaks = 3;

/**
 * Sends a request on to another server of this machine. One that only reads is sent again while the
 * server does not listen, and up to three times where its answer broke off. Pages and code are passed
 * on once they are whole; of anything else that breaks off, the reader's connection is cut too.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream
): Promise<void> {
  const left = new AbortController();
  response.once("close", () => left.abort());
  const isRead = request.method === "GET" || request.method === "HEAD";
  const deadline = Date.now() + (upstream.patienceMs ?? 120_000);
  let breaks = 0;
  for (;;) {
    try {
      return await passOn(request, response, upstream, left.signal);
    } catch (error) {
      if (left.signal.aborted) return;
      if (response.headersSent) return void response.destroy();
      const isAway = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
      if (!isAway) breaks++;
      if (!isRead || breaks > maxBreaks || Date.now() > deadline) break;
      await pause(100);
    }
  }
  const sentence = "The preview has stopped; start it again with npm start.\n";
  response.writeHead(502, {"content-type": "text/plain"}).end(sentence);
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  {port, finish}: Upstream,
  signal: AbortSignal
): Promise<void> {
  const {method, url} = request;
  const headers = endToEnd(request.headers);
  const asked = httpRequest({agent, port, host: "127.0.0.1", method, path: url, headers, signal});
  asked.on("error", () => {});
  if (method === "GET" || method === "HEAD") asked.end();
  else request.pipe(asked);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const type = String(answer.headers["content-type"]);
  const status = answer.statusCode ?? 502;
  const isWhole = method === "GET" && /^text\/(html|javascript|css)/.test(type);
  if (!isWhole) {
    response.writeHead(status, endToEnd(answer.headers));
    return pipeline(answer, response);
  }
  const bytes = await buffer(answer);
  const isPage = type.startsWith("text/html");
  const body = isPage ? Buffer.from(finish(bytes.toString("utf8"))) : bytes;
  const passed = endToEnd(answer.headers);
  if (isPage) delete passed.etag;
  if (body.length > 0) passed["content-length"] = String(body.length);
  response.writeHead(status, passed).end(body);
}

/** Headers without those of one connection. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rest = {...headers};
  for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete rest[name];
  return rest;
}
