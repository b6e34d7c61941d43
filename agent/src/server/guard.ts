import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { Refusal } from "./exchange.js";
import type { Token } from "./token.js";

/** Decides whom the agent answers at an address. */
export interface Guard {
  /**
   * Returns whether the caller may have the agent do something.
   * @param isOpen whether what is asked for is the same for everybody, as the page is
   * @throws Refusal when the caller is not answered at all
   */
  check(request: IncomingMessage, isOpen: boolean): boolean;
}

/** At the control address: the files' modes have decided who comes in. */
export const controlGuard: Guard = { check: () => true };

/** At an address of the network, or of this machine. */
export class HttpGuard implements Guard {
  private readonly token: Token | undefined;
  private readonly isLoopback: boolean;

  /** @param isLoopback whether only this machine reaches the address; elsewhere there must be a token */
  constructor(token: Token | undefined, isLoopback: boolean) {
    this.token = token;
    this.isLoopback = isLoopback;
  }

  check(request: IncomingMessage, isOpen: boolean): boolean {
    const { authorization, host, origin } = request.headers;
    this.checkHost(host, request.socket.localAddress);
    const site = request.headers["sec-fetch-site"];
    const isOtherSite = site === "cross-site" || site === "same-site";
    if ((origin !== undefined && hostOfOrigin(origin) !== host?.toLowerCase()) || (isOtherSite && !isOpen))
      throw new Refusal(403, "another site's page asks; only the agent's own page may");
    const hasToken = this.token?.isIn(authorization) === true;
    if (authorization !== undefined && !hasToken)
      throw new Refusal(401, "the token is not the one in the agent's --http-token-file", CHALLENGE);
    if (!hasToken && !this.isLoopback && !isOpen)
      throw new Refusal(401, "send the header Authorization: Bearer TOKEN", CHALLENGE);
    return hasToken;
  }

  /** Refuses names that only a name server can have led here: the page of another site could ask by them. */
  private checkHost(host: string | undefined, localAddress: string | undefined): void {
    const name = nameOf(host);
    const local = localAddress?.replace(/^::ffff:(?=[0-9.]+$)/i, "");
    const isLocal = local !== undefined && /^127\.|^::1$/.test(local);
    if (name !== undefined && (name === local || (isLocal && isLoopbackName(name)))) return;
    if (name !== undefined && !this.isLoopback && name === hostname().toLowerCase()) return;
    throw new Refusal(
      403,
      "the header Host must be the address of the agent" + (isLocal ? ", or localhost" : ""),
    );
  }
}

const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="xswim"' };

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(name);
}

/** What stands before the port, without brackets. */
function nameOf(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::[0-9]{1,5})?$/i.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function hostOfOrigin(origin: string): string | undefined {
  return /^http:\/\/([^/]+)$/i.exec(origin)?.[1].toLowerCase();
}
