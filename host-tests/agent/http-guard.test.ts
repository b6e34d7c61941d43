// What comes in over the network, or from a page of another site.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { jsonAnswer } from "../../agent/src/server/exchange.js";
import { readObject } from "../../agent/src/server/body.js";
import { HttpGuard, type Guard } from "../../agent/src/server/guard.js";
import { Listener, type Patience } from "../../agent/src/server/listener.js";
import { policyOf } from "../../agent/src/server/page.js";
import { Router, type Route } from "../../agent/src/server/router.js";
import { Token } from "../../agent/src/server/token.js";
import { ask, type Reply } from "./support/http.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
const BEARER = { authorization: "Bearer " + TOKEN };

let listener: Listener | undefined;
afterEach(() => listener?.close());

/** A server whose paths answer who asked; returns its port. */
async function open(
  guard: Guard = new HttpGuard(undefined, true),
  patience?: Patience,
): Promise<{ port: number; router: Router }> {
  const routes = new Map<string, Route>([
    ["/", { GET: () => jsonAnswer({ page: true }), isOpen: true }],
    ["/api/info", { GET: ({ mayPost }) => jsonAnswer({ mayPost }) }],
    ["/api/publish", { POST: async ({ request }) => jsonAnswer(await readObject(request)) }],
    ["/api/broken", { GET: () => Promise.reject(new Error("<b>\u0000")) }],
  ]);
  listener = new Listener(guard, patience);
  await listener.listen({ address: "127.0.0.1", port: 0 });
  const router = new Router(routes);
  listener.serve(router);
  return { port: listener.port, router };
}

function get(at: number, headers: Record<string, string> = {}, path = "/api/info"): Promise<Reply> {
  return ask({ at, path, headers });
}

test.each(["127.0.0.1:1234", "localhost:8946", "LocalHost", "127.0.0.1", "[::1]:80"])(
  "answers-at-the-host-%s",
  async (host) => {
    const { port } = await open();
    expect((await get(port, { host })).status).toBe(200);
  },
);

test.each([
  "evil.example",
  "evil.example:8946",
  "127.0.0.1.evil.example",
  "192.168.1.10:8946",
  "localhost@x",
])("does-not-answer-at-the-host-%s-which-a-name-server-may-have-led-here", async (host) => {
  const { port } = await open();
  const { status, text } = await get(port, { host });
  expect([status, text]).toEqual([
    403,
    '{"error":"the header Host must be the address of the agent, or localhost"}',
  ]);
  expect((await get(port, { host }, "/")).status).toBe(403);
});

test.each([
  "http://evil.example",
  "null",
  "http://localhost:3000",
  "https://localhost:8946",
  "http://127.0.0.1:8946",
])("does-not-answer-a-page-of-the-site-%s", async (origin) => {
  const { port } = await open(new HttpGuard(new Token(TOKEN), true));
  const headers = { host: "localhost:8946", origin, ...BEARER };
  expect((await get(port, headers)).status).toBe(403);
  expect((await ask({ at: port, method: "POST", path: "/api/publish", headers })).status).toBe(403);
});

test("answers-its-own-page", async () => {
  const { port } = await open();
  const own = { host: "localhost:8946", origin: "http://localhost:8946", "sec-fetch-site": "same-origin" };
  const { status, headers } = await get(port, own);
  expect(status).toBe(200);
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
});

