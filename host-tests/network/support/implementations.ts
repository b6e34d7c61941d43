/** Whose members are set side by side. */
export const IMPLEMENTATIONS = ["xswim", "foca", "memberlist"] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** The UDP port of each, so that one of each runs on a host. */
export const PORTS: Readonly<Record<Implementation, number>> = { xswim: 7946, foca: 7956, memberlist: 7966 };
