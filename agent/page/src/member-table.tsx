import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { MemberLine } from "./member-line.js";
import type { SortKey, Sorting } from "./order.js";
import { useTopics } from "./pulse.js";
import type { Row } from "./row.js";
import type { Store } from "./store.js";
import { useIsNarrow } from "./use-media.js";

/** Heights of a row, which the style has too. */
const ROW_PX = 36;
const NARROW_ROW_PX = 60;
/** Rows that are drawn beyond the edges, so that they are there when they are scrolled to. */
const SPARE_ROWS = 6;

const COLUMNS: readonly [key: SortKey, name: string][] = [
  ["state", "State"],
  ["address", "Address"],
  ["up", "Up"],
  ["rtt", "Round trip"],
  ["flaps", "Flaps"],
  ["heard", "Last heard"],
  ["value", "Record"],
];

interface MemberTableProps {
  readonly store: Store;
  /** Another list begins at its top. */
  readonly listing: string;
  readonly rows: readonly Row[];
  readonly chosen: string | undefined;
  readonly sorting: Sorting;
  readonly onSort: (key: SortKey) => void;
  readonly onChoose: (addr: string) => void;
}

/** The members as a grid that is used with the arrow keys; only the rows that can be seen are in the page. */
export function MemberTable(props: MemberTableProps): JSX.Element {
  const { store, listing, rows, chosen, sorting, onSort, onChoose } = props;
  useTopics(store.clockTopic);
  const rowPx = useIsNarrow() ? NARROW_ROW_PX : ROW_PX;
  const body = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  // By address, since a row may move while it is looked at.
  const [current, setCurrent] = useState<string | undefined>(undefined);
  useFollowedView(body, setView);
  useEffect(() => body.current?.scrollTo(0, 0), [listing, sorting]);

  const index = current === undefined ? -1 : rows.findIndex(({ member }) => member.addr === current);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowPx), rows.length - 1) - SPARE_ROWS);
  const end = Math.min(rows.length, Math.ceil((view.top + view.height) / rowPx) + SPARE_ROWS);
  const perView = Math.max(1, Math.floor(view.height / rowPx) - 1);

  const goTo = (wanted: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, wanted));
    const row = rows[next];
    const box = body.current;
    if (row === undefined || box === null) return;
    setCurrent(row.member.addr);
    const topPx = next * rowPx;
    if (topPx < box.scrollTop) box.scrollTop = topPx;
    else if (topPx + rowPx > box.scrollTop + box.clientHeight)
      box.scrollTop = topPx + rowPx - box.clientHeight;
  };
  const steps: Record<string, () => void> = {
    ArrowDown: () => goTo(index + 1),
    ArrowUp: () => goTo(index < 0 ? 0 : index - 1),
    PageDown: () => goTo(index + perView),
    PageUp: () => goTo(index - perView),
    Home: () => goTo(0),
    End: () => goTo(rows.length - 1),
    Enter: () => current !== undefined && index >= 0 && onChoose(current),
    " ": () => current !== undefined && index >= 0 && onChoose(current),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.ctrlKey || event.altKey || event.metaKey ? undefined : steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  return (
    <div
      class="table"
      role="grid"
      aria-label="Members"
      aria-rowcount={rows.length + 1}
      aria-colcount={COLUMNS.length}
    >
      <div class="line heads" role="row" aria-rowindex={1}>
        {COLUMNS.map(([key, name]) => (
          <div key={key} role="columnheader" class={"cell " + key} aria-sort={ariaSort(sorting, key)}>
            <button type="button" onClick={() => onSort(key)}>
              {name}
              <span aria-hidden="true">
                {sorting.key === key ? (sorting.isDescending ? " ↓" : " ↑") : ""}
              </span>
            </button>
          </div>
        ))}
      </div>
      <div
        class="rows"
        ref={body}
        role="rowgroup"
        tabIndex={0}
        aria-label="Members; arrow keys move, Enter opens"
        aria-activedescendant={index >= first && index < end ? "member-" + index : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => index < 0 && rows[0] !== undefined && setCurrent(rows[first]?.member.addr)}
      >
        <div class="space" role="presentation" style={{ height: rows.length * rowPx + "px" }}>
          {rows.slice(first, end).map((row, at) => (
            <MemberLine
              key={row.member.addr}
              row={row}
              index={first + at}
              topPx={(first + at) * rowPx}
              isCurrent={first + at === index}
              isChosen={row.member.addr === chosen}
              nowMs={store.nowMs}
              onClick={() => {
                setCurrent(row.member.addr);
                onChoose(row.member.addr);
              }}
            />
          ))}
        </div>
        {rows.length === 0 && (
          <p class="nobody">
            {store.self === undefined ? "Waiting for the agent …" : "No member is like that."}
          </p>
        )}
      </div>
    </div>
  );
}

function ariaSort(sorting: Sorting, key: SortKey): "none" | "ascending" | "descending" {
  if (sorting.key !== key) return "none";
  return sorting.isDescending ? "descending" : "ascending";
}

/** Tells which part of a box can be seen, once a frame at most. */
function useFollowedView(
  box: { current: HTMLDivElement | null },
  tell: (view: { top: number; height: number }) => void,
): void {
  const isPlanned = useRef(false);
  const look = (): void => {
    isPlanned.current = false;
    if (box.current !== null) tell({ top: box.current.scrollTop, height: box.current.clientHeight });
  };
  useLayoutEffect(look, []);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const plan = (): void => {
      if (isPlanned.current) return;
      isPlanned.current = true;
      requestAnimationFrame(look);
    };
    element.addEventListener("scroll", plan, { passive: true });
    const observer = new ResizeObserver(plan);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", plan);
      observer.disconnect();
    };
  }, []);
}
