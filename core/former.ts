import { MessageKind } from "./codec.js";
import type { Connection } from "./connection.js";
import type { Inbox } from "./inbox.js";
import { NONE } from "./order.js";
import type { Outbox } from "./outbox.js";

/**
 * Answers a Ping or Gossip that was refused because it is for another identity at our address: the sender learns which is
 * here, or that we hold it Down. `bytes` is the datagram that `inbox` refused.
 */
export function answerFormer<T>(
  connection: Connection<T>,
  outbox: Outbox<T>,
  inbox: Inbox<T>,
  bytes: Uint8Array,
): void {
  const knowledge = connection.knowledge;
  const config = knowledge.env.config;
  const header = inbox.header;
  const source = header.source;
  if (header.kind !== MessageKind.Ping && header.kind !== MessageKind.Gossip) return;
  if (!knowledge.self.hasAddressOf(header.destination)) return;
  if (!connection.isConnected || source.length > config.maxIdentityLength) return;
  inbox.restore(source, bytes, knowledge.members.bytes);
  const members = knowledge.members;
  const slot = members.find(source);
  const isSame = slot !== NONE && members.isIdentity(slot, source);
  const isOver = slot !== NONE && (isSame ? !members.isActive(slot) : members.wins(slot, source));
  if (!isOver) outbox.send(MessageKind.Gossip, 0, source, source, outbox.heldBack);
  else if (config.notifyDownMembers) outbox.sendTurnUndead(source, isSame ? NONE : slot);
}
