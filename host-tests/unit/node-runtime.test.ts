// What the core's runtime hands on to its node, and that it asks the core for no more than the options need.
import { describe, expect, test } from "vitest";
import type { HeaderValue, IdentityRef } from "../../core/index.js";
import type { SwimNodeOptions } from "../../platform/shared/options.js";
import type { NodeRuntime } from "../../platform/shared/node-runtime.js";
import { InspectedRuntime, runtimeOf, type RuntimeNode } from "../../platform/shared/node-runtime.js";

/** A node that writes down what it is told. */
class Told implements RuntimeNode<string> {
  lines: unknown[][] = [];

  now(): number {
    return 7;
  }
  send(to: IdentityRef<string>, data: Uint8Array, start: number, end: number): void {
    this.lines.push(["send", to, data, start, end]);
  }
  submitAfter(ms: number): void {
    this.lines.push(["submitAfter", ms]);
  }
  connectionChanged(isConnected: boolean): void {
    this.lines.push(["connectionChanged", isConnected]);
  }
  identityChanged(hasRenewed: boolean): void {
    this.lines.push(["identityChanged", hasRenewed]);
  }
  event(name: keyof SwimNodeOptions<string>, first?: unknown, second?: unknown): void {
    this.lines.push([name, first, second]);
  }
}

type Asked = Partial<SwimNodeOptions<string>>;
const nothing = (): void => undefined;

function runtime(options: Asked = {}): { told: Told; runtime: NodeRuntime<string> } {
  const told = new Told();
  return { told, runtime: runtimeOf(told, { port: 1, ...options }) };
}

describe("of what the core tells", () => {
  test.each<[string, (runtime: NodeRuntime<string>) => void, unknown[][]]>([
    ["memberUp", (r) => r.memberUp("a"), [["onMemberUp", "a", undefined]]],
    ["memberDown", (r) => r.memberDown("a"), [["onMemberDown", "a", undefined]]],
    ["memberNap", (r) => r.memberNap("a", 5), [["onMemberNap", "a", 5]]],
    ["memberOverdue", (r) => r.memberOverdue("a"), [["onMemberOverdue", "a", undefined]]],
    ["rename", (r) => r.rename("a", "b"), [["onRename", "a", "b"]]],
    [
      "active",
      (r) => r.active(),
      [
        ["connectionChanged", true],
        ["onActive", undefined, undefined],
      ],
    ],
    [
      "idle",
      (r) => r.idle(),
      [
        ["connectionChanged", false],
        ["onIdle", undefined, undefined],
      ],
    ],
    ["defunct", (r) => r.defunct(), [["onDefunct", undefined, undefined]]],
    [
      "rejoin",
      (r) => r.rejoin("b"),
      [
        ["identityChanged", true],
        ["onRejoin", "b", undefined],
      ],
    ],
    ["submitAfter", (r) => r.submitAfter(9), [["submitAfter", 9]]],
  ])("the-node-hears: %s", (_name, tell, expected) => {
    const { told, runtime: made } = runtime();
    tell(made);
    expect(told.lines).toEqual(expected);
    expect(made.now()).toBe(7);
  });

  test("datagrams-go-to-the-node", () => {
    const { told, runtime: made } = runtime();
    const to = {} as IdentityRef<string>;
    const data = new Uint8Array(4);
    made.sendTo(to, data, 1, 3);
    expect(told.lines).toEqual([["send", to, data, 1, 3]]);
  });
});

/** The notifications that the core makes only where they are there: by which option, and what it hears. */
const WANTED: [
  keyof SwimNodeOptions,
  keyof NodeRuntime<string>,
  (made: NodeRuntime<string>) => void,
  unknown[],
][] = [
  ["onRoundTrip", "probeAnswered", (made) => made.probeAnswered?.("a", 3), ["onRoundTrip", "a", 3]],
  [
    "onProbeFailed",
    "probeFailed",
    (made) => made.probeFailed?.(9, "a", 3, 1),
    ["onProbeFailed", "a", { asked: 3, answered: 1 }],
  ],
  ["onMemberLeft", "memberLeft", (made) => made.memberLeft?.("a"), ["onMemberLeft", "a", undefined]],
  ["onSuspect", "memberSuspected", (made) => made.memberSuspected?.("a", "b"), ["onSuspect", "a", "b"]],
  ["onRefuted", "memberRefuted", (made) => made.memberRefuted?.("a"), ["onRefuted", "a", undefined]],
  [
    "onMemberRefused",
    "memberRefused",
    (made) => made.memberRefused?.("a"),
    ["onMemberRefused", "a", undefined],
  ],
];

describe("the core makes nothing that nobody wants", () => {
  test("of-a-node-without-callbacks", () => {
    const { runtime: made } = runtime();
    for (const [, notification] of WANTED) expect(made[notification]).toBeUndefined();
    expect(made).not.toBeInstanceOf(InspectedRuntime);
    expect([
      (made as { dataSent?: unknown }).dataSent,
      (made as { dataReceived?: unknown }).dataReceived,
    ]).toEqual([undefined, undefined]);
  });

  test.each(WANTED)("but-what-is-asked-for-by: %s", (option, notification, tell, expected) => {
    const { told, runtime: made } = runtime({ [option]: nothing });
    tell(made);
    expect(told.lines).toEqual([expected]);
    const others = WANTED.map(([, name]) => name).filter((name) => made[name] !== undefined);
    expect(others).toEqual([notification]);
  });

  test.each(["onDatagramSent", "onDatagramReceived"] as const)("but-headers-for: %s", (option) => {
    const { told, runtime: made } = runtime({ [option]: nothing });
    expect(made).toBeInstanceOf(InspectedRuntime);
    const [sent, received] = [{}, {}] as HeaderValue<string>[];
    (made as InspectedRuntime<string>).dataSent(sent);
    (made as InspectedRuntime<string>).dataReceived(received);
    expect(told.lines).toEqual([
      ["onDatagramSent", sent, undefined],
      ["onDatagramReceived", received, undefined],
    ]);
  });
});
