/** Whose members are set side by side. */
export const IMPLEMENTATIONS = ["xswim", "foca", "memberlist"] as const;
/** The last one is ours, with a key that seals every datagram. */
export type Implementation = (typeof IMPLEMENTATIONS)[number] | "xswim sealed";

/** The UDP port of each, so that one of each runs on a host. */
export const PORTS: Readonly<Record<Implementation, number>> = {
  xswim: 7946,
  foca: 7956,
  memberlist: 7966,
  "xswim sealed": 7976,
};
