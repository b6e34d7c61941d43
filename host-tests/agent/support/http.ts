import { request, type IncomingHttpHeaders } from "node:http";

/** What a test asks for, and how. */
export interface Ask {
  /** A port of this machine, or the path of a socket. */
  at: number | string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Asks once. The path goes out as it is. */
export function ask({ at, method = "GET", path, headers = {}, body }: Ask): Promise<Reply> {
  const where = typeof at === "number" ? { host: "127.0.0.1", port: at } : { socketPath: at };
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, method, path, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/** The JSON of an answer. */
export async function askJson<T>(what: Ask): Promise<T> {
  return JSON.parse((await ask(what)).text) as T;
}

export interface StreamEvent {
  id?: number;
  event: string;
  data: Record<string, unknown>;
}

/** Reads a stream of events, for as long as it is open. */
export class EventReader {
  readonly events: StreamEvent[] = [];
  hasEnded = false;
  /** 0 before there is an answer. */
  status = 0;
  private readonly asking: ReturnType<typeof request>;
  private rest = "";

  constructor({ at, path, headers = {} }: Ask) {
    const where = typeof at === "number" ? { host: "127.0.0.1", port: at } : { socketPath: at };
    this.asking = request({ ...where, path, headers, agent: false }, (answer) => {
      this.status = answer.statusCode ?? 0;
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => this.take(text));
      answer.on("error", () => (this.hasEnded = true));
      answer.on("close", () => (this.hasEnded = true));
    });
    this.asking.on("error", () => (this.hasEnded = true));
    this.asking.end();
  }

  of(name: string): StreamEvent[] {
    return this.events.filter(({ event }) => event === name);
  }

  close(): void {
    this.asking.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split("\n\n");
    this.rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)] as const),
      );
      const event = fields.get("event");
      if (event === undefined) continue;
      const id = fields.get("id");
      const data = JSON.parse(fields.get("data") ?? "") as Record<string, unknown>;
      this.events.push({ event, data, ...(id === undefined ? {} : { id: Number(id) }) });
    }
  }
}
