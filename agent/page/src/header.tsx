import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useTopics } from "./pulse.js";
import type { Store } from "./store.js";
import { clusterInWords, duration, printable, roundTrip } from "./words.js";
import type { Info } from "./wire.js";

const STATES: Record<Info["state"], string> = {
  alone: "alone, looking for others",
  connected: "connected",
  defunct: "declared Down by the others",
  left: "it has left",
};

/** Whose view the page shows, and how the cluster is, in words. */
export function Header({ store, onChoose }: { store: Store; onChoose: (addr: string) => void }): JSX.Element {
  useTopics(store.membersTopic, store.infoTopic, store.linkTopic);
  const { info, self, link } = store;
  const words = self === undefined ? "…" : clusterInWords(store.census);
  const cluster = info?.cluster ?? null;
  useEffect(() => {
    document.title = self === undefined ? "xswim" : words + " – xswim";
  }, [words]);
  return (
    <header class="top">
      <div class="headline">
        <h1>
          <span class="brand">xswim</span>
          {cluster !== null && <bdi class="cluster">{printable(cluster, 64)}</bdi>}
          <span class="state-in-words" role="status">
            {words}
          </span>
        </h1>
        <span class="link" data-link={link.kind}>
          {link.kind === "live"
            ? "live"
            : link.kind === "gone"
              ? "agent gone"
              : link.kind === "locked"
                ? "locked"
                : "connecting"}
        </span>
      </div>
      {info !== undefined && self !== undefined && (
        <p class="own">
          <span>
            seen by{" "}
            <button type="button" class="as-link" onClick={() => onChoose(self.member.addr)}>
              <bdi>{self.name}</bdi>
            </button>
          </span>
          <span>{STATES[info.state] ?? printable(info.state)}</span>
          <span>up {duration(info.upSeconds * 1000)}</span>
          <span>round trip {roundTrip(info.rttMs)}</span>
          {info.sealing !== null && info.sealing !== "off" && <span>sealed</span>}
        </p>
      )}
    </header>
  );
}
