import { MESSAGE_NAMES, MessageKind, type Header } from "./codec.js";

/** What a datagram asks for, as a plain value. foca: `Message`. */
export interface Message<T> {
  kind: keyof typeof MessageKind;
  /** Of the six probe messages. */
  probeNumber?: number;
  /** PingReq: whom to ping; IndirectAck: who asked for it. */
  target?: T;
  /** IndirectPing: who asked for it; ForwardedAck: who was pinged. */
  origin?: T;
}

/** The head of a datagram, as a plain value. foca: `Header`. */
export interface HeaderValue<T> {
  source: T;
  sourceIncarnation: number;
  destination: T;
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
