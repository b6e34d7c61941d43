import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { MemberTable } from "./member-table.js";
import { isOfKind, listed, type Kind, type SortKey, type Sorting } from "./order.js";
import { useTopics } from "./pulse.js";
import type { Store } from "./store.js";

const KINDS: readonly [kind: Kind, name: string][] = [
  ["all", "All"],
  ["Alive", "Alive"],
  ["Suspect", "Suspect"],
  ["Asleep", "Asleep"],
  ["gone", "Gone"],
];
const SORTS: readonly [key: SortKey, name: string][] = [
  ["address", "address"],
  ["state", "state"],
  ["rtt", "round trip"],
  ["flaps", "flaps"],
  ["heard", "last heard"],
  ["up", "time up"],
];

interface MemberPanelProps {
  readonly store: Store;
  readonly chosen: string | undefined;
  readonly onChoose: (addr: string) => void;
}

/** All members, which can be searched, counted by state, and put in order. */
export function MemberPanel({ store, chosen, onChoose }: MemberPanelProps): JSX.Element {
  const version = useTopics(store.membersTopic);
  const [kind, setKind] = useState<Kind>("all");
  const [text, setText] = useState("");
  const [sorting, setSorting] = useState<Sorting>({ key: "address", isDescending: false });
  const rows = useMemo(
    () => listed(store.rows.values(), kind, text, sorting),
    [version, kind, text, sorting],
  );
  const all = [...store.rows.values()];
  const sortBy = (key: SortKey): void => {
    // Of flaps, the most are wanted first.
    const isAgain = sorting.key === key;
    setSorting({ key, isDescending: isAgain ? !sorting.isDescending : key === "flaps" });
  };
  return (
    <section class="panel members" aria-label="Members">
      <div class="tools">
        <input
          type="search"
          aria-label="Filter members by address, state or value"
          placeholder="Filter members"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <select
          class="sort"
          aria-label="Order"
          value={sorting.key}
          onChange={(event) => sortBy(event.currentTarget.value as SortKey)}
        >
          {SORTS.map(([key, name]) => (
            <option key={key} value={key}>
              by {name}
            </option>
          ))}
        </select>
        <div class="kinds" role="group" aria-label="Which members">
          {KINDS.map(([key, name]) => (
            <button key={key} type="button" aria-pressed={kind === key} onClick={() => setKind(key)}>
              {name} <span class="number">{all.filter((row) => isOfKind(row, key)).length}</span>
            </button>
          ))}
        </div>
      </div>
      <MemberTable
        listing={kind + " " + text}
        store={store}
        rows={rows}
        chosen={chosen}
        sorting={sorting}
        onSort={sortBy}
        onChoose={onChoose}
      />
    </section>
  );
}
