import type { ServerResponse } from "node:http";
import type { ClusterView } from "./cluster-view.js";
import type { EventRing, RingEvent } from "./event-ring.js";
import { headersOf, Refusal, type Exchange } from "./exchange.js";

const MOST_STREAMS = 128;
/** How much may wait for a slow reader. */
const MOST_BYTES = 256 * 1024;
/** How much of the past is sent at once. */
const MOST_REPLAYED = 128 * 1024;
/** How often changed members are sent, and about how much of them at once. */
const MEMBERS_PERIOD_MS = 250;
const MOST_MEMBERS = 64 * 1024;

/** Streams of what happens (server-sent events). */
export class Streams {
  private readonly ring: EventRing;
  private readonly view: ClusterView;
  private readonly open = new Set<ServerResponse>();
  private timer: NodeJS.Timeout | undefined;

  constructor(ring: EventRing, view: ClusterView) {
    this.ring = ring;
    this.view = view;
    ring.onEvent = (event) => this.send(frameOf(event));
    view.onChange = () => this.plan();
  }

  get size(): number {
    return this.open.size;
  }

  /** Answers with a stream, which begins behind the event that the caller had last. @throws Refusal */
  add({ request, response, query }: Exchange): void {
    if (this.open.size >= MOST_STREAMS)
      throw new Refusal(503, "there are " + MOST_STREAMS + " streams already", { "Retry-After": "5" });
    const last = query.get("since") ?? request.headers["last-event-id"];
    if (last !== undefined && !/^[0-9]{1,15}$/.test(String(last)))
      throw new Refusal(400, "since is the number of an event");
    if (this.open.size === 0) this.view.dropChanges();
    response.writeHead(200, {
      ...headersOf({ type: "text/event-stream; charset=utf-8" }),
      "X-Accel-Buffering": "no",
    });
    const { lastId } = this.ring;
    let text = "retry: 2000\n\n" + frame("hello", JSON.stringify({ id: lastId }));
    if (last !== undefined) {
      const { events, hasGap } = this.ring.since(Number(last), MOST_REPLAYED);
      if (hasGap) text += frame("gap", JSON.stringify({ id: lastId }));
      text += events.map(frameOf).join("");
    }
    response.write(text);
    this.open.add(response);
    response.on("close", () => this.open.delete(response));
  }

  /** Sends an event that has no number, and is not kept. */
  tell(name: string, value: object): void {
    if (this.open.size > 0) this.send(frame(name, JSON.stringify(value)));
  }

  close(): void {
    clearTimeout(this.timer);
    for (const response of this.open) response.end();
  }

  private send(text: string): void {
    if (this.open.size === 0) return;
    const bytes = Buffer.from(text);
    for (const response of this.open) {
      if (response.writableLength + bytes.length > MOST_BYTES) response.destroy();
      else response.write(bytes);
    }
  }

  private plan(): void {
    if (this.timer !== undefined || this.open.size === 0) return;
    this.timer = setTimeout(() => this.sendMembers(), MEMBERS_PERIOD_MS).unref();
  }

  private sendMembers(): void {
    this.timer = undefined;
    if (this.open.size === 0 || !this.view.hasChanges) return;
    this.tell("members", this.view.takeChanges(MOST_MEMBERS));
    if (this.view.hasChanges) this.plan();
  }
}

function frameOf({ id, name, json }: RingEvent): string {
  return "id: " + id + "\n" + frame(name, json);
}

/** @param json on one line */
function frame(name: string, json: string): string {
  return "event: " + name + "\ndata: " + json + "\n\n";
}
