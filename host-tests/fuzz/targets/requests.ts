// Requests to an agent, at its control address and at that of its page, without a socket.
import {
  validateHeaderName,
  validateHeaderValue,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { FakeNetwork } from "../../../platform/fake/index.js";
import { bincode } from "../../../core/codec.js";
import { lan } from "../../../core/config.js";
import { routesOf } from "../../../agent/src/server/api.js";
import { ClusterView, type AgentNode } from "../../../agent/src/server/cluster-view.js";
import { EventRing } from "../../../agent/src/server/event-ring.js";
import { controlGuard, HttpGuard, type Guard } from "../../../agent/src/server/guard.js";
import { TroubleList } from "../../../agent/src/server/info.js";
import { Metrics } from "../../../agent/src/server/metrics.js";
import { Page } from "../../../agent/src/server/page.js";
import { Router, type Route } from "../../../agent/src/server/router.js";
import type { ServedAgent } from "../../../agent/src/server/served-agent.js";
import { Streams } from "../../../agent/src/server/streams.js";
import { Token } from "../../../agent/src/server/token.js";
import { Traffic } from "../../../agent/src/server/traffic.js";
import { mark } from "../engine/counters.js";
import type { Dice } from "../engine/dice.js";
import { must, type Input, type Target } from "../engine/target.js";
import { mutateJson } from "./json-text.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
const PATHS = [
  "/",
  "/api/info",
  "/api/members",
  "/api/traffic",
  "/api/events",
  "/metrics",
  "/api/publish",
  "/api/ping",
  "/api/leave",
  "/api/keys/reload",
];
const VERBS = new Set(PATHS.slice(6));
const STATUSES = [200, 400, 401, 403, 404, 405, 409, 413, 414, 422, 503];
const HEADERS = [
  "Host: 127.0.0.1:8946",
  "Host: localhost",
  "Host: [::1]:80",
  "Host: evil.example",
  "Origin: http://127.0.0.1:8946",
  "Origin: http://evil.example",
  "Authorization: Bearer " + TOKEN,
  "Authorization: bearer x",
  "Sec-Fetch-Site: cross-site",
  "Sec-Fetch-Site: same-origin",
  "Last-Event-ID: 1",
  "Accept-Encoding: gzip",
  "Content-Length: 0",
];
const WORDS = ["value", "member", "via", "10.0.0.1:7946", "10.0.0.2:7946", "10.0.0.3:7946"];
/** Turns of the promises after which an answer must be there. */
const MOST_TURNS = 40;

/** A request whose text is `METHOD URL`, a line for each header, an empty line, and the body. */
class Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string> = {};
  readonly complete = false;
  readonly socket: { localAddress: string; destroyed: boolean; writableEnded: boolean; destroySoon(): void };
  private readonly body: Buffer;
  private readonly heard: Record<string, ((chunk?: unknown) => void)[]> = {};

  constructor(text: string, localAddress: string) {
    const at = text.indexOf("\n\n");
    const [first, ...lines] = (at < 0 ? text : text.slice(0, at)).split("\n");
    this.body = Buffer.from(at < 0 ? "" : text.slice(at + 2));
    [this.method, this.url = ""] = first.split(" ");
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon > 0) this.headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    this.socket = { localAddress, destroyed: false, writableEnded: false, destroySoon: () => undefined };
  }
  on(name: string, listener: (chunk?: unknown) => void): this {
    (this.heard[name] ??= []).push(listener);
    return this;
  }
  pause(): void {}
  /** Gives the body in two chunks, or has the sender go away in between. */
  give(breaks: boolean): void {
    const half = this.body.length >> 1;
    this.emit("data", this.body.subarray(0, half));
    if (breaks) return this.emit("error");
    this.emit("data", this.body.subarray(half));
    this.emit("end");
  }
  private emit(name: string, chunk?: unknown): void {
    for (const listener of this.heard[name] ?? []) listener(chunk);
  }
}

