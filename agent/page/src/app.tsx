import type { JSX } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";
import type { Connection } from "./connection.js";
import { CirclePanel } from "./circle-panel.js";
import { Details } from "./details.js";
import { EventList } from "./event-list.js";
import { Header } from "./header.js";
import { LinkNotice, Troubles } from "./notices.js";
import { MemberPanel } from "./member-panel.js";
import type { Store } from "./store.js";
import { TrafficPanel } from "./traffic-panel.js";

const TABS = ["Members", "Circle", "Traffic", "Events"] as const;
type Tab = (typeof TABS)[number];

/** The whole page. On a phone it shows one panel at a time. */
export function App({ store, connection }: { store: Store; connection: Connection }): JSX.Element {
  const [tab, setTab] = useState<Tab>("Members");
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const opener = useRef<HTMLElement | null>(null);
  const choose = useCallback((addr: string) => {
    opener.current = document.activeElement as HTMLElement | null;
    setChosen(addr);
  }, []);
  const close = useCallback(() => {
    setChosen(undefined);
    opener.current?.focus();
  }, []);
  const turnTo = (name: Tab): void => {
    setTab(name);
    setChosen(undefined);
  };
  return (
    <div class="page" data-tab={tab} data-chosen={chosen !== undefined}>
      <Header store={store} onChoose={choose} />
      <LinkNotice store={store} connection={connection} />
      <Troubles store={store} />
      <main>
        <MemberPanel store={store} chosen={chosen} onChoose={choose} />
        <div class="side">
          {chosen !== undefined && (
            <Details
              key={chosen}
              store={store}
              connection={connection}
              addr={chosen}
              onClose={close}
              onChoose={setChosen}
            />
          )}
          <CirclePanel store={store} chosen={chosen} onChoose={choose} />
          <TrafficPanel store={store} />
          <EventList store={store} />
        </div>
      </main>
      <nav class="tabs" aria-label="Parts of the page">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === tab ? "page" : undefined}
            onClick={() => turnTo(name)}
          >
            {name}
          </button>
        ))}
      </nav>
    </div>
  );
}
