// An agent that is none: it answers as one does, with members that a test makes up.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { headersOf } from "../../agent/src/server/exchange.js";
import type { InfoJson } from "../../agent/src/server/info.js";
import { Page } from "../../agent/src/server/page.js";
import type { MemberJson } from "../../agent/src/server/seen-member.js";
import type { Second } from "../../agent/src/server/traffic.js";

export const PAGE = fileURLToPath(new URL("../../agent/dist/page/index.html", import.meta.url));

/** A member as the mock starts it; what is left out is usual. */
export function member(addr: string, more: Partial<MemberJson> = {}): MemberJson {
  const now = new Date().toISOString();
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
  return {
    addr,
    bump: 1,
    state: "Alive",
    incarnation: 0,
    since: anHourAgo,
    upSince: anHourAgo,
    rttMs: 1.5,
    flaps: 0,
    suspectedBy: null,
    lastHeard: now,
    napUntil: null,
    value: null,
    valueAgeMs: null,
    history: [],
    successor: null,
    ...more,
  };
}

/** So many members at addresses of 10.0.0.0/16. */
export function crowd(count: number): MemberJson[] {
  return Array.from({ length: count }, (_, index) =>
    member("10.0." + (index >> 8) + "." + (index & 255) + ":7946", {
      rttMs: 1 + (index % 40),
      value: "record " + index,
      valueAgeMs: 5000,
    }),
  );
}

/** Leads everybody to the next one, in the order given. */
export function closeCircle(members: readonly MemberJson[]): void {
  const active = members.filter(({ state }) => state === "Alive" || state === "Suspect");
  for (const [index, one] of active.entries()) one.successor = active[(index + 1) % active.length].addr;
}

export interface MockOptions {
  readonly self?: Partial<MemberJson>;
  readonly members?: readonly MemberJson[];
  readonly info?: Partial<InfoJson>;
  /** What has to be sent with every request. */
  readonly token?: string;
}

/** Serves the page that was built, and the API. */
export class MockAgent {
  readonly self: MemberJson;
  readonly members = new Map<string, MemberJson>();
  readonly posts: { path: string; body: Record<string, unknown>; authorization: string | undefined }[] = [];
  readonly seconds: Second[] = [];
  info: Partial<InfoJson>;
  /** The event of which each stream was told last by its reader. */
  readonly lastIds: (string | undefined)[] = [];
  private readonly page = new Page(PAGE);
  private readonly token: string | undefined;
  private readonly streams = new Set<ServerResponse>();
  private readonly ring: { id: number; text: string }[] = [];
  private id = 0;
  private server: Server | undefined;
  private timer: NodeJS.Timeout | undefined;
  private port = 0;

  constructor({ self = {}, members = [], info = {}, token }: MockOptions = {}) {
    this.self = member("127.0.0.1:7946", { bump: 3, ...self });
    for (const one of members) this.members.set(one.addr, one);
    this.info = info;
    this.token = token;
    const nowMs = Date.now();
    for (let ago = 240; ago > 0; ago--) this.seconds.push(this.second(nowMs - ago * 1000));
  }

  get url(): string {
    return "http://127.0.0.1:" + this.port + "/";
  }

  get streamCount(): number {
    return this.streams.size;
  }

  /** Begins, or is there again at the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.timer = setInterval(() => {
      this.seconds.push(this.second(Date.now()));
      this.send("traffic", this.seconds.at(-1));
    }, 1000);
  }

  /** Goes at once, with all its connections. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
    const { server } = this;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  /** Changes members, and tells it. */
  change(...changed: MemberJson[]): void {
    for (const one of changed) if (one !== this.self) this.members.set(one.addr, one);
    this.send("members", { changed, removed: [] });
  }

  remove(...removed: string[]): void {
    for (const addr of removed) this.members.delete(addr);
    this.send("members", { changed: [], removed });
  }

  tell(event: string, msg: string, level = "info"): void {
    const json = JSON.stringify({ level, time: new Date().toISOString(), event, msg });
    const text = "id: " + ++this.id + "\nevent: " + event + "\ndata: " + json + "\n\n";
    this.ring.push({ id: this.id, text });
    for (const stream of this.streams) stream.write(text);
  }

  private send(event: string, value: unknown): void {
    for (const stream of this.streams)
      stream.write("event: " + event + "\ndata: " + JSON.stringify(value) + "\n\n");
  }

  /** Some traffic that goes up and down. */
  private second(atMs: number): Second {
    const step = Math.floor(atMs / 1000);
    const wave = Math.round(
      6 + 3 * Math.sin(step / 17) + 2 * Math.sin(step / 3.1) + (step % 23 === 0 ? 9 : 0),
    );
    const other = Math.round(wave * 0.9 + (step % 3));
    return {
      at: new Date(atMs).toISOString(),
      sent: { datagrams: other, bytes: other * 61 },
      received: { datagrams: wave, bytes: wave * 64 },
      members: this.members.size,
      suspects: 0,
      rttMs: 1.5,
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const { authorization } = request.headers;
    if (path === "/") {
      const { status, body, type, headers } = this.page.answer(request.headers["accept-encoding"]);
      return void response.writeHead(status, headersOf({ type, headers: headers ?? {} })).end(body);
    }
    if (this.token !== undefined && authorization !== "Bearer " + this.token)
      return this.json(response, { error: "send the header Authorization: Bearer TOKEN" }, 401);
    if (request.method === "POST") return this.take(request, response);
    if (path === "/api/info") return this.json(response, this.infoNow());
    if (path === "/api/members")
      return this.json(response, { self: this.self, members: [...this.members.values()] });
    if (path === "/api/traffic") return this.json(response, { seconds: this.seconds });
    if (path === "/api/events") return this.openStream(request, response);
    this.json(response, { error: "there is nothing here" }, 404);
  }

  private openStream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, headersOf({ type: "text/event-stream; charset=utf-8" }));
    const last = request.headers["last-event-id"];
    this.lastIds.push(last === undefined ? undefined : String(last));
    let text = 'retry: 2000\n\nevent: hello\ndata: {"id":' + this.id + "}\n\n";
    for (const event of this.ring) if (event.id > Number(last ?? this.id)) text += event.text;
    response.write(text);
    this.streams.add(response);
    response.on("close", () => this.streams.delete(response));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const path = request.url ?? "";
    const { authorization } = request.headers;
    this.posts.push({ path, body: JSON.parse(text) as Record<string, unknown>, authorization });
    if (path !== "/api/ping") return this.json(response, path === "/api/publish" ? { queued: true } : {});
    const results = [
      { via: null, rttMs: 1.25 },
      { via: "10.0.0.9:7946", rttMs: null },
    ];
    this.json(response, { results });
  }

  private json(response: ServerResponse, value: object, status = 200): void {
    response.writeHead(status, headersOf({ type: "application/json; charset=utf-8" }));
    response.end(JSON.stringify(value));
  }

  private infoNow(): InfoJson {
    const { addr, bump } = this.self;
    return {
      version: "0.1.0",
      identity: { addr, bump },
      bind: addr,
      advertised: { address: addr, why: "the address that is bound" },
      cluster: null,
      codec: "bincode",
      config: { name: "lan", size: this.members.size + 1, values: {} },
      upSeconds: 4711,
      state: this.members.size > 0 ? "connected" : "alone",
      numMembers: this.members.size,
      rttMs: 1.5,
      sealing: null,
      keyIds: null,
      discovery: null,
      troubles: [],
      counters: { sentPing: 4712, sentAck: 4701, receivedPing: 4699 },
      seal: null,
      socketErrors: 0,
      verbs: false,
      ...this.info,
    };
  }
}