class Response {
  status = 0;
  text = "";
  isEnded = false;
  headersSent = false;
  readonly destroyed = false;
  readonly writableLength = 0;
  headers: Readonly<Record<string, string | number>> = {};
  private readonly closed: (() => void)[] = [];

  writeHead(status: number, headers: Readonly<Record<string, string | number>>): this {
    must(!this.headersSent, "a second head is sent");
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    }
    this.status = status;
    this.headers = headers;
    this.headersSent = true;
    return this;
  }
  write(text: string | Buffer): void {
    must(this.headersSent && !this.isEnded, "a body comes between its head and its end");
    this.text += String(text);
  }
  end(text: string | Buffer = ""): this {
    this.write(text);
    this.isEnded = true;
    return this;
  }
  destroy(): void {}
  on(name: string, listener: () => void): this {
    if (name === "close") this.closed.push(listener);
    return this;
  }
  close(): void {
    for (const listener of this.closed) listener();
  }
}

class Requests implements Target {
  readonly name = "requests";
  readonly about =
    "requests to an agent: paths, headers, bodies, at the control address and at that of the page";
  readonly covers = ["agent/src/server/"];
  readonly maxRecords = 3;
  readonly maxLength = 700;
  readonly dictionary = [
    ...PATHS,
    ...HEADERS,
    ...WORDS,
    "POST ",
    "GET ",
    "HEAD ",
    "\n",
    "\n\n",
    "?recent=",
    "?since=",
    "%",
  ].map((word) => Uint8Array.from(Buffer.from(word)));
  readonly tally = { requests: 0 };
  private readonly guards: readonly (readonly [Guard, string])[];
  private readonly router: Router;
  private readonly streams: Streams;

  constructor() {
    const token = new Token(TOKEN);
    this.guards = [
      [controlGuard, ""],
      [new HttpGuard(token, true), "127.0.0.1"],
      [new HttpGuard(undefined, true), "::1"],
      [new HttpGuard(token, false), "10.0.0.1"],
    ];
    const agent = makeAgent();
    const view = new ClusterView(bincode);
    view.attach(agent.node);
    for (const { identity } of agent.node.members()) view.up(identity);
    const events = new EventRing();
    for (let i = 0; i < 4; i++) events.add("memberUp", JSON.stringify({ i }));
    const routes = new Map<string, Route>();
    this.router = new Router(routes);
    // Time would decide else.
    (this.router as unknown as { admission: object }).admission = { admit: () => true };
    this.streams = new Streams(events, view);
    const metrics = new Metrics(agent, view, this.router.counts, this.streams);
    const parts = {
      agent,
      view,
      events,
      troubles: new TroubleList(),
      traffic: new Traffic(agent.node, view),
      streams: this.streams,
      metrics: () => Promise.resolve(metrics),
      page: new Page("agent/page/index.html"),
    };
    for (const [path, route] of routesOf(parts)) routes.set(path, route);
  }

  seeds(): Input[] {
    const bodies = ['{"value":"warm"}', '{"member":"10.0.0.2:7946","via":null}', "{}", ""];
    const texts = PATHS.flatMap((path, i) => [
      "GET " + path + "\nHost: 127.0.0.1:8946\n",
      "POST " +
        path +
        "\nHost: 127.0.0.1\nAuthorization: Bearer " +
        TOKEN +
        "\n\n" +
        bodies[i % bodies.length],
    ]);
    return texts.flatMap((text) => [0, 1].map((guard) => [Uint8Array.from([guard, ...Buffer.from(text)])]));
  }

