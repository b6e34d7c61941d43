import type { JSX } from "preact";
import { Mark } from "./mark.js";
import type { Row } from "./row.js";
import { ago, coarse, duration, roundTrip } from "./words.js";

interface MemberLineProps {
  readonly row: Row;
  readonly index: number;
  readonly topPx: number;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  /** The time of the agent. */
  readonly nowMs: number;
  readonly onClick: () => void;
}

/** A member in the table. On a phone its cells stand in two lines. */
export function MemberLine({
  row,
  index,
  topPx,
  isCurrent,
  isChosen,
  nowMs,
  onClick,
}: MemberLineProps): JSX.Element {
  const { member, isSelf, isPresent } = row;
  const { state, rttMs, flaps } = member;
  return (
    <div
      class="line"
      role="row"
      id={"member-" + index}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-state={state}
      data-current={isCurrent}
      data-self={isSelf}
      style={{ transform: "translateY(" + topPx + "px)" }}
      onClick={onClick}
    >
      <span role="gridcell" class="cell state">
        <Mark state={state} />
        {stateInWords(row, nowMs)}
      </span>
      <span role="gridcell" class="cell address">
        <bdi>{row.name}</bdi>
        {isSelf && (
          <span class="tag" title="the member whose view this is">
            self
          </span>
        )}
      </span>
      <span role="gridcell" class="cell up">
        {isPresent ? coarse(nowMs - Date.parse(member.upSince)) : "–"}
      </span>
      <span role="gridcell" class="cell rtt">
        {roundTrip(isPresent ? rttMs : null)}
      </span>
      <span role="gridcell" class={"cell flaps" + (flaps > 0 ? " some" : "")}>
        {flaps}
        <span class="unit"> {flaps === 1 ? "flap" : "flaps"}</span>
      </span>
      <span role="gridcell" class="cell heard">
        {isSelf ? "" : ago(member.lastHeard, nowMs)}
      </span>
      <span role="gridcell" class="cell value">
        <bdi>{row.text}</bdi>
      </span>
    </div>
  );
}

/** The state, and for how long a nap is yet. */
export function stateInWords({ member: { state, napUntil } }: Row, nowMs: number): string {
  if (state !== "Asleep" || napUntil === null) return state;
  const leftMs = Date.parse(napUntil) - nowMs;
  return leftMs > 0 ? "Asleep, " + duration(leftMs) : "Asleep, overdue";
}
