import type { Logger } from "pino";
import { parseEndpoint } from "xswim";
import type { AgentSettings } from "../agent/settings.js";
import { controlPath } from "../control/socket-path.js";
import { routesOf } from "./api.js";
import { openControl } from "./control-address.js";
import { ClusterView } from "./cluster-view.js";
import { EventRing } from "./event-ring.js";
import { openHttp, type HttpSettings } from "./http-address.js";
import { TroubleList } from "./info.js";
import type { Listener } from "./listener.js";
import type { Metrics } from "./metrics.js";
import { Page } from "./page.js";
import { Router, type Route } from "./router.js";
import type { ServedAgent } from "./served-agent.js";
import { Streams } from "./streams.js";
import { Traffic } from "./traffic.js";

const SECOND_MS = 1000;

/** Shows an agent, and lets it be told what to do: at its control address, and where there is one at that of the page. */
export class AgentServer {
  readonly view: ClusterView;
  readonly events = new EventRing();
  readonly troubles = new TroubleList();
  /** Where the page is. */
  private httpUrl: string | undefined;
  private controlPath: string | undefined;
  /** Why the control address is not there, when it should be. */
  private controlError: string | undefined;
  private readonly listeners: Listener[] = [];
  private streams: Streams | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(codec: AgentSettings["codec"]) {
    this.view = new ClusterView(codec);
  }

  /** Opens its addresses. @throws Error that says which one is wrong, and why; then none is open */
  async open({ bind, control, http }: AgentSettings): Promise<void> {
    try {
      if (http !== undefined) {
        this.listeners.push(await openHttp(http));
        this.httpUrl = "http://" + hostPort(http) + "/";
      }
      if (control !== false) await this.openControl(control, parseEndpoint(bind).port);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Answers from now on. @param agent one whose node's callbacks are watched */
  serve(agent: ServedAgent): void {
    const { view, events, troubles } = this;
    view.attach(agent.node);
    const traffic = new Traffic(agent.node, view);
    const streams = (this.streams = new Streams(events, view));
    const routes = new Map<string, Route>();
    const router = new Router(routes);
    // It takes a while to load, and most commands and agents are never asked for it.
    const makeMetrics = async (): Promise<Metrics> =>
      new (await import("./metrics.js")).Metrics(agent, view, router.counts, streams);
    let metrics: Promise<Metrics> | undefined;
    const parts = {
      agent,
      view,
      events,
      troubles,
      traffic,
      streams,
      metrics: () => (metrics ??= makeMetrics()),
      page: new Page(),
    };
    for (const [path, route] of routesOf(parts)) routes.set(path, route);
    for (const listener of this.listeners) listener.serve(router);
    this.timer = setInterval(() => this.tick(traffic, streams), SECOND_MS).unref();
  }

  /** Tells in a log where the agent can be looked at. */
  tell(log: Logger): void {
    const { httpUrl, controlPath: path, controlError: error } = this;
    if (httpUrl !== undefined) log.info({ event: "http", address: httpUrl }, "the page is at " + httpUrl);
    if (path !== undefined) log.debug({ event: "control", path }, "control address: " + path);
    if (error !== undefined) log.warn({ event: "error", error }, "there is no control address: " + error);
  }

  close(): void {
    clearInterval(this.timer);
    this.streams?.close();
    for (const listener of this.listeners) listener.close();
  }

  private tick(traffic: Traffic, streams: Streams): void {
    this.view.prune();
    streams.tell("traffic", traffic.tick());
    if (streams.size === 0) this.view.dropChanges();
  }

  /** The usual control address may fail, as where no folder can be written; one that was asked for may not. */
  private async openControl(path: string | undefined, port: number): Promise<void> {
    try {
      const at = path ?? controlPath(port);
      this.listeners.push(await openControl(at, path === undefined));
      this.controlPath = at;
    } catch (error) {
      if (path !== undefined) throw new Error("control address: " + (error as Error).message);
      this.controlError = (error as Error).message;
    }
  }
}

function hostPort({ address, port }: HttpSettings): string {
  return (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
}