  mutate(record: Uint8Array, _index: number, dice: Dice): Uint8Array | undefined {
    if (record.length < 2) return undefined;
    if (dice.oneIn(8)) return record.with(0, dice.below(256));
    const text = Buffer.from(record.subarray(1)).toString("utf8");
    const at = text.indexOf("\n\n");
    const head = at < 0 ? text : text.slice(0, at);
    const body = at < 0 ? "" : text.slice(at + 2);
    const bytes = (changed: string): Uint8Array => Uint8Array.from([record[0], ...Buffer.from(changed)]);
    if (dice.oneIn(2)) {
      const changed = mutateJson(body === "" ? "{}" : body, WORDS, dice);
      return changed === undefined ? undefined : bytes(head + "\n\n" + changed);
    }
    const lines = head.split("\n");
    if (dice.oneIn(3)) lines[0] = dice.of(["GET ", "POST ", "HEAD ", "PUT "]) + dice.of(PATHS);
    else if (dice.oneIn(2)) lines.push(dice.of(HEADERS));
    else lines.splice(dice.below(lines.length), 1);
    return bytes(lines.join("\n") + "\n\n" + body);
  }

  async run(input: Input): Promise<void> {
    for (const record of input) if (record.length > 1) await this.ask(record);
  }

  private async ask(record: Uint8Array): Promise<void> {
    this.tally.requests++;
    const number = record[0] % 4;
    const [guard, localAddress] = this.guards[number];
    const request = new Request(Buffer.from(record.subarray(1)).toString("utf8"), localAddress);
    const response = new Response();
    this.router.handle(request as unknown as IncomingMessage, response as unknown as ServerResponse, guard);
    request.give(record[0] >= 0xf0);
    for (let i = 0; i < MOST_TURNS && !response.isEnded; i++) await undefined;
    const { status, headers, isEnded } = response;
    const type = String(headers["Content-Type"]);
    const isStream = type.startsWith("text/event-stream");
    must(isEnded || isStream, "there is no answer");
    must(STATUSES.includes(status), "an answer has the status " + status + ": " + response.text);
    must(headers["X-Content-Type-Options"] === "nosniff", "the headers of every answer");
    if (type.startsWith("application/json")) JSON.parse(response.text);
    const path = request.url.split("?")[0];
    if (status === 200 && VERBS.has(path)) this.mustBeAllowed(number, request);
    response.close();
    must(this.streams.size === 0, "a stream stays open");
    mark(number * 256 + (PATHS.indexOf(path) + 1) * 16 + STATUSES.indexOf(status));
  }

  /** Has the agent do something only at the control address, or with the token. */
  private mustBeAllowed(guard: number, request: Request): void {
    must(request.method === "POST", "only POST has the agent do something");
    const hasToken = /^bearer +(\S+) *$/i.exec(request.headers["authorization"] ?? "")?.[1] === TOKEN;
    must(guard === 0 || (guard !== 2 && hasToken), "without the token the agent does something");
  }
}

/** An agent with two members on a network that is none. */
function makeAgent(): ServedAgent {
  const network = new FakeNetwork({ seed: 3 });
  const nodes = [1, 2, 3].map((host) => {
    const { SwimNode } = network.host("10.0.0." + host);
    return new SwimNode({
      port: 7946,
      seeds: ["10.0.0.1:7946"],
      config: lan(8),
      value: "text",
      keys: [{ id: 1, secret: TOKEN }],
    });
  });
  network.advance(20_000);
  const node = Object.create(nodes[0], {
    ping: { value: async () => 1.5 },
    advertised: { value: { address: "10.0.0.1", why: "a test" } },
    found: { value: ["10.0.0.2:7946"] },
  }) as AgentNode;
  return {
    node,
    keyIds: [1],
    isLeaving: false,
    settings: {
      bind: "10.0.0.1:7946",
      identity: undefined,
      seeds: [],
      filename: undefined,
      codec: bincode,
      config: lan(8),
      configName: "lan",
      clusterSize: 8,
      keyFile: "cluster.key",
      sealing: undefined,
      logLevel: "info",
      json: false,
      control: undefined,
      http: undefined,
      discover: true,
      cluster: "home",
      bump: undefined,
      stateFile: undefined,
      logFile: undefined,
    },
    publish: (text) => nodes[0].publish(text),
    readKeysAgain: () => Promise.reject(new Error("line 1: no key")),
    leave: () => Promise.resolve(),
  };
}

export const requests: Target = new Requests();
