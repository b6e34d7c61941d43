import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Connection } from "./connection.js";
import type { PingResult } from "./wire.js";
import { printable, roundTrip } from "./words.js";

/** Whether something is under way, and how it ended. */
function useTask(): {
  isBusy: boolean;
  outcome: string;
  start: (task: () => Promise<string>) => Promise<void>;
} {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState("");
  const start = async (task: () => Promise<string>): Promise<void> => {
    setBusy(true);
    setOutcome("");
    try {
      setOutcome(await task());
    } catch (error) {
      setOutcome("It failed: " + printable((error as Error).message));
    }
    setBusy(false);
  };
  return { isBusy, outcome, start };
}

/** Publishes a record of the agent. */
export function PublishForm({ connection }: { connection: Connection }): JSX.Element {
  const [value, setValue] = useState("");
  const { isBusy, outcome, start } = useTask();
  const submit = (event: Event): void => {
    event.preventDefault();
    void start(async () => {
      await connection.publish(value);
      return "It is on its way.";
    });
  };
  return (
    <form class="verb" onSubmit={submit}>
      <input
        type="text"
        aria-label="New record of this node"
        placeholder="New record of this node"
        value={value}
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <button type="submit" disabled={isBusy}>
        Publish
      </button>
      <span role="status">{outcome}</span>
    </form>
  );
}

/** Has the agent ask a member, and has others ask it. */
export function PingButton({ connection, addr }: { connection: Connection; addr: string }): JSX.Element {
  const { isBusy, outcome, start } = useTask();
  const ping = (): Promise<void> =>
    start(async () => (await connection.ping(addr)).map(resultInWords).join("; ") + ".");
  return (
    <div class="verb">
      <button type="button" disabled={isBusy} onClick={() => void ping()}>
        {isBusy ? "Pinging …" : "Ping"}
      </button>
      <span role="status">{outcome}</span>
    </div>
  );
}

function resultInWords({ via, rttMs }: PingResult): string {
  const way = via === null ? "directly " : "by " + printable(via, 60) + " ";
  return way + (rttMs === null ? "no answer" : roundTrip(rttMs));
}

/** Has the agent leave the cluster and end, when it is asked for twice. */
export function LeaveButton({ connection }: { connection: Connection }): JSX.Element {
  const [isSure, setSure] = useState(false);
  const { isBusy, outcome, start } = useTask();
  const leave = (): Promise<void> =>
    start(async () => {
      await connection.leave();
      return "It leaves.";
    });
  return (
    <div class="verb">
      {isSure ? (
        <>
          <span>The agent leaves the cluster and ends. This page ends with it.</span>
          <button type="button" class="danger" disabled={isBusy} onClick={() => void leave()}>
            Leave now
          </button>
          <button type="button" onClick={() => setSure(false)}>
            Stay
          </button>
        </>
      ) : (
        <button type="button" onClick={() => setSure(true)}>
          Leave the cluster …
        </button>
      )}
      <span role="status">{outcome}</span>
    </div>
  );
}
