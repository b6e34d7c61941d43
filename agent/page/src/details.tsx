import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Chart, type Series } from "./chart.js";
import type { Connection } from "./connection.js";
import { Mark } from "./mark.js";
import { stateInWords } from "./member-line.js";
import { OwnDetails } from "./own-details.js";
import { useTopics } from "./pulse.js";
import type { Row } from "./row.js";
import type { Store } from "./store.js";
import { LeaveButton, PingButton, PublishForm } from "./verbs.js";
import { ago, clockTime, coarse, duration, printable, roundTrip } from "./words.js";

const ROUND_TRIPS: readonly Series[] = [{ name: "round trip", color: "--accent", hasPoints: true }];
const VALUES: readonly Series[] = [{ name: "value", color: "--alive", hasPoints: true }];
const MOST_VALUE_CHARACTERS = 2000;

interface DetailsProps {
  readonly store: Store;
  readonly connection: Connection;
  readonly addr: string;
  readonly onClose: () => void;
  readonly onChoose: (addr: string) => void;
}

/** All about one member. */
export function Details({ store, connection, addr, onClose, onChoose }: DetailsProps): JSX.Element {
  useTopics(store.membersTopic, store.clockTopic, store.infoTopic);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const row = store.rows.get(addr);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  const mayTell = store.info?.verbs === true;
  return (
    <section
      class="panel details"
      aria-label={"Member " + printable(addr, 120)}
      tabIndex={-1}
      ref={panel}
      onKeyDown={onKeyDown}
    >
      <div class="panel-head">
        <h2>
          <bdi>{printable(addr, 120)}</bdi>
        </h2>
        <button type="button" class="close" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </div>
      {row === undefined ? (
        <p class="quiet">This member is no longer listed.</p>
      ) : (
        <>
          <Facts row={row} store={store} onChoose={onChoose} />
          {mayTell && !row.isSelf && row.isPresent && <PingButton connection={connection} addr={addr} />}
          <Values row={row} />
          {mayTell && row.isSelf && <PublishForm connection={connection} />}
          <RoundTrips row={row} />
          {row.isSelf && store.info !== undefined && <OwnDetails info={store.info} />}
          {mayTell && row.isSelf && <LeaveButton connection={connection} />}
        </>
      )}
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({
  row,
  store,
  onChoose,
}: {
  row: Row;
  store: Store;
  onChoose: (addr: string) => void;
}): JSX.Element {
  const { member, isSelf, isPresent } = row;
  const { nowMs } = store;
  const link = (addr: string): JSX.Element => (
    <button type="button" class="as-link" onClick={() => onChoose(addr)}>
      <bdi>{printable(addr, 60)}</bdi>
    </button>
  );
  return (
    <dl class="facts">
      <Fact name="State">
        <Mark state={member.state} />
        {stateInWords(row, nowMs)}
        {isSelf && ", this node"} <span class="quiet">for {coarse(nowMs - Date.parse(member.since))}</span>
      </Fact>
      {member.suspectedBy !== null && <Fact name="Suspected by">{link(member.suspectedBy)}</Fact>}
      <Fact name="Life">
        <bdi>bump {printable(String(member.bump), 40)}</bdi>, incarnation {member.incarnation}
      </Fact>
      <Fact name={isPresent ? "Up for" : "Came up"}>
        {isPresent ? duration(nowMs - Date.parse(member.upSince)) : ago(member.upSince, nowMs)}
      </Fact>
      <Fact name="Round trip">{roundTrip(member.rttMs)}</Fact>
      <Fact name="Flaps">{member.flaps} in the last hour</Fact>
      {!isSelf && <Fact name="Last heard">{ago(member.lastHeard, nowMs)}</Fact>}
      {member.successor !== null && <Fact name="Successor">{link(member.successor)}</Fact>}
    </dl>
  );
}

/** The record now, and what it was before. */
function Values({ row: { member } }: { row: Row }): JSX.Element | null {
  const { value, history } = member;
  const points = useMemo(
    () => history.map(({ at, value: past }) => [Date.parse(at) / 1000, numberIn(past)] as const),
    [history],
  );
  if (value === null) return null;
  const isNumeric = points.length > 1 && points.every(([, number]) => number !== null);
  return (
    <>
      <h3>Record</h3>
      <p class="record">
        <bdi>{printable(value, MOST_VALUE_CHARACTERS)}</bdi>
        {value.length > MOST_VALUE_CHARACTERS && <span class="quiet"> ({value.length} characters)</span>}
      </p>
      {isNumeric && (
        <Chart
          data={[points.map(([at]) => at), points.map(([, number]) => number)]}
          series={VALUES}
          heightPx={90}
          isLevel
          label="The numbers in the record over time"
          format={short}
        />
      )}
      {history.length > 1 && (
        <ol class="history" aria-label="The last records, the newest first">
          {[...history].reverse().map(({ at, value: past }, index) => (
            <li key={index}>
              <time>{clockTime(Date.parse(at))}</time> <bdi>{printable(past, 120)}</bdi>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** The number that a value is, or the only one in it. */
function numberIn(value: string): number | null {
  const found = value.match(/-?\d+(\.\d+)?/g);
  return found?.length === 1 ? Number(found[0]) : null;
}

function short(figure: number): string {
  return Math.abs(figure) >= 1e6 ? figure.toExponential(1) : String(Math.round(figure * 100) / 100);
}

function RoundTrips({ row }: { row: Row }): JSX.Element | null {
  const { roundTripAt, roundTripMs } = row;
  const data = useMemo(() => [[...roundTripAt], [...roundTripMs]], [roundTripAt.at(-1), roundTripMs.length]);
  if (roundTripMs.length < 2) return null;
  return (
    <>
      <h3>Round trips seen here</h3>
      <Chart
        data={data}
        series={ROUND_TRIPS}
        heightPx={90}
        label={"Round trips, the last one " + roundTrip(roundTripMs.at(-1))}
        format={(ms) => short(ms) + " ms"}
      />
    </>
  );
}
