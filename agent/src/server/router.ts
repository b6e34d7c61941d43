import type { IncomingMessage, ServerResponse } from "node:http";
import { Admission } from "./admission.js";
import { jsonAnswer, Refusal, send, type Answer, type Exchange } from "./exchange.js";
import type { Guard } from "./guard.js";

/** Answers, or returns undefined when it takes care of the response itself. */
export type Handler = (exchange: Exchange) => Answer | undefined | Promise<Answer | undefined>;

/** What is at a path. */
export interface Route {
  readonly GET?: Handler;
  readonly POST?: Handler;
  /** Whether it is the same for everybody, so that no token is needed. */
  readonly isOpen?: boolean;
}

/** How many requests were answered, refused, and refused because there was no time for them. */
export interface RequestCounts {
  answered: number;
  refused: number;
  excess: number;
}

const MOST_PATH = 2048;

/** Leads requests to what answers them. */
export class Router {
  readonly counts: RequestCounts = { answered: 0, refused: 0, excess: 0 };
  private readonly routes: ReadonlyMap<string, Route>;
  private readonly admission = new Admission();

  constructor(routes: ReadonlyMap<string, Route>) {
    this.routes = routes;
  }

  /** Answers a request that came in at an address with that guard. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, guard: Guard): void {
    // Of requests that came all at once, one was turned away.
    if (request.socket.destroyed || request.socket.writableEnded) return;
    if (!this.admission.admit()) return this.turnAway(request, response);
    try {
      const answer = this.answerOf(request, response, guard);
      if (answer instanceof Promise)
        answer.then(
          (later) => this.finish(request, response, later),
          (error) => this.refuse(request, response, error),
        );
      else this.finish(request, response, answer);
    } catch (error) {
      this.refuse(request, response, error);
    }
  }

  private answerOf(request: IncomingMessage, response: ServerResponse, guard: Guard): ReturnType<Handler> {
    const { method = "", url = "" } = request;
    const [path, query] = splitUrl(url);
    const route = this.routes.get(path);
    const mayPost = guard.check(request, route?.isOpen === true);
    if (route === undefined) throw new Refusal(404, "there is nothing here; see docs/OPERATING.md");
    const { GET, POST } = route;
    const exchange = { request, response, query: new URLSearchParams(query), mayPost };
    if ((method === "GET" || method === "HEAD") && GET !== undefined) return GET(exchange);
    if (method !== "POST" || POST === undefined) {
      const allowed = [
        ...(GET === undefined ? [] : ["GET", "HEAD"]),
        ...(POST === undefined ? [] : ["POST"]),
      ];
      throw new Refusal(405, "expected " + allowed.join(" or "), { Allow: allowed.join(", ") });
    }
    if (!mayPost)
      throw new Refusal(
        403,
        "this needs the header Authorization: Bearer TOKEN, and an agent with --http-token-file; or use the control address",
      );
    return POST(exchange);
  }

  private finish(request: IncomingMessage, response: ServerResponse, answer: Answer | undefined): void {
    this.counts.answered++;
    if (answer !== undefined) this.send(request, response, answer);
  }

  private refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    this.counts.refused++;
    const isRefusal = error instanceof Refusal;
    const text = isRefusal ? error.message : "the agent failed at this: " + (error as Error).message;
    const answer = jsonAnswer({ error: text }, isRefusal ? error.status : 500);
    this.send(request, response, isRefusal ? { ...answer, headers: error.headers } : answer);
  }

  /** Says in few bytes that there is no time, and reads no more from there. */
  private turnAway(request: IncomingMessage, response: ServerResponse): void {
    this.counts.excess++;
    response.writeHead(503, { Connection: "close", "Retry-After": "1", "Content-Length": 0 }).end();
    request.socket.destroySoon();
  }

  private send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
    // What is left of a body that nobody wants is not read.
    const isUnread =
      !request.complete && request.headers["content-length"] !== "0" && request.method === "POST";
    send(response, isUnread ? { ...answer, headers: { ...answer.headers, Connection: "close" } } : answer);
  }
}

function splitUrl(url: string): [path: string, query: string] {
  if (url.length > MOST_PATH) throw new Refusal(414, "the path is too long");
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}
