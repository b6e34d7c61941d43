// The files that an agent reads: configuration, keys, state.
import { Command, CommanderError } from "commander";
import { bincode } from "../../../core/codec.js";
import { lan } from "../../../core/config.js";
import { renewableAddr, type IdentityType, type Renewable } from "../../../core/identity.js";
import { Swim } from "../../../core/swim.js";
import { Values } from "../../../core/values.js";
import { applyValues, type SavedValue } from "../../../platform/node/saved-values.js";
import { isValue } from "../../../platform/shared/value-format.js";
import { addAgentCommand } from "../../../agent/src/agent/command.js";
import { applyConfigFile } from "../../../agent/src/agent/config-file.js";
import { parseKeys } from "../../../agent/src/agent/key-file.js";
import { makeSettings, parseSocketAddress, type AgentFlags } from "../../../agent/src/agent/settings.js";
import { StateFile, type AgentNode } from "../../../agent/src/agent/state-file.js";
import type { Dice } from "../engine/dice.js";
import { must, type Input, type Target } from "../engine/target.js";
import { mutateJson } from "./json-text.js";
import { memoryFile } from "./memory-file.js";

const KEYS = 0;
const STATE = 1;
const CONFIG = 2;

const identity = { addr: "10.0.0.2:7946", bump: 7 };
const STATE_TEXT = JSON.stringify({
  version: 1,
  savedAt: "2026-01-01T00:00:00.000Z",
  bump: 7,
  isPublished: true,
  store: { bump: "7", peer0: "10.0.0.3:7946", seal: "0" },
  members: [
    { identity, incarnation: 3, state: "Alive" },
    { identity: { addr: "[::1]:7946", bump: "18446744073709551615" }, incarnation: 0, state: "Down" },
  ],
  values: [{ identity, version: "7340033", base64: "aGk=", publishedAt: "2026-01-01T00:00:00.000Z" }],
});
const CONFIG_TEXT = JSON.stringify({
  bind: "127.0.0.1:8080",
  announce: ["127.0.0.1:8081", "lamp.local:7946"],
  config: "wifi",
  "cluster-size": 20,
  "key-file": "cluster.key",
  sealing: "accept",
  http: true,
  control: false,
  "log-level": "warn",
  json: true,
  bump: 9,
});
const KEY_TEXT =
  "# ours\n3:000102030405060708090a0b0c0d0e0f # new\r\n\n4:f0e0d0c0b0a090807060504030201000\nffffffffffffffffffffffffffffffff\n";
const WORDS =
  "bump version members values identity addr incarnation state base64 publishedAt store isPublished Alive Suspect Down bind announce discover no-discover cluster interface beacon-port filename codec config cluster-size key-file sealing log-level http http-token-file control json log-file state help lan wan bincode 2026-01-01T00:00:00Z".split(
    " ",
  );

class Files implements Target {
  readonly name = "files";
  readonly about = "the files of an agent: keys, state, configuration";
  readonly covers = [
    "agent/src/agent/key-file.ts",
    "agent/src/agent/saved-state.ts",
    "agent/src/agent/state-file.ts",
    "agent/src/agent/config-file.ts",
    "agent/src/agent/settings.ts",
    "platform/node/saved-values.ts",
  ];
  readonly maxRecords = 1;
  readonly maxLength = 900;
  readonly dictionary = [...WORDS, "\ufeff", "\r\n", "#", "15:", "16:", '{"', "[[", "\\ud800"].map((word) =>
    Uint8Array.from(Buffer.from(word)),
  );
  readonly tally = { restored: 0, settings: 0, keys: 0 };
  private readonly program: Command;
  private readonly command: Command;

  constructor() {
    this.program = new Command("xswim").exitOverride();
    addAgentCommand(this.program, () => undefined);
    this.command = this.program.commands[0].exitOverride().configureOutput({ writeErr: () => undefined });
    this.command.action(() => undefined);
  }

