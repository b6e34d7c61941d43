// Two simulators and a Node peer with one key, by the native cipher of the SDK on the one side and OpenSSL on the other. A Node
// peer with another key and one with none stay alone.
import { resolve } from "node:path";
import { startDisplay, startPeer, startSimulator } from "./processes.mjs";

const PORTS = Object.freeze({ c: 7631, d: 7632, peer: 7633, wrong: 7634, plain: 7635 });
const KEY = "5eed0000111122223333444455556666";
const at = (name) => `127.0.0.1:${PORTS[name]}`;

/** What the two simulators are built with. */
export const sealedConfigs = [
  { name: "c", port: PORTS.c, seeds: at("d"), key: KEY },
  { name: "d", port: PORTS.d, seeds: at("c"), key: KEY },
];

function startNode(name, key) {
  const args = ["host-tests/moddable/peer.mjs", resolve("dist"), String(PORTS[name]), at("c"), name];
  return startPeer(`the ${name} Node peer`, process.execPath, key === undefined ? args : [...args, key]);
}

export async function checkSealed(checks, sdk, apps) {
  const display = await startDisplay();
  const c = await startSimulator("simulator c", sdk, display.display, apps.c);
  const d = await startSimulator("simulator d", sdk, display.display, apps.d);
  const peer = startNode("peer", KEY);
  const wrong = startNode("wrong", KEY.replace("5", "6"));
  const plain = startNode("plain");
  try {
    for (const [name, log, other] of [
      ["simulator c", c.log, "d"],
      ["simulator d", d.log, "peer"],
      ["the Node peer", peer.log, "c"],
      ["the Node peer", peer.log, "d"],
    ])
      await checks.try(`${name} sees ${other} come, sealed`, () => log.wait(new RegExp(`^up ${at(other)}$`)));
    await checks.try("simulator d hears what the Node peer publishes, sealed", () =>
      d.log.wait(new RegExp(`^got peer \\d+ from ${at("peer")}$`)),
    );
    await checks.try("the Node peer hears what simulator c publishes, sealed", () =>
      peer.log.wait(new RegExp(`^got reading \\d+ from ${at("c")}$`)),
    );
    await checks.try("simulator c refuses the Node peer without a key, and the one with another", () =>
      c.log.wait(/^seal sealed \d+ opened \d+ plain [1-9]\d* forged [1-9]\d* replayed 0$/),
    );
    const mark = c.log.mark;
    await peer.stop("SIGKILL");
    await checks.try("simulator c finds a killed Node peer dead, sealed", () =>
      c.log.wait(new RegExp(`^down ${at("peer")}$`), mark),
    );
    for (const alone of [wrong, plain])
      checks.report(
        "a Node peer without the key sees nobody",
        alone.log.seen(/^ready/) !== undefined && alone.log.seen(/^up/) === undefined,
        String(alone.log.seen(/^up/)),
      );
  } finally {
    for (const program of [peer, wrong, plain, c, d, display]) await program.stop();
  }
}
