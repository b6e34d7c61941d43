import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useTopics } from "./pulse.js";
import type { ListedEvent, Store } from "./store.js";
import { clockTime, printable } from "./words.js";

/** How many are in the page at most. */
const MOST_SHOWN = 100;

type Kind = "all" | "members" | "values" | "troubles";
const KINDS: readonly [kind: Kind, name: string][] = [
  ["all", "all events"],
  ["members", "members"],
  ["values", "records and news"],
  ["troubles", "troubles"],
];
const OF_MEMBERS = /^(member|rename|rejoin|idle|active|defunct|probeFailed)/;
const OF_VALUES = /^(value|broadcast|published|hello)$/;

function isOfKind({ event: { event, level } }: ListedEvent, kind: Kind): boolean {
  if (kind === "all") return true;
  if (kind === "members") return OF_MEMBERS.test(event);
  return kind === "values" ? OF_VALUES.test(event) : level === "warn" || level === "error";
}

/** What the agent told last, the newest first. */
export function EventList({ store }: { store: Store }): JSX.Element {
  useTopics(store.eventsTopic);
  const [kind, setKind] = useState<Kind>("all");
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = store.events
    .filter((listed) => isOfKind(listed, kind) && textOf(listed).toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
  return (
    <section class="panel events" aria-label="Events">
      <div class="panel-head">
        <h2>Events</h2>
        <input
          type="search"
          aria-label="Filter events"
          placeholder="Filter"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <select
          aria-label="Which events"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          {KINDS.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <ol tabIndex={0} aria-label="The last events, the newest first">
        {shown.map((listed) => (
          <EventLine key={listed.key} listed={listed} />
        ))}
      </ol>
      {shown.length === 0 && <p class="nobody">No event is like that.</p>}
    </section>
  );
}

function textOf({ event: { event, msg } }: ListedEvent): string {
  return event + " " + (msg ?? "");
}

function EventLine({ listed: { event } }: { listed: ListedEvent }): JSX.Element {
  return (
    <li data-event={printable(event.event, 40)} data-level={printable(event.level ?? "info", 10)}>
      <time>{event.time === "" ? "" : clockTime(Date.parse(event.time))}</time>
      <bdi>{printable(event.msg ?? event.event, 240)}</bdi>
    </li>
  );
}
