import type { Swim } from "../../core/index.js";
import type { World } from "./world.js";

/** How many members a node keeps over a restart. */
export const MAX_REMEMBERED = 8;

/** A core that tells whom it has heard itself. */
interface Hearing {
  forEachHeard?(visit: (identity: unknown) => unknown): void;
}

/**
 * The hosts that a node would find in its store after a power cut: active members that it heard from itself, chosen by
 * chance. A core that does not tell these apart gives any active members; foca's nodes have no store.
 */
export function rememberedBy(world: World, index: number): number[] {
  const { swim } = world.hosts[index];
  if (swim === undefined) return [];
  const heard: number[] = [];
  const note = (identity: unknown): void => {
    const host = world.hostOf(identity);
    if (host >= 0 && host < world.hosts.length && host !== index) heard.push(host);
  };
  const hearing = swim as Swim<unknown> & Hearing;
  if (hearing.forEachHeard !== undefined) hearing.forEachHeard(note);
  else
    for (let host = 0; host < world.hosts.length; host++)
      if (world.beliefs.isActive(index, host)) heard.push(host);
  return world.chance.sample(heard.length, Math.min(MAX_REMEMBERED, heard.length)).map((i) => heard[i]);
}
