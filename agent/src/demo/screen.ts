import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { MemberView } from "./observer.js";

/** How often the table is drawn. */
const DRAW_PERIOD_MS = 100;
/** Lines of the screen that are not events, the last empty one among them. */
const OTHER_LINES = 16;
const MAX_EVENTS = 16;

/** A row of the table. */
export interface Row {
  readonly view: MemberView;
  readonly pid: number | undefined;
  readonly isObserver: boolean;
}

/** How an event is to be seen. */
export type Mood = "good" | "doubtful" | "bad" | "plain";

/** Where the demonstration shows itself. */
export interface Display {
  event(text: string, mood: Mood): void;
  /** The last word: nothing is shown afterwards. */
  end(text: string): void;
}

/** The events as lines, for what is no terminal. */
export class PlainDisplay implements Display {
  event(text: string): void {
    process.stdout.write(clock() + "  " + text + "\n");
  }
  end(text: string): void {
    process.stdout.write(text + "\n");
  }
}

/** One table that is drawn again and again in its place, the last events below it. */
export class TableDisplay implements Display {
  private readonly title: string;
  private readonly page: string;
  private readonly rows: () => Row[];
  private readonly status: () => string;
  private readonly events: string[] = [];
  private readonly draw = createLogUpdate(process.stdout);
  private readonly drawing: NodeJS.Timeout;

  constructor(title: string, page: string, rows: () => Row[], status: () => string) {
    this.title = title;
    this.page = page;
    this.rows = rows;
    this.status = status;
    this.drawing = setInterval(() => this.show(), DRAW_PERIOD_MS);
  }

  event(text: string, mood: Mood): void {
    this.events.push(pc.dim(clock()) + "  " + MOOD_PAINTS[mood](text));
    if (this.events.length > MAX_EVENTS) this.events.shift();
  }

  end(text: string): void {
    clearInterval(this.drawing);
    this.show();
    this.draw.done();
    process.stdout.write(" " + text + "\n");
  }

  private show(): void {
    const room = Math.max(3, Math.min(MAX_EVENTS, (process.stdout.rows ?? 24) - OTHER_LINES));
    const lines = [
      "",
      " " + pc.bold(this.title) + pc.dim("    Ctrl-C: leave"),
      " " + this.page,
      "",
      pc.dim("   " + columns("MEMBER", "BUMP", "PROCESS", "STATE", "INCARNATION", "ROUND TRIP")),
      ...this.rows().map(rowLine),
      "",
      " " + this.status(),
      "",
      ...this.events.slice(-room).map((event) => " " + event),
      "",
    ];
    this.draw(lines.join("\n"));
  }
}

const MOOD_PAINTS: Record<Mood, (text: string) => string> = {
  good: pc.green,
  doubtful: pc.yellow,
  bad: pc.red,
  plain: (text) => text,
};

const STATE_PAINTS: Record<MemberView["state"], (text: string) => string> = {
  Alive: pc.green,
  Suspect: pc.yellow,
  Down: pc.red,
  Unknown: pc.dim,
};

function rowLine({ view, pid, isObserver }: Row): string {
  const paint = STATE_PAINTS[view.state];
  const roundTrip = view.roundTripMs === undefined ? "–" : view.roundTripMs.toFixed(2) + " ms";
  const line = columns(
    view.address,
    String(view.bump ?? "–"),
    String(pid ?? "gone"),
    view.state,
    String(view.incarnation ?? "–"),
    isObserver ? "the observer" : roundTrip,
  );
  return " " + paint("●") + " " + line.replace(view.state, paint(view.state));
}

function columns(
  member: string,
  bump: string,
  pid: string,
  state: string,
  incarnation: string,
  roundTrip: string,
): string {
  return [
    member.padEnd(17),
    bump.padStart(10),
    pid.padStart(9),
    "  " + state.padEnd(8),
    incarnation.padStart(11),
    roundTrip.padStart(14),
  ].join(" ");
}

/** The time of day, to a tenth of a second. */
function clock(): string {
  const now = new Date();
  const parts = [now.getHours(), now.getMinutes(), now.getSeconds()];
  const tenth = Math.floor(now.getMilliseconds() / 100);
  return parts.map((part) => String(part).padStart(2, "0")).join(":") + "." + tenth;
}
