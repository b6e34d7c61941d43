import type { JSX } from "preact";
import { Fact } from "./details.js";
import type { Info } from "./wire.js";
import { printable } from "./words.js";

/** What only the agent itself can tell of itself. */
export function OwnDetails({ info }: { info: Info }): JSX.Element {
  const { advertised, config, discovery, keyIds } = info;
  const counters = { ...info.counters, ...(info.seal ?? {}) };
  return (
    <>
      <h3>This node</h3>
      <dl class="facts">
        <Fact name="Version">
          <bdi>{printable(info.version, 40)}</bdi>
        </Fact>
        <Fact name="Bound to">
          <bdi>{printable(info.bind, 80)}</bdi>
        </Fact>
        <Fact name="Told to others">
          <bdi>{printable(advertised.address, 80)}</bdi>
          <span class="quiet"> {printable(advertised.why, 200)}</span>
        </Fact>
        <Fact name="Settings">
          <bdi>{printable(config.name, 40)}</bdi> for {config.size} members, {printable(info.codec, 20)}
        </Fact>
        <Fact name="Sealing">
          {info.sealing === null ? "off" : printable(info.sealing, 20)}
          {keyIds !== null && keyIds.length > 0 && ", keys " + keyIds.join(", ")}
        </Fact>
        {discovery !== null && (
          <Fact name="Discovery">
            {printable(discovery.state, 40)}
            {discovery.found.length > 0 && ", found " + discovery.found.length}
          </Fact>
        )}
        <Fact name="Socket errors">{info.socketErrors}</Fact>
      </dl>
      <details>
        <summary>Counters</summary>
        <dl class="counters">
          {Object.entries(counters).map(([name, figure]) => (
            <div key={name}>
              <dt>{printable(name, 60)}</dt>
              <dd>{Array.isArray(figure) ? figure.join(" ") : figure.toLocaleString("en")}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
