// What the published foca did with hand-made datagrams, and xswim with the same.
import { describe, expect, test } from "vitest";
import type { BroadcastHandler } from "../../core/broadcasts.js";
import { makeHeader, MemberRecord, State, STATE_NAMES, type IdentityRef } from "../../core/codec.js";
import { simple } from "../../core/config.js";
import { headerValue } from "../../core/message.js";
import type { Runtime } from "../../core/runtime.js";
import { Status, statusName } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { hex, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { seeded } from "../support/random.js";
import { snapshot } from "../support/snapshot.js";
import { codecs, identityTypes, textual, vectors } from "../support/vectors.js";
import type { DialectName, Handled, MemberVector, Setup } from "../support/vectors.js";

class Recorder implements Runtime<unknown> {
  readonly sent: { to: unknown; hex: string }[] = [];
  readonly notifications: unknown[][] = [];
  now = () => 1000;
  submitAfter = () => undefined;
  sendTo(to: IdentityRef<unknown>, data: Uint8Array, start: number, end: number): void {
    this.sent.push({ to: to.value, hex: hex(data.slice(start, end)) });
    data.fill(0xa5);
  }
  memberUp = (id: unknown) => this.notifications.push(["memberUp", id]);
  memberDown = (id: unknown) => this.notifications.push(["memberDown", id]);
  rename = (before: unknown, after: unknown) => this.notifications.push(["rename", before, after]);
  active = () => this.notifications.push(["active"]);
  idle = () => this.notifications.push(["idle"]);
  defunct = () => this.notifications.push(["defunct"]);
  rejoin = (id: unknown) => this.notifications.push(["rejoin", id]);
}

function play(setup: Setup, vector: Handled) {
  const runtime = new Recorder();
  const handler = setup.broadcastHandler ? new VersionedItems() : undefined;
  const swim = new Swim<unknown>({
    identity: setup.identity,
    identityType: identityTypes[setup.type],
    codec: codecs[vector.dialect],
    // foca has one limit; ours for sending has to fit any header.
    config: {
      ...simple(),
      maxReceiveSize: setup.maxPacketSize,
      notifyDownMembers: setup.notifyDownMembers,
    },
    runtime,
    random: seeded(1),
    ...(handler === undefined ? {} : { broadcastHandler: handler as BroadcastHandler<unknown> }),
  });
  swim.applyMany(setup.members.map(toMember), false);
  runtime.notifications.length = 0;
  const before = snapshot(swim);
  const bytes = unhex(vector.hex);
  const status = swim.handleData(bytes);
  const unchanged = JSON.stringify(snapshot(swim)) === JSON.stringify(before) && runtime.sent.length === 0;
  return { swim, runtime, handler, status, unchanged };
}

function toMember(member: MemberVector) {
  return { identity: member.id, incarnation: member.incarnation, state: member.state };
}

function sorted(items: unknown[]): string[] {
  return items.map((item) => JSON.stringify(textual(item))).sort();
}

/** A datagram taken apart, its updates sorted: among equals their order is free. */
function whole(setup: Setup, dialect: DialectName, text: string) {
  const codec = codecs[dialect];
  const schema = identityTypes[setup.type].schema;
  const bytes = unhex(text);
  const header = makeHeader({ schema: schema, dialect: codec.dialect });
  let at = codec.readHeader(header, bytes, 0, bytes.length);
  const value = headerValue(header);
  const updates: string[] = [];
  if (at < bytes.length && value.message.kind !== "Broadcast") {
    const count = bytes[at] * 256 + bytes[at + 1];
    at += 2;
    for (let i = 0; i < count; i++) {
      const record = new MemberRecord({ schema: schema, dialect: codec.dialect });
      at = codec.readMember(record, bytes, at, bytes.length);
      const state = STATE_NAMES[record.state];
      updates.push(JSON.stringify(textual([record.identity.value, record.incarnation, state])));
    }
  }
  return { header: value, updates: updates.sort(), tail: hex(bytes.slice(at)), length: bytes.length };
}

/** foca says Ok to these too; we tell them apart. */
function expectedStatus(vector: Handled): string {
  if (vector.result !== "Ok") return vector.result;
  if (/addressed to/.test(vector.name) && !/^Announce addressed to .*bump of ours/.test(vector.name)) {
    return "NotForUs";
  }
  if (/ from (a member held Down|the only member, held Down|an older identity)/.test(vector.name)) {
    return "InactiveSender";
  }
  return "Ok";
}

/** Where foca takes in the front of a datagram with a broken tail, we refuse the whole; told in docs. */
function isBrokenTail(vector: Handled): boolean {
  return (
    vector.result === "MalformedPacket" ||
    vector.name === "PingReq for ourselves with a zero-length broadcast"
  );
}

/**
 * foca acts on each update about ourselves where it stands, and gossips each time. We learn all updates, and act once:
 * what is sent then, by receiver, and where more than that differs, what is known and notified.
 */
const ACTS_ONCE: Record<string, { sent: string[]; down?: boolean; notified?: unknown[][] }> = {
  "Suspect at 3, again, then Alive at 9, about us": { sent: ["2", "3"] },
  "Suspect about us, then a newcomer": { sent: ["2 + 6", "3 + 6", "6 + 6"] },
  "Down about us twice, then a newcomer": {
    sent: ["2 + 1 + 6", "3 + 1 + 6", "6 + 1 + 6"],
    // The second one is about the identity that we have still, and not about a former one.
    down: false,
    notified: [
      ["memberUp", { addr: "10.0.0.6:7000", bump: 1 }],
      ["rejoin", { addr: "10.0.0.1:7000", bump: 6 }],
      ["active"],
    ],
  },
  "Down about us, then a newcomer": {
    sent: [],
    notified: [["memberUp", "10.0.0.6:7000"], ["defunct"]],
  },
};

/** `2 + 6` for a datagram to 10.0.0.2 that tells of 10.0.0.6. */
function inShort(sent: { to: unknown; datagram: { updates: string[] } }): string {
  const host = (text: string) => /10\.0\.0\.(\d+)/.exec(text)?.[1];
  return [JSON.stringify(sent.to), ...sent.datagram.updates].map(host).join(" + ");
}

/** Whether a TurnUndead tells who has the address of who is told so: foca's tells nothing. */
function tellsTheHolder(sent: { to: unknown; datagram: ReturnType<typeof whole> }): boolean {
  const { header, updates } = sent.datagram;
  if (header.message.kind !== "TurnUndead" || updates.length !== 1) return false;
  const told = sent.to as { addr: string; bump: string };
  const [holder] = JSON.parse(updates[0]) as [{ addr: string; bump: string }];
  return holder.addr === told.addr && BigInt(holder.bump) > BigInt(told.bump);
}

/** foca renews once for the update and once for the message: two reports of one death. We renew once. */
const TWICE_DEAD = "TurnUndead whose updates declare us Down";

describe.each(["postcard", "bincode"] as DialectName[])("%s: does as foca does", (dialect) => {
  const seen = new Map<string, number>();
  for (const vector of vectors.handled.filter((one) => one.dialect === dialect)) {
    const times = (seen.get(vector.name) ?? 0) + 1;
    seen.set(vector.name, times);
    test(vector.name + (times > 1 ? ` (${times})` : ""), () => {
      const setup = vectors.setups[vector.setup];
      const { swim, runtime, handler, status, unchanged } = play(setup, vector);
      if (vector.name === TWICE_DEAD) {
        expect(runtime.notifications.filter(([name]) => name === "rejoin")).toHaveLength(1);
        return;
      }
      if (isBrokenTail(vector)) {
        expect(statusName(status)).toBe("MalformedPacket");
        expect(unchanged).toBe(true);
        expect(handler?.received ?? []).toEqual([]);
        return;
      }
      expect(statusName(status)).toBe(expectedStatus(vector));
      const isRefused = ["Decode", "DataTooBig", "DataFromOurselves", "NotForUs"].includes(
        statusName(status),
      );
      if (isRefused) expect(unchanged).toBe(true);

      const members = swim
        .membershipState()
        .map((member) => [member.identity, member.incarnation, member.state]);
      const expected = (vector.members ?? setup.members).map((member) => [
        member.id,
        member.incarnation,
        member.state,
      ]);
      const ours = ACTS_ONCE[vector.name];
      if (ours?.down === false) expected.splice(0, 1);
      expect(sorted(members)).toEqual(sorted(expected));
      expect(textual(runtime.notifications)).toEqual(textual(ours?.notified ?? vector.notifications ?? []));
      expect(textual(swim.identity)).toEqual(textual(vector.identity ?? setup.identity));
      expect(swim.incarnation).toBe(vector.incarnation ?? 0);
      expect(swim.updatesBacklog).toBe(vector.updatesBacklog ?? 0);
      expect(swim.customBroadcastBacklog).toBe(vector.broadcastBacklog ?? 0);
      expect(handler?.received ?? []).toEqual(vector.received ?? []);
      const sent = runtime.sent.map((one) => ({ to: one.to, datagram: whole(setup, dialect, one.hex) }));
      if (ours !== undefined) {
        expect(sent.map(inShort).sort()).toEqual(ours.sent);
        return;
      }
      for (const one of sent.filter(tellsTheHolder)) {
        expect(vector.name).toMatch(/from an older identity of a member.*, notifying the Down/);
        // The count, and the member: its identity, its incarnation and its state in a byte each.
        const { schema } = identityTypes[setup.type];
        const [holder] = JSON.parse(one.datagram.updates[0]) as [unknown];
        const length = schema.write(codecs[dialect].dialect, holder, new Uint8Array(64), 0);
        one.datagram = { ...one.datagram, updates: [], length: one.datagram.length - 2 - length - 2 };
      }
      const theirs = (vector.sent ?? []).map((one) => ({
        to: one.to,
        datagram: whole(setup, dialect, one.hex),
      }));
      expect(sorted(sent)).toEqual(sorted(theirs));
    });
  }
});

test("every-state-name-is-foca's", () => {
  expect(Object.keys(State)).toEqual(["Alive", "Suspect", "Down"]);
  expect(Status.Ok).toBe(0);
});
