/** Checks of the addresses that a program passes, by their text. Nothing here runs for a datagram. */

const BLANK = "it contains white space";

/** @throws TypeError when `host` is not the IP address of one machine. The message begins with `where`. */
export function checkHost(where: string, host: unknown): void {
  let fault = faultOf(host);
  // A single colon, or one behind a bracket, is not a part of an address.
  if (typeof host === "string" && /^[^:]*:[^:]*$|\]:/.test(host)) fault = "the port does not belong here";
  refuse(where, fault, host, "192.168.1.10");
}

/** @throws TypeError when `text` is not the IP address of one machine and a port. */
export function checkHostPort(where: string, text: string): void {
  const isWhole = /^[^:]*:[^:]*$|\]:/.test(text);
  let fault = faultOf(isWhole ? text.slice(0, text.lastIndexOf(":")) : text);
  if (/\s/.test(text)) fault = BLANK;
  if (fault === "" && !isWhole) fault = "the port is missing";
  if (fault === "" && /:0*$/.test(text)) fault = "the port must be from 1 to 65535";
  refuse(where, fault, text, "192.168.1.10:7946");
}

function refuse(where: string, fault: string, got: unknown, example: string): void {
  if (fault === "") return;
  const what = typeof got === "string" ? JSON.stringify(got) : String(got);
  throw new TypeError(where + ": " + fault + ", got " + what + "; write an IP address such as " + example);
}

/** Returns why this is not the address of one machine, or an empty text when it may be one. */
function faultOf(host: unknown): string {
  if (typeof host !== "string") return "it is not a string";
  if (host === "") return "it is empty";
  if (/\s/.test(host)) return BLANK;
  if (/^\[?fe[89ab]|%/i.test(host)) return "a link-local address is valid on one link only";
  if (/^[[\]0:.]+$/.test(host)) return "it stands for all addresses";
  if (/^[^:]*[^0-9.:][^:]*$/.test(host)) return "host names are not supported here";
  return "";
}

/** `192.168.1.10` and 7946 as `192.168.1.10:7946`; IPv6 in brackets. */
export function hostPort(address: string, port: number): string {
  return address.indexOf(":") >= 0 && address.charAt(0) !== "["
    ? "[" + address + "]:" + port
    : address + ":" + port;
}
