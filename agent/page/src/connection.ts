import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { Store } from "./store.js";
import { keepToken, readToken } from "./token.js";
import type { AgentEvent, Changes, Info, Members, PingResult, Second } from "./wire.js";

/** The pause after a failure grows from the first to the last of these. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The agent says something each second; after such a silence it is gone. */
const SILENCE_MS = 10_000;
const INFO_PERIOD_MS = 5000;
/** Members are told whole again so often, in case something was missed. */
const MEMBERS_PERIOD_MS = 30_000;
const PATIENCE_MS = 10_000;

/** An answer that is not 200, and the agent's reason. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/** Keeps the store up to what the agent says, and tells the agent what to do. */
export class Connection {
  private readonly store: Store;
  private token = readToken();
  private lastId = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private events: AgentEvent[] = [];
  private stream: AbortController | undefined;
  private heardMs = 0;
  /** Ends a pause. */
  private goOn: () => void = () => undefined;

  constructor(store: Store) {
    this.store = store;
  }

  /** Goes on for ever. */
  async run(): Promise<never> {
    setInterval(() => this.check(), 1000);
    addEventListener("online", () => this.goOn());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.goOn();
    });
    for (;;) {
      try {
        await this.follow();
        this.failed("the agent ended the connection");
      } catch (error) {
        this.failed(reasonOf(error), error instanceof Refused ? error.status : 0);
      }
      await this.pause();
    }
  }

  retryNow(): void {
    this.goOn();
  }

  setToken(token: string): void {
    this.token = token;
    keepToken(token);
    this.goOn();
  }

  async publish(value: string): Promise<void> {
    await this.ask("/api/publish", { value });
  }

  async ping(member: string): Promise<PingResult[]> {
    return (await this.ask<{ results: PingResult[] }>("/api/ping", { member })).results;
  }

  async leave(): Promise<void> {
    await this.ask("/api/leave", {});
  }

  private async follow(): Promise<void> {
    const stream = (this.stream = new AbortController());
    this.heardMs = performance.now();
    const timers: number[] = [];
    try {
      const headers = {
        ...this.headers(),
        Accept: "text/event-stream",
        "Last-Event-ID": String(this.lastId),
      };
      const response = await fetch("/api/events", { headers, signal: stream.signal, cache: "no-store" });
      if (!response.ok || response.body === null) throw await refusalOf(response);
      const reading = this.read(response.body);
      // A reading that fails while the rest is asked for is told below.
      reading.catch(() => undefined);
      await this.loadInfo();
      await this.loadMembers();
      this.store.setSeconds((await this.ask<{ seconds: Second[] }>("/api/traffic")).seconds);
      this.pauseMs = FIRST_PAUSE_MS;
      this.store.setLink({ kind: "live" });
      timers.push(setInterval(() => void this.quietly(() => this.loadInfo()), INFO_PERIOD_MS));
      timers.push(setInterval(() => void this.quietly(() => this.loadMembers()), MEMBERS_PERIOD_MS));
      await reading;
    } finally {
      for (const timer of timers) clearInterval(timer);
      stream.abort();
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({ onEvent: (message) => this.handle(message) });
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heardMs = performance.now();
      parser.feed(decoder.decode(value, { stream: true }));
      this.store.addEvents(this.events);
      this.events = [];
    }
  }

  private handle({ event, data, id }: EventSourceMessage): void {
    const value = JSON.parse(data) as unknown;
    if (event === "members") return this.store.change(value as Changes);
    if (event === "traffic") return this.store.addSecond(value as Second);
    if (event === "hello") return this.greet((value as { id: number }).id);
    if (event === "gap") return this.tellGap();
    if (id !== undefined) this.lastId = Number(id);
    this.events.push(value as AgentEvent);
  }

  /** An agent that was started again counts its events anew. */
  private greet(id: number): void {
    if (id < this.lastId) this.lastId = id;
  }

  private tellGap(): void {
    const isFirst = this.store.events.length === 0 && this.events.length === 0;
    if (!isFirst) this.events.push({ time: "", event: "gap", msg: "Some events are missing here." });
  }

  private async loadInfo(): Promise<void> {
    this.store.setInfo(await this.ask<Info>("/api/info"));
  }

  private async loadMembers(): Promise<void> {
    const askedMs = performance.now();
    this.store.setMembers(await this.ask<Members>("/api/members"), askedMs);
  }

  /** What fails here fails for the stream too, which tells it. */
  private async quietly(load: () => Promise<void>): Promise<void> {
    try {
      await load();
    } catch {
      return;
    }
  }

  /** Asks, or posts a body. A busy agent is asked again. @throws Refused */
  private async ask<T>(path: string, body?: object): Promise<T> {
    const init: RequestInit = { headers: this.headers(), cache: "no-store" };
    if (body !== undefined) Object.assign(init, { method: "POST", body: JSON.stringify(body) });
    for (let trial = 1; ; trial++) {
      const response = await fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (response.ok) return (await response.json()) as T;
      if (response.status !== 503 || trial === 4) throw await refusalOf(response);
      await sleep(trial * 300);
    }
  }

  private headers(): Record<string, string> {
    return this.token === undefined ? {} : { Authorization: "Bearer " + this.token };
  }

  private failed(reason: string, status = 0): void {
    const { store } = this;
    if (status === 401) return store.setLink({ kind: "locked", reason });
    const sinceMs = store.link.kind === "gone" ? store.link.sinceMs : Date.now();
    store.setLink({ kind: "gone", sinceMs, retryAtMs: Date.now() + this.pauseMs, reason });
  }

  private async pause(): Promise<void> {
    const isLocked = this.store.link.kind === "locked";
    await new Promise<void>((resolve) => {
      const timer = isLocked ? undefined : setTimeout(resolve, this.pauseMs);
      this.goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.goOn = () => undefined;
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    if (isLocked) this.store.setLink({ kind: "connecting" });
  }

  private check(): void {
    this.store.tick();
    if (performance.now() - this.heardMs > SILENCE_MS) this.stream?.abort(new Error("it says nothing"));
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  let reason = "it answers with status " + response.status;
  try {
    const { error } = (await response.json()) as { error?: unknown };
    if (typeof error === "string") reason = error;
  } catch {
    // Its status has to do.
  }
  return new Refused(response.status, reason);
}

function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return "it cannot be reached";
  return error instanceof Error ? error.message : String(error);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
