import type { ClusterView } from "./cluster-view.js";
import type { EventRing } from "./event-ring.js";
import { jsonAnswer, Refusal, type Answer, type Exchange } from "./exchange.js";
import { infoOf, type TroubleList } from "./info.js";
import { Kept } from "./kept.js";
import type { Metrics } from "./metrics.js";
import type { Page } from "./page.js";
import type { Handler, Route } from "./router.js";
import type { ServedAgent } from "./served-agent.js";
import type { Streams } from "./streams.js";
import type { Traffic } from "./traffic.js";
import { Verbs } from "./verbs.js";

/** What the routes answer with. */
export interface ApiParts {
  readonly agent: ServedAgent;
  readonly view: ClusterView;
  readonly events: EventRing;
  readonly troubles: TroubleList;
  readonly traffic: Traffic;
  readonly streams: Streams;
  readonly metrics: () => Promise<Metrics>;
  readonly page: Page;
}

/** Makes what is at the paths of an agent. */
export function routesOf(parts: ApiParts): Map<string, Route> {
  const { agent, view, events, troubles, traffic, streams, metrics, page } = parts;
  const verbs = new Verbs(agent, view);
  const info = keptJson(() => infoOf(agent, troubles, false));
  const infoWithVerbs = keptJson(() => infoOf(agent, troubles, true));
  const members = keptJson(() => view.json());
  const seconds = keptJson(() => ({ seconds: traffic.seconds }));
  /** Who has the agent do something sees at once what came of it. */
  const changing =
    (verb: (exchange: Exchange) => Promise<Answer>): Handler =>
    async (exchange) => {
      const answer = await verb(exchange);
      for (const each of [info, infoWithVerbs, members]) each.drop();
      return answer;
    };
  return new Map<string, Route>([
    ["/", { GET: ({ request }) => page.answer(request.headers["accept-encoding"]), isOpen: true }],
    ["/api/info", { GET: ({ mayPost }) => (mayPost ? infoWithVerbs : info).get() }],
    ["/api/members", { GET: () => members.get() }],
    ["/api/traffic", { GET: () => seconds.get() }],
    ["/api/events", { GET: (exchange) => eventsOf(events, streams, exchange) }],
    ["/metrics", { GET: async () => (await metrics()).answer() }],
    ["/api/publish", { POST: changing((exchange) => verbs.publish(exchange)) }],
    ["/api/ping", { POST: changing((exchange) => verbs.ping(exchange)) }],
    ["/api/leave", { POST: changing((exchange) => verbs.leave(exchange)) }],
    ["/api/keys/reload", { POST: changing((exchange) => verbs.readKeys(exchange)) }],
  ]);
}

function eventsOf(ring: EventRing, streams: Streams, exchange: Exchange): Answer | undefined {
  const recent = exchange.query.get("recent");
  if (recent === null) return void streams.add(exchange);
  if (!/^[0-9]{1,9}$/.test(recent)) throw new Refusal(400, "recent is how many events are wanted");
  const events = ring.recent(Number(recent)).map(({ json }) => json);
  return { ...jsonAnswer({}), body: '{"events":[' + events.join(",") + "]}" };
}

/** Makes the bytes of an answer only when the last ones are old. */
function keptJson(make: () => object): Kept<Answer> {
  return new Kept(() => {
    const answer = jsonAnswer(make());
    return { ...answer, body: Buffer.from(answer.body) };
  });
}