  seeds(): Input[] {
    return [KEY_TEXT, STATE_TEXT, CONFIG_TEXT].map((text, kind) => [
      Uint8Array.from([kind, ...Buffer.from(text)]),
    ]);
  }

  mutate(record: Uint8Array, _index: number, dice: Dice): Uint8Array | undefined {
    if (record.length === 0 || record[0] % 3 === KEYS) return undefined;
    const text = mutateJson(Buffer.from(record.subarray(1)).toString("utf8"), WORDS, dice);
    return text === undefined ? undefined : Uint8Array.from([record[0], ...Buffer.from(text)]);
  }

  run([record]: Input): void {
    if (record.length === 0) return;
    const text = Buffer.from(record.subarray(1)).toString("utf8");
    const kind = record[0] % 3;
    if (kind === KEYS) this.keys(text);
    else if (kind === STATE) this.state(text);
    else if (kind === CONFIG) this.config(text);
  }

  private keys(text: string): void {
    try {
      const keys = parseKeys(text);
      must(keys.length >= 1 && keys.length <= 4, "one to four keys");
      for (const { id, secret } of keys)
        must(id >= 0 && id <= 15 && /^[0-9a-f]{32}$/i.test(String(secret)), "a key");
      this.tally.keys++;
    } catch (error) {
      const { message } = error as Error;
      for (const line of text.split("\n"))
        must(line.trim().length < 12 || !message.includes(line.trim()), "an error shows what is in the file");
    }
  }

  /** A file that is not whole, or wrong in parts, keeps no agent from starting. */
  private state(text: string): void {
    memoryFile.text = text;
    const state = new StateFile("state.json", (error) => {
      throw error;
    });
    // So that it writes nothing.
    state["isStopped"] = true;
    const { bump } = state["saved"];
    const next = state.nextBump(1000);
    must(
      bump === undefined || BigInt(next) > BigInt(bump) || BigInt(bump) === 0xffffffffffffffffn,
      "the bump grows",
    );
    const node = makeNode(BigInt(next) > 0xffffffffffffffffn ? 1 : next);
    const { members, values } = state.begin(node);
    must(members <= 10, "no more members than there is room for");
    this.tally.restored += members + values;
  }

  private config(text: string): void {
    memoryFile.text = text;
    try {
      this.program.parse(["agent", "--config", "./agent.json"], { from: "user" });
      const bind = applyConfigFile(this.command) ?? "0.0.0.0:7946";
      const settings = makeSettings(bind, this.command.opts<AgentFlags>(), this.command);
      must(parseSocketAddress(settings.bind) === settings.bind, "the address to bind");
      must(
        settings.config.maxMembers > 0 && settings.seeds.every((seed) => typeof seed === "string"),
        "settings",
      );
      this.tally.settings++;
    } catch (error) {
      must(error instanceof CommanderError && error.exitCode === 2, "another error: " + String(error));
    }
  }
}

/** What `StateFile.begin` needs of a node, over a core. */
function makeNode(bump: number | string): AgentNode {
  const own = { addr: "10.0.0.1:7946", bump };
  const config = { ...lan(10), maxMembers: 10 };
  const owner = {
    isValue: (bytes: Uint8Array, at: number, end: number) => isValue("text", bincode.dialect, bytes, at, end),
    ownLife: () => bump,
    valueCame: () => undefined,
    newsCame: () => undefined,
  };
  const values = new Values<Renewable>(owner, 10, 640, 5000);
  const swim = new Swim<Renewable>({
    identity: own,
    identityType: renewableAddr,
    codec: bincode,
    config,
    keeper: values,
    random: () => 7,
    runtime: { now: () => 1e6, sendTo: () => undefined, submitAfter: () => undefined },
  });
  values.setLife(bump, false);
  const type = renewableAddr as IdentityType<Renewable>;
  const applied = { ...owner, swim };
  return {
    identity: own,
    swim,
    applyValues: (saved: Iterable<SavedValue<Renewable>>) =>
      applyValues(applied, values, type, bincode.dialect, saved),
  } as unknown as AgentNode;
}

export const files: Target = new Files();
