// The listening half of the debugger protocol that a simulated app speaks: XML in messages, over TCP. Lets the app
// run, never stops it, and hands over the lines that it traces.
import { createServer } from "node:net";

const MESSAGE_END = "</xsbug>";
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Text of XML: numeric and the five named entities. */
export function decodeEntities(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return NAMED[name] ?? whole;
  });
}

/** One app's messages: puts the pieces of lines together. */
export class TraceReader {
  #rest = "";
  #line = "";
  #onLine;
  #onStopped;

  /** @param onStopped the app waits for the debugger: at its start, and when it stops */
  constructor(onLine, onStopped) {
    this.#onLine = onLine;
    this.#onStopped = onStopped;
  }

  /** Takes in what came over the connection, cut anywhere. */
  feed(text) {
    this.#rest += text;
    for (let end; (end = this.#rest.indexOf(MESSAGE_END)) >= 0;) {
      const message = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + MESSAGE_END.length);
      this.#read(message);
    }
  }

  #read(message) {
    for (const [, text] of message.matchAll(/<log(?:\s[^>]*)?>([^<]*)<\/log>/g))
      this.#trace(decodeEntities(text));
    const stop = /<(login|break)[\s>]/.exec(message);
    if (stop === null) return;
    if (stop[1] === "break")
      this.#onLine(`#stopped ${decodeEntities(message.replace(/<[^>]*>/g, " ").trim())}`);
    this.#onStopped(stop[1] === "login");
  }

  #trace(text) {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop();
    for (const line of lines) this.#onLine(line);
  }
}

/** Listens on a free port of 127.0.0.1 for one app. */
export async function listen(onLine) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding("utf8");
    const reader = new TraceReader(onLine, (isLogin) => {
      if (isLogin) socket.write("\r\n<set-all-breakpoints></set-all-breakpoints>\r\n");
      socket.write("\r\n<go/>\r\n");
    });
    socket.on("data", (text) => reader.feed(text));
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
