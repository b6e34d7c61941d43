import type { Logger } from "pino";
import type { Renewable } from "xswim";
import type { Advertised, HostNodeOptions } from "xswim/node";

/** How a line for people calls an identity. */
export function nameOf(identity: Renewable): string {
  return identity.addr + " (bump " + identity.bump + ")";
}

/** Says why the others are told this address, where that is not plain from what is bound. */
export function whyOf({ address, why }: Advertised, bind: string): string {
  return address === bind ? "" : ", which is " + why;
}

/** The callbacks that tell in the log why members flap, and what keeps the agent from getting on. */
export function tellsOf(
  log: Logger,
): Pick<
  HostNodeOptions<Renewable>,
  "onSuspect" | "onRefuted" | "onProbeFailed" | "onMemberRefused" | "onTrouble"
> {
  return {
    onSuspect(identity, by) {
      const fields = by === undefined ? { identity } : { identity, by };
      const who = by === undefined ? "" : ", says " + nameOf(by);
      log.info({ event: "memberSuspect", ...fields }, "member suspect " + nameOf(identity) + who);
    },
    onRefuted: (identity) =>
      log.info({ event: "memberRefuted", identity }, "member refuted the suspicion " + nameOf(identity)),
    onProbeFailed(identity, { asked, answered }) {
      const helpers = ", helpers asked: " + asked + ", of these answered us: " + answered;
      log.debug(
        { event: "probeFailed", identity, asked, answered },
        "no answer from " + nameOf(identity) + helpers,
      );
    },
    onMemberRefused: (identity) =>
      log.debug({ event: "memberRefused", identity }, "no room for member " + nameOf(identity)),
    onTrouble: ({ kind, text, ...more }) => log.warn({ event: "trouble", kind, ...more }, text),
  };
}

/** The first one seals. */
export function describeKeys([first, ...others]: readonly number[]): string {
  return "key " + first + " seals" + (others.length === 0 ? "" : ", also opened: " + others.join(", "));
}

/** How old a value is that was not published just now. */
export function sinceWhen(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  return seconds > 0 ? ", published " + seconds + " s ago" : "";
}

/** Why an address could not be bound. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE") return "the port is in use";
  if (error.code === "EADDRNOTAVAIL") return "this machine does not have that address";
  if (error.code === "EACCES") return "not permitted";
  return error.message;
}
