/** How much is kept. */
const MOST_EVENTS = 512;
const MOST_CHARACTERS = 1 << 20;

/** An event as a line of `--json`, with its number. */
export interface RingEvent {
  readonly id: number;
  /** Such as `memberUp`. */
  readonly name: string;
  /** A JSON object, on one line. */
  readonly json: string;
}

/** The last events of the agent. */
export class EventRing {
  /** Is told each new event. */
  onEvent: (event: RingEvent) => void = () => undefined;
  private readonly events: RingEvent[] = [];
  private characters = 0;
  private id = 0;

  /** The number of the last event; 0 before the first one. */
  get lastId(): number {
    return this.id;
  }

  add(name: string, json: string): void {
    const event = { id: ++this.id, name, json };
    this.events.push(event);
    this.characters += json.length;
    while (this.events.length > MOST_EVENTS || this.characters > MOST_CHARACTERS) {
      this.characters -= this.events.shift()?.json.length ?? 0;
    }
    this.onEvent(event);
  }

  /** The last events, the newest last. */
  recent(count: number): readonly RingEvent[] {
    return count > 0 ? this.events.slice(-count) : [];
  }

  /**
   * Those after the event of that number, the newest ones up to so many characters.
   * @returns `hasGap`: whether some that came after it are missing, or it is of another life of the agent
   */
  since(id: number, mostCharacters: number): { events: readonly RingEvent[]; hasGap: boolean } {
    const isStrange = id > this.id;
    const wanted = isStrange ? this.events : this.events.filter((event) => event.id > id);
    let start = wanted.length;
    for (let left = mostCharacters; start > 0 && left >= wanted[start - 1].json.length; start--) {
      left -= wanted[start - 1].json.length;
    }
    const events = wanted.slice(start);
    const first = events.length > 0 ? events[0].id : this.id + 1;
    return { events, hasGap: isStrange || first > id + 1 };
  }
}
