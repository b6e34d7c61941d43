import { readFileSync } from "node:fs";
import { bincode, namedMetrics, type Renewable } from "xswim";
import type { Trouble } from "xswim/node";
import { namedSealMetrics } from "../agent/refusals.js";
import type { ServedAgent } from "./served-agent.js";
import { iso, round } from "./seen-member.js";

const MOST_TROUBLES = 16;

/** A trouble as it is shown. */
export interface TroubleJson {
  kind: string;
  text: string;
  at: string;
}

/** The answer of `/api/info`. */
export interface InfoJson {
  version: string;
  identity: Renewable;
  bind: string;
  advertised: { address: string; why: string };
  cluster: string | null;
  codec: "bincode" | "postcard";
  config: { name: string; size: number; values: object };
  upSeconds: number;
  state: "alone" | "connected" | "defunct" | "left";
  numMembers: number;
  rttMs: number | null;
  sealing: string | null;
  keyIds: readonly number[] | null;
  discovery: { state: string; found: readonly string[] } | null;
  troubles: readonly TroubleJson[];
  counters: Record<string, number | number[]>;
  seal: Record<string, number> | null;
  socketErrors: number;
  verbs: boolean;
}

/** The last troubles of an agent, the newest last. */
export class TroubleList {
  readonly troubles: TroubleJson[] = [];

  add({ kind, text }: Trouble): void {
    this.troubles.push({ kind, text, at: iso(Date.now()) });
    if (this.troubles.length > MOST_TROUBLES) this.troubles.shift();
  }
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** The version of the agent. */
export const AGENT_VERSION: string = version;

/** Tells what the agent is, and how it is. @param mayPost whether the caller may have it do something */
export function infoOf(agent: ServedAgent, troubles: TroubleList, mayPost: boolean): InfoJson {
  const { node, settings, keyIds } = agent;
  const { swim, seal, rttMs, socketErrors, identity } = node;
  return {
    version,
    identity,
    bind: settings.bind,
    advertised: node.advertised,
    cluster: settings.cluster ?? null,
    codec: settings.codec === bincode ? "bincode" : "postcard",
    config: { name: settings.configName, size: settings.clusterSize, values: settings.config },
    upSeconds: Math.floor(process.uptime()),
    state: stateOf(agent),
    numMembers: swim.numMembers,
    rttMs: rttMs >= 0 ? round(rttMs) : null,
    sealing: seal?.sealing ?? null,
    keyIds: keyIds ?? null,
    discovery: settings.discover === false ? null : discoveryOf(agent),
    troubles: troubles.troubles,
    counters: namedMetrics(swim.metrics),
    seal: seal === undefined ? null : namedSealMetrics(seal),
    socketErrors,
    verbs: mayPost,
  };
}

function discoveryOf({ node }: ServedAgent): InfoJson["discovery"] {
  const { found } = node;
  if (node.swim.isConnected) return { state: "connected", found };
  return { state: found.length > 0 ? "calling who was found" : "looking", found };
}

export function stateOf({ isLeaving, node: { swim } }: ServedAgent): InfoJson["state"] {
  if (isLeaving) return "left";
  if (swim.isDefunct) return "defunct";
  return swim.isConnected ? "connected" : "alone";
}
