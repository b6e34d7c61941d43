import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { json } from "node:stream/consumers";

/** What a fake agent answers: a status and a value, or the text of an event stream. */
export type FakeAnswer = [status: number, value: unknown] | string;

/** Answers at a control address as a test says, and notes what it was asked. */
export class FakeAgent {
  readonly path: string;
  /** Each as `POST /api/ping {"member":…}`. */
  readonly asked: string[] = [];
  private readonly answers: Record<string, FakeAnswer>;
  private readonly server: Server;

  /** @param answers by what is asked, such as `GET /api/info` */
  constructor(path: string, answers: Record<string, FakeAnswer>) {
    this.path = path;
    this.answers = answers;
    this.server = createServer((asking, answer) => void this.answer(asking, answer));
  }

  async open(): Promise<this> {
    this.server.listen(this.path);
    await once(this.server, "listening");
    return this;
  }

  /** Ends all streams, too, as the end of an agent does. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(asking: IncomingMessage, answer: ServerResponse): Promise<void> {
    const what = asking.method + " " + asking.url;
    const body = asking.method === "POST" ? " " + JSON.stringify(await json(asking)) : "";
    this.asked.push(what + body);
    const given = this.answers[what] ?? [404, { error: "there is no " + what }];
    if (typeof given === "string") {
      answer.writeHead(200, { "content-type": "text/event-stream" });
      answer.write(given);
      return;
    }
    answer.writeHead(given[0], { "content-type": "application/json" });
    answer.end(JSON.stringify(given[1]));
  }
}
