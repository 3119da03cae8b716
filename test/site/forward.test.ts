import {once} from "node:events";
import {createServer as createHttpServer} from "node:http";
import {createServer} from "node:net";
import type {AddressInfo, Server, Socket} from "node:net";
import {afterEach, expect, it} from "vitest";
import {forward} from "../../src/site/forward.js";

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listen(server: Server, port = 0): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What a stub does with each request, told apart by its number and its connection's. */
type Serve = (socket: Socket, request: number, connection: number) => void;

function stub(serve: Serve) {
  const seen = {requests: 0, connections: 0};
  const server = createServer((socket) => {
    const connection = seen.connections++;
    socket.on("data", () => serve(socket, seen.requests++, connection));
  });
  return {seen, server};
}

const finish = (html: string) => html.toUpperCase();

/** A server that forwards to `port`, as the preview does to Framework. */
async function front(port: number, patienceMs = 5000): Promise<string> {
  const server = createHttpServer(
    (request, response) => void forward(request, response, {port, finish, patienceMs})
  );
  return `http://127.0.0.1:${await listen(server)}/`;
}

const head = (length: number, type = "text/javascript") =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;

it("never sends a request over a connection that the server may be closing", async () => {
  const asked = new Set<number>();
  const {server, seen} = stub((socket, _, connection) => {
    if (asked.has(connection)) return void socket.resetAndDestroy();
    asked.add(connection);
    socket.write(`${head(4)}code`);
  });
  const url = await front(await listen(server));
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, "code"]);
  }
  expect(seen).toEqual({requests: 3, connections: 3});
});

it("asks again where the connection was reset, three times and no more", async () => {
  const {server, seen} = stub((socket, request) => {
    if (request < 3) socket.resetAndDestroy();
    else socket.write(`${head(4, "text/html")}page`);
  });
  const answer = await fetch(await front(await listen(server)));
  expect([answer.status, await answer.text(), seen.requests]).toEqual([200, "PAGE", 4]);

  const dead = stub((socket) => socket.resetAndDestroy());
  const refused = await fetch(await front(await listen(dead.server)));
  expect([refused.status, dead.seen.requests]).toEqual([502, 4]);
  expect(await refused.text()).toContain("start it again with npm start");
});

it("asks for code again that broke off, and passes it on whole", async () => {
  const {server, seen} = stub((socket, request) => {
    socket.write(`${head(10)}export`, () => request === 0 && socket.destroy());
    if (request > 0) socket.write(" {}\n");
  });
  const answer = await fetch(await front(await listen(server)));
  expect([await answer.text(), seen.requests]).toEqual(["export {}\n", 2]);
});

it("cuts the reader's connection where a file breaks off, in place of leaving it open", async () => {
  const {server} = stub((socket) => {
    socket.write(`${head(10, "application/octet-stream")}half`, () => socket.destroy());
  });
  const reads = fetch(await front(await listen(server))).then((answer) => answer.arrayBuffer());
  await expect(reads).rejects.toThrow();
});

it("waits for a server that starts again, as long as it is told to", async () => {
  const {server} = stub((socket) => socket.write(`${head(4)}code`));
  const port = await listen(createServer());
  servers.pop()!.close();
  const waits = fetch(await front(port));
  await new Promise((resolve) => setTimeout(resolve, 400));
  await listen(server, port);
  expect((await waits).status).toBe(200);

  const nowhere = await listen(createServer());
  servers.pop()!.close();
  expect((await fetch(await front(nowhere, 200))).status).toBe(502);
});

it("does not send twice what may change something", async () => {
  const {server, seen} = stub((socket) => socket.resetAndDestroy());
  const answer = await fetch(await front(await listen(server)), {method: "POST", body: "x"});
  expect([answer.status, seen.requests]).toEqual([502, 1]);
});

it("lets go of the server when the reader has gone", async () => {
  let closed = () => {};
  const gone = new Promise<void>((resolve) => (closed = resolve));
  const {server} = stub((socket) => socket.on("close", () => closed()));
  const stop = new AbortController();
  const reads = fetch(await front(await listen(server)), {signal: stop.signal});
  await new Promise((resolve) => setTimeout(resolve, 200));
  stop.abort();
  await expect(reads).rejects.toThrow();
  await gone;
});
