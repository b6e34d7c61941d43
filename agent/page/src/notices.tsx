import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Connection } from "./connection.js";
import { useTopics } from "./pulse.js";
import type { Store } from "./store.js";
import { ago, clockTime, printable } from "./words.js";

/** Says when the agent is gone, and asks for the token where one is needed. */
export function LinkNotice({
  store,
  connection,
}: {
  store: Store;
  connection: Connection;
}): JSX.Element | null {
  useTopics(store.linkTopic, store.clockTopic);
  const { link } = store;
  if (link.kind === "locked")
    return <TokenForm reason={link.reason} onToken={(token) => connection.setToken(token)} />;
  if (link.kind !== "gone") return null;
  const seconds = Math.ceil((link.retryAtMs - Date.now()) / 1000);
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>The agent is gone</strong> since {clockTime(link.sinceMs)}: {printable(link.reason)}.
        {store.self !== undefined && " What is below is as it was then."}{" "}
        <span aria-hidden="true">
          {seconds > 0 ? "Trying again in " + seconds + " s." : "Trying again …"}
        </span>
      </p>
      <button type="button" onClick={() => connection.retryNow()}>
        Try now
      </button>
    </div>
  );
}

function TokenForm({ reason, onToken }: { reason: string; onToken: (token: string) => void }): JSX.Element {
  const [token, setToken] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (token.trim() !== "") onToken(token.trim());
  };
  return (
    <form class="notice" onSubmit={submit}>
      <label>
        This agent asks for its token ({printable(reason)}).
        <input
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Open</button>
    </form>
  );
}

const SHOWN_MS = 600_000;

/** What kept the agent from getting on within the last ten minutes. */
export function Troubles({ store }: { store: Store }): JSX.Element | null {
  useTopics(store.infoTopic);
  const { nowMs } = store;
  const recent = (store.info?.troubles ?? []).filter(({ at }) => nowMs - Date.parse(at) < SHOWN_MS).reverse();
  const [newest, ...others] = recent;
  if (newest === undefined) return null;
  const line = ({ text, at }: typeof newest): JSX.Element => (
    <>
      <bdi>{printable(text)}</bdi> <span class="quiet">{ago(at, nowMs)}</span>
    </>
  );
  if (others.length === 0) return <div class="notice warn">{line(newest)}</div>;
  return (
    <details class="notice warn">
      <summary>
        {line(newest)} <span class="more">and {others.length} more</span>
      </summary>
      <ul>
        {others.map((trouble, index) => (
          <li key={index}>{line(trouble)}</li>
        ))}
      </ul>
    </details>
  );
}
