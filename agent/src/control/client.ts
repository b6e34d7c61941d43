import { statSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { createParser } from "eventsource-parser";
import { controlFolder, controlPath, controlPaths } from "./socket-path.js";

/** How long an agent may take to answer; a ping through others takes seconds. */
const PATIENCE_MS = 30_000;
/** More than the answer about ten thousand members. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** No agent answers at a control address. */
export class NoAgentError extends Error {}

/** It is not clear which agent is meant. */
export class UnclearAgentError extends Error {}

/** An agent refused what it was asked, and said why. */
export class RefusedError extends Error {}

/** Which agent is meant: that at a control address, or that at a UDP port; the only one when neither is given. */
export interface AgentChoice {
  control?: string;
  port?: number;
}

/** One event of an agent's stream. */
export interface AgentEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Speaks with an agent at its control address. */
export class AgentClient {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws NoAgentError, RefusedError */
  async get<T>(path: string): Promise<T> {
    return (await this.ask("GET", path)) as T;
  }

  /** @throws NoAgentError, RefusedError */
  async post<T>(path: string, body: object = {}): Promise<T> {
    return (await this.ask("POST", path, body)) as T;
  }

  /** Calls back with each event as it comes. Resolves when the agent ends the stream, or `signal` does. @throws NoAgentError, RefusedError */
  async events(path: string, onEvent: (event: AgentEvent) => void, signal?: AbortSignal): Promise<void> {
    const answer = await this.send("GET", path, undefined, { accept: "text/event-stream" }, signal);
    if (answer.statusCode !== 200) throw refused(answer, await bodyOf(answer));
    const parser = createParser({
      onEvent: ({ event = "message", id, data }) => onEvent({ name: event, id, data: parse(data) }),
    });
    answer.setEncoding("utf8");
    try {
      for await (const text of answer) parser.feed(text as string);
    } catch (error) {
      // The agent is gone, or we have enough.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ECONNRESET" && code !== "ABORT_ERR") throw error;
    }
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.send(method, path, body, { accept: "application/json" });
    answer.setTimeout(PATIENCE_MS, () => answer.destroy(new NoAgentError("the agent does not answer")));
    const text = await bodyOf(answer);
    if (answer.statusCode !== 200) throw refused(answer, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new RefusedError("what answers at " + this.path + " is no agent: its answer is no JSON");
    }
  }

  private send(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const more =
      text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const options = {
        socketPath: this.path,
        method,
        path,
        headers: { host: "localhost", ...headers, ...more },
        ...(signal === undefined ? {} : { signal }),
      };
      const asking = request(options, resolve);
      asking.setTimeout(PATIENCE_MS, () => asking.destroy(new NoAgentError("the agent does not answer")));
      asking.on("response", () => asking.setTimeout(0));
      asking.on("error", (error) => reject(this.explain(error)));
      asking.end(text);
    });
  }

  private explain(error: NodeJS.ErrnoException): Error {
    if (error instanceof NoAgentError) return error;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such control address",
      ECONNREFUSED: "nobody listens there; it is left over from an agent that was killed",
      EACCES: "this user may not use it",
      ECONNRESET: "the agent ended",
      EPIPE: "the agent ended",
    };
    return new NoAgentError(
      "no agent answers at " + this.path + ": " + (reasons[error.code ?? ""] ?? error.message),
    );
  }
}

/** Returns a client of the agent that is meant. @throws NoAgentError, UnclearAgentError */
export async function findAgent({ control, port }: AgentChoice): Promise<AgentClient> {
  if (control !== undefined) return new AgentClient(control);
  checkFolder(controlFolder());
  if (port !== undefined) return new AgentClient(controlPath(port));
  const paths = controlPaths();
  const live = await Promise.all(paths.map(isLive));
  const found = paths.filter((_, index) => live[index]);
  if (found.length === 1) return new AgentClient(found[0]);
  if (found.length > 1)
    throw new UnclearAgentError(
      "there are " + found.length + " agents here; choose one by --control or --port: " + found.join(", "),
    );
  throw new NoAgentError(
    "no agent of this user runs here; start one (xswim agent), or name its --control address",
  );
}

/** Anybody may make a folder of that name where all may write, and answer there in an agent's name. @throws NoAgentError */
function checkFolder(folder: string): void {
  const owner = process.getuid === undefined ? undefined : statSync(folder, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === process.getuid?.()) return;
  throw new NoAgentError(folder + " belongs to another user; name the agent's --control address");
}

/** Whether somebody listens there. Where this user may not ask, somebody does. */
function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (isLive: boolean): void => {
      socket.destroy();
      resolve(isLive);
    };
    socket.on("connect", () => answer(true));
    socket.on("error", (error: NodeJS.ErrnoException) => answer(error.code === "EACCES"));
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    length += (chunk as Buffer).length;
    if (length > MAX_ANSWER_BYTES) throw new RefusedError("the answer is too long");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What an answer that is no success says. */
function refused({ statusCode }: IncomingMessage, text: string): RefusedError {
  const { error } = parse(text);
  return new RefusedError(typeof error === "string" ? error : "the agent answered with status " + statusCode);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
