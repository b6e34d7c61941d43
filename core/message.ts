import { MESSAGE_NAMES, MessageKind, type Header } from "./codec.js";

/** What a datagram asks for, as a plain value. foca: `Message`. */
export interface Message<T> {
  /** The name of the message, such as `"Ping"`. */
  kind: keyof typeof MessageKind;
  /** The number of the probe, 0 to 255. Only the six probe messages (Ping to ForwardedAck) have it. */
  probeNumber?: number;
  /** In a PingReq the member to ping, in an IndirectAck the member that started the probe. */
  target?: T;
  /** In an IndirectPing the member that started the probe, in a ForwardedAck the member that was pinged. */
  origin?: T;
}

/** The header of a datagram, as a plain value. foca: `Header`. */
export interface HeaderValue<T> {
  /** The identity of the sender. */
  source: T;
  /** The incarnation of the sender, 0 to 65535. */
  sourceIncarnation: number;
  /** The identity that the datagram is addressed to. */
  destination: T;
  /** What the datagram asks for. */
  message: Message<T>;
}

/** The header as a plain value. Allocates. */
export function headerValue<T>(header: Header<T>): HeaderValue<T> {
  const kind = header.kind;
  const message: Message<T> = { kind: MESSAGE_NAMES[kind] };
  if (kind < MessageKind.Announce) message.probeNumber = header.probeNumber;
  if (kind === MessageKind.PingReq || kind === MessageKind.IndirectAck) message.target = header.subject.value;
  if (kind === MessageKind.IndirectPing || kind === MessageKind.ForwardedAck)
    message.origin = header.subject.value;
  return {
    source: header.source.value,
    sourceIncarnation: header.sourceIncarnation,
    destination: header.destination.value,
    message,
  };
}