test("does-not-let-another-site-embed-what-it-answers", async () => {
  const { port } = await open();
  expect((await get(port, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  // A link there leads to the page.
  expect((await get(port, { "sec-fetch-site": "cross-site" }, "/")).status).toBe(200);
});

test("is-told-to-do-something-only-with-the-token", async () => {
  const { port } = await open(new HttpGuard(new Token(TOKEN), true));
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await ask({ at: port, method: "POST", path: "/api/publish", headers, body: "{}" })).status;
  expect(await post({})).toBe(403);
  expect(await post({ authorization: "Bearer " + TOKEN.slice(1) })).toBe(401);
  expect(await post({ authorization: "Basic " + TOKEN })).toBe(401);
  expect(await post({ authorization: "" })).toBe(401);
  expect(await post(BEARER)).toBe(200);
  expect((await get(port)).text).toBe('{"mayPost":false}');
  expect((await get(port, BEARER)).text).toBe('{"mayPost":true}');
});

test("is-told-nothing-to-do-where-there-is-no-token", async () => {
  const { port } = await open();
  const { status, text } = await ask({ at: port, method: "POST", path: "/api/publish", body: "{}" });
  expect(status).toBe(403);
  expect(text).toContain("--http-token-file");
});

test("tells-other-machines-nothing-without-the-token-but-shows-them-the-page-that-asks-for-it", async () => {
  const { port } = await open(new HttpGuard(new Token(TOKEN), false));
  expect((await get(port)).status).toBe(401);
  expect((await get(port, {}, "/nowhere")).status).toBe(401);
  expect((await get(port, {}, "/")).status).toBe(200);
  expect((await get(port, BEARER)).status).toBe(200);
});

test.each([
  "/../../etc/passwd",
  "/%2e%2e/package.json",
  "//etc/passwd",
  "/index.html",
  "/api/info/..",
  "/__proto__",
])("has-nothing-at-%s", async (path) => {
  const { port } = await open();
  expect((await get(port, {}, path)).status).toBe(404);
});

test("says-which-methods-there-are", async () => {
  const { port } = await open();
  for (const method of ["PUT", "DELETE", "OPTIONS", "POST"]) {
    const { status, headers } = await ask({ at: port, method, path: "/api/info" });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  }
  const { status, headers } = await get(port, {}, "/api/publish");
  expect([status, headers.allow]).toEqual([405, "POST"]);
});

test("refuses-what-is-too-long-or-no-json", async () => {
  const { port } = await open(new HttpGuard(new Token(TOKEN), true));
  const post = (body: string): Promise<Reply> =>
    ask({ at: port, method: "POST", path: "/api/publish", headers: BEARER, body });
  expect((await post('{"value":"' + "x".repeat(60_000) + '"}')).status).toBe(200);
  expect((await post('{"value":"' + "x".repeat(65_536) + '"}')).status).toBe(413);
  for (const body of ["{", "[]", "null", '"text"', "\u0000"]) expect((await post(body)).status).toBe(400);
  expect((await get(port, { "x-long": "x".repeat(20_000) })).status).toBe(431);
  expect((await get(port, {}, "/api/info?" + "x".repeat(3000))).status).toBe(414);
});

test("tells-as-json-what-failed-whatever-is-in-it", async () => {
  const { port } = await open();
  const { status, headers, text } = await get(port, {}, "/api/broken");
  expect([status, headers["content-type"]]).toEqual([500, "application/json; charset=utf-8"]);
  expect(text).toBe('{"error":"the agent failed at this: <b>\\u0000"}');
});

/** A connection on which that text was sent. */
async function connection(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => (socket.destroyed ? resolve(true) : socket.resume().on("close", resolve)));
}

test("does-not-wait-for-who-sends-nothing-or-too-slowly", async () => {
  const patience = { headersMs: 200, requestMs: 400, idleMs: 600, checkMs: 50 };
  const { port } = await open(new HttpGuard(new Token(TOKEN), true), patience);
  const head =
    "POST /api/publish HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + BEARER.authorization + "\r\n";
  const texts = ["", "GET / HTTP/1.1\r\nHost: lo", head + "Content-Length: 100\r\n\r\n{"];
  const sockets = await Promise.all(texts.map((text) => connection(port, text)));
  await Promise.all(sockets.map(closed));
  expect((await get(port)).status).toBe(200);
});

test("has-256-connections-at-most", async () => {
  const { port } = await open();
  const sockets = await Promise.all(Array.from({ length: 256 }, () => connection(port, "")));
  const more = await connection(port, "GET /api/info HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await closed(more);
  expect(more.bytesRead).toBe(0);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(async () => (await get(port).catch(() => undefined))?.status, { timeout: 20_000 })
    .toBe(200);
});

test("turns-away-quickly-what-comes-faster-than-it-can-be-answered", async () => {
  const { port, router } = await open();
  const one = "GET /api/info HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const sockets = await Promise.all(Array.from({ length: 40 }, () => connection(port, one.repeat(500))));
  for (const socket of sockets) socket.resume();
  const { counts } = router;
  await expect.poll(() => counts.excess > 0 || counts.answered === 20_000, { timeout: 20_000 }).toBe(true);
  for (const socket of sockets) socket.destroy();
  await sleep(20);
  expect((await get(port)).status).toBe(200);
});

test("lets-the-page-run-its-own-scripts-only", () => {
  const policy = policyOf("<style>a{}</style><script type=module>1</script>\r\n<script>2</script>");
  expect(policy).toMatch(/script-src 'sha256-\S+' 'sha256-\S+'; style-src 'sha256-\S+';/);
  expect(policy).not.toContain("unsafe");
  expect(policyOf("<p>")).toContain("script-src 'none'");
});
