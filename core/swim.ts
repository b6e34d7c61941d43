import { about } from "./checks.js";
import { MessageKind, type IdentityRef } from "./codec.js";
import { checkConfig, checkConfigChange, type Config } from "./config.js";
import { NOTHING } from "./knowledge.js";
import { LeanSwim } from "./lean-swim.js";
import { checkMember, type Member } from "./member.js";
import { NONE } from "./order.js";
import { checkIdentityLength, checkRoom } from "./options.js";

/**
 * A member of a cluster with everything: what every node needs (`LeanSwim`), members from elsewhere, and settings that
 * change while it runs. A device's `SwimNode` has the lean one, which takes less flash, unless its app includes
 * `manifest_full.json`. foca: `Foca`.
 */
export class Swim<T> extends LeanSwim<T> {
  /**
   * Replaces the settings.
   * @throws TypeError or RangeError that names a wrong setting, SwimError `InvalidConfig` when `probePeriodMs` or
   *   `probeRttMs` differ or a periodic task would be turned on; then nothing has changed.
   */
  setConfig(config: Config): void {
    this.enter("setConfig");
    try {
      const checked = checkConfig(config);
      checkConfigChange(this.config, checked);
      const self = this.protocol.knowledge.self;
      const members = this.protocol.knowledge.members;
      checkRoom(
        this.protocol.knowledge.members.codec,
        this.protocol.knowledge.members.ownSize,
        self.ref.length,
        checked,
      );
      checkIdentityLength(Math.max(self.ref.length, members.longestIdentity), checked);
      members.maxMembers = checked.maxMembers;
      this.protocol.knowledge.env.config = checked;
      this.protocol.knowledge.updates.setMaxTransmissions(checked.maxTransmissions);
      this.protocol.outbox.followConfig();
    } finally {
      this.leave();
    }
  }

  /** Returns a number for `ping` that no running probe has; another one for each `nth` from 0 to 127. */
  pingNumber(nth: number): number {
    return (this.protocol.knowledge.probe.number + 64 + (nth & 127)) & 255;
  }

  /**
   * Sends a Ping beside the probes, to see whether a member answers. `Runtime.dataReceived` is notified of the Ack, or of the
   * ForwardedAck of `via`, with the same number. The answer changes nothing else here, but counts as `UnexpectedAcks`.
   * @param number 0 to 255; see `pingNumber`
   * @param via another member, which is asked to ping it for this node
   * @throws TypeError or RangeError when an identity is not valid; then nothing was sent.
   */
  ping(member: T, number: number, via?: T): void {
    this.enter("ping");
    try {
      const outbox = this.protocol.outbox;
      const target = this.encode("ping: ", member);
      const to = via === undefined ? target : this.encode("ping: via: ", via);
      checkIdentityLength(Math.max(target.length, to.length), this.config);
      const kind = via === undefined ? MessageKind.Ping : MessageKind.PingReq;
      outbox.send(kind, number, to, target, outbox.heldBack);
    } finally {
      this.leave();
    }
  }

  /**
   * Takes in members from elsewhere: a saved `membershipState`, another node's, or a list of well-known members.
   * @param doBroadcast whether to tell the cluster what is new here; false when the others know it already
   * @throws TypeError or RangeError when an item is not a valid member; then none was taken in.
   */
  applyMany(members: Iterable<Member<T>>, doBroadcast: boolean): void {
    const list = Array.isArray(members) ? (members as Member<T>[]) : Array.from(members);
    this.enter("applyMany");
    try {
      const knowledge = this.protocol.knowledge;
      const connection = this.protocol.connection;
      let ref: IdentityRef<T> | undefined;
      let found = NOTHING;
      knowledge.lastSender = NONE;
      for (let i = 0; i < list.length; i++) {
        try {
          checkMember(list[i]);
          ref = knowledge.encode(list[i].identity, ref);
        } catch (error) {
          throw about("applyMany: members[" + i + "]: ", error);
        }
      }
      for (let i = 0; i < list.length; i++) {
        ref = knowledge.encode(list[i].identity, ref);
        const finding = knowledge.learn(ref, list[i].incarnation, checkMember(list[i]), doBroadcast);
        if (finding > found) found = finding;
      }
      this.protocol.act(found);
      connection.follow();
    } finally {
      this.leave();
    }
  }
}
