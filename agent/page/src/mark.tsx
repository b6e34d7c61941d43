import type { JSX } from "preact";
import type { State } from "./wire.js";

const SHAPES: Record<State, JSX.Element> = {
  Alive: <circle cx="6" cy="6" r="4.5" />,
  Suspect: <path d="M6 1 11.4 10.6H.6Z" />,
  Asleep: <path d="M7.6 1.2A5 5 0 1 0 10.8 8 4.2 4.2 0 0 1 7.6 1.2Z" />,
  Down: <path class="line" d="M2 2 10 10M10 2 2 10" />,
  Left: <circle class="line" cx="6" cy="6" r="4" />,
};

/** A state by shape and colour; its word stands beside it. */
export function Mark({ state }: { state: State }): JSX.Element {
  return (
    <svg class="mark" data-state={state} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}
