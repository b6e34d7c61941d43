import { SwimError } from "xswim";
import type { ClusterView } from "./cluster-view.js";
import { readObject, textOf } from "./body.js";
import { jsonAnswer, Refusal, type Answer, type Exchange } from "./exchange.js";
import { round } from "./seen-member.js";
import type { ServedAgent } from "./served-agent.js";

/** How many pings may run at once; each asks up to three others. */
const MOST_PINGS = 4;
const MOST_HELPERS = 3;

/** What an agent can be told to do. */
export class Verbs {
  private readonly agent: ServedAgent;
  private readonly view: ClusterView;
  private pings = 0;

  constructor(agent: ServedAgent, view: ClusterView) {
    this.agent = agent;
    this.view = view;
  }

  async publish({ request }: Exchange): Promise<Answer> {
    const value = textOf(await readObject(request), "value");
    try {
      if (this.agent.publish(value)) return jsonAnswer({ queued: true });
    } catch (error) {
      const isTooLong = error instanceof SwimError && error.code === "DataTooBig";
      throw new Refusal(isTooLong ? 413 : 400, (error as Error).message);
    }
    throw new Refusal(409, "the agent has left the cluster");
  }

  async ping({ request }: Exchange): Promise<Answer> {
    const body = await readObject(request);
    const member = textOf(body, "member");
    const via = body["via"] === undefined || body["via"] === null ? undefined : textOf(body, "via");
    this.checkMember(member);
    if (via !== undefined) this.checkMember(via);
    if (this.pings >= MOST_PINGS)
      throw new Refusal(503, MOST_PINGS + " pings are under way; wait for one of them", {
        "Retry-After": "2",
      });
    this.pings++;
    try {
      const ways = [undefined, ...(via === undefined ? this.helpersFor(member) : [via])];
      const results = await Promise.all(
        ways.map(async (way) => {
          const rttMs = await this.agent.node.ping(member, { via: way });
          return { via: way ?? null, rttMs: rttMs === undefined ? null : round(rttMs) };
        }),
      );
      return jsonAnswer({ results });
    } finally {
      this.pings--;
    }
  }

  async leave({ request, response }: Exchange): Promise<Answer> {
    await readObject(request);
    response.on("close", () => void this.agent.leave("it was told to"));
    return { ...jsonAnswer({}), headers: { Connection: "close" } };
  }

  async readKeys({ request }: Exchange): Promise<Answer> {
    await readObject(request);
    if (this.agent.settings.keyFile === undefined)
      throw new Refusal(409, "the agent has no key file; start it with --key-file");
    try {
      return jsonAnswer({ keyIds: await this.agent.readKeysAgain() });
    } catch (error) {
      throw new Refusal(422, (error as Error).message + "; the keys are as they were");
    }
  }

  /** @throws Refusal */
  private checkMember(address: string): void {
    let isThere = false;
    this.view.forEachPresent(({ addr }) => (isThere ||= addr === address));
    if (!isThere) throw new Refusal(404, "no member has the address " + JSON.stringify(address));
  }

  /** Some other members, by chance. */
  private helpersFor(member: string): string[] {
    const others: string[] = [];
    this.view.forEachPresent(({ addr, state }) => {
      if (addr !== member && state === "Alive") others.push(addr);
    });
    const helpers: string[] = [];
    while (helpers.length < MOST_HELPERS && others.length > 0) {
      const index = Math.floor(Math.random() * others.length);
      helpers.push(...others.splice(index, 1));
    }
    return helpers;
  }
}
