import type { IncomingMessage, ServerResponse } from "node:http";

/** What an answer may be asked for, and by whom. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** Whether the caller may have the agent do something. */
  readonly mayPost: boolean;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused, with a sentence that says why. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export function jsonAnswer(value: object, status = 200): Answer {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** Nothing of an answer may be kept, guessed at, or shown within another site. */
const HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

/** The headers of every answer. */
export function headersOf({ type, headers = {} }: Pick<Answer, "type" | "headers">): Record<string, string> {
  return {
    ...HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Content-Type": type,
    ...headers,
  };
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { ...headersOf(answer), "Content-Length": length });
  response.end(answer.body);
}
