import { isIP } from "node:net";
import { reasonOf } from "../agent/told.js";
import { HttpGuard } from "./guard.js";
import { Listener } from "./listener.js";
import { Token } from "./token.js";

/** Where the page is, when `--http` names no address. */
export const DEFAULT_HTTP = "127.0.0.1:8946";

export interface HttpSettings {
  readonly address: string;
  readonly port: number;
  readonly tokenFile: string | undefined;
}

/** Whether only this machine reaches it. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith("127.") : /^(0*:)+0*1$/.test(address);
}

/** Opens the address of the page. @throws Error that says what is wrong */
export async function openHttp({ address, port, tokenFile }: HttpSettings): Promise<Listener> {
  let token: Token | undefined;
  try {
    if (tokenFile !== undefined) token = await Token.read(tokenFile);
  } catch (error) {
    throw new Error("token file " + tokenFile + ": " + (error as Error).message);
  }
  if (token === undefined && !isLoopback(address))
    throw new Error(
      "others can reach --http " +
        address +
        ", so a token is needed: (umask 077; xswim keygen > token), and --http-token-file token",
    );
  const listener = new Listener(new HttpGuard(token, isLoopback(address)));
  try {
    await listener.listen({ address, port });
  } catch (error) {
    throw new Error("cannot open --http " + address + ", port " + port + ": " + reasonOf(error as Error));
  }
  return listener;
}
