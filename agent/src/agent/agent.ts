import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { namedMetrics, parseEndpoint, renewableAddr, type HeaderValue, type Renewable } from "xswim";
import { SwimNode, type ClusterKey, type HostNodeOptions } from "xswim/node";
import { readKeyFile } from "./key-file.js";
import { quoted } from "./log.js";
import { MembersFile } from "./members-file.js";
import { Ration } from "./ration.js";
import { namedSealMetrics, Refusals } from "./refusals.js";
import type { AgentSettings } from "./settings.js";
import type { AgentServer } from "../server/agent-server.js";
import type { ServedAgent } from "../server/served-agent.js";
import { watch } from "../server/watch.js";
import { StateFile } from "./state-file.js";
import { describeKeys, nameOf, reasonOf, sinceWhen, tellsOf, whyOf } from "./told.js";

/** How often a changed view is told to the others, as foca's example agent does. */
const HELLO_PERIOD_MS = 5000;
/** How long the agent waits for its farewell to leave the machine. */
const FAREWELL_MS = 200;
/** How often a failing socket is reported at most, because it can fail with every datagram. */
const ERROR_PERIOD_MS = 10_000;

/** What agents publish is text, as that of foca's example agents is. */
type AgentOptions = HostNodeOptions<Renewable, string, "text">;

/** A member of a cluster as a program: keeps a file of the members, and tells what happens. */
export class Agent implements ServedAgent {
  readonly settings: AgentSettings;
  private readonly log: Logger;
  private readonly file?: MembersFile;
  private readonly rejoins = new Ration<Renewable>((identity, leftOut) => this.rejoined(identity, leftOut));
  readonly node: SwimNode<Renewable, string, "text">;
  private readonly refusals?: Refusals;
  private readonly state?: StateFile;
  private address: string;
  /** Of its keys. */
  keyIds: number[] | undefined;
  private readonly server: AgentServer | undefined;
  private finish!: (exitCode: number) => void;
  private hello: NodeJS.Timeout | undefined;
  private isReady = false;
  isLeaving = false;
  private hasViewChanged = false;
  /** Whether it publishes what it was told to, and not its hello. */
  private isTold = false;
  private nextErrorMs = 0;
  /** Resolves when the key file is not being read. */
  private keysRead: Promise<unknown> = Promise.resolve();
  /** Resolves with the exit code: 1 when it could not begin, else what `leave` was told. */
  readonly done: Promise<number>;

  /** Opens the socket and joins. @param keys of the key file, when there is one @throws what `SwimNode` throws. */
  constructor(settings: AgentSettings, log: Logger, keys?: readonly ClusterKey[], server?: AgentServer) {
    this.settings = settings;
    this.log = log;
    this.server = server;
    this.done = new Promise((resolve) => (this.finish = resolve));
    if (settings.filename !== undefined)
      this.file = new MembersFile(settings.filename, (error) => this.fileFailed(error));
    if (settings.stateFile !== undefined)
      this.state = new StateFile(settings.stateFile, (error) => this.stateFailed(error));
    const { address, port } = parseEndpoint(settings.bind);
    this.node = new SwimNode(this.nodeOptions(address, port, keys));
    this.restoreState();
    this.address = this.node.identity.addr;
    if (this.node.seal !== undefined) {
      this.refusals = new Refusals(this.node.seal, (counts, text) =>
        this.log.warn({ event: "refused", ...counts }, "datagrams refused: " + text),
      );
    }
    this.keyIds = keys?.map(({ id }) => id);
    server?.serve(this);
    this.isTold = this.state?.isPublished === true;
    const own = this.node.value(this.address);
    if (own !== undefined) server?.view.published(own);
  }

  /** Publishes a value in the place of the agent's hello, from now on. */
  publish(text: string): boolean {
    if (!this.node.publish(text)) return false;
    this.isTold = true;
    this.state?.setPublished();
    this.server?.view.published(text);
    this.log.debug({ event: "published", text }, "published: " + quoted(text));
    return true;
  }

  /** Tells the cluster, closes everything, and is done. */
  async leave(reason: string, exitCode = 0): Promise<void> {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.rejoins.flush();
    this.log.info({ event: "leaving", reason }, "leaving: " + reason);
    this.node.leave();
    await sleep(FAREWELL_MS);
    await this.close();
    const { rttMs, seal, swim } = this.node;
    const metrics = namedMetrics(swim.metrics);
    const seals = seal === undefined ? {} : { seal: namedSealMetrics(seal) };
    this.log.info({ event: "left", metrics, ...seals, ...(rttMs >= 0 ? { rttMs } : {}) }, "left");
    this.end(exitCode);
  }

  /**
   * Reads the key file again, and takes its keys in the place of all others. Returns their ids. When the file is wrong, that is
   * told, and nothing changes.
   * @throws Error that says what is wrong
   */
  readKeysAgain(): Promise<readonly number[]> {
    // One after another, so that the last one to be asked for is the last one to be taken.
    const reading = this.keysRead.then(() => this.readKeys());
    this.keysRead = reading.catch(() => undefined);
    return reading;
  }

  private async readKeys(): Promise<readonly number[]> {
    const path = this.settings.keyFile;
    if (path === undefined || this.isLeaving) return this.keyIds ?? [];
    try {
      const keys = await readKeyFile(path);
      this.node.setKeys(keys);
      const keyIds = keys.map(({ id }) => id);
      this.keyIds = keyIds;
      this.log.info({ event: "keys", path, keyIds }, "key file read again, " + describeKeys(keyIds));
      return keyIds;
    } catch (error) {
      const { message } = error as Error;
      const text = "key file " + path + ": " + message + "; the keys are as they were";
      this.log.error({ event: "error", path, error: message }, text);
      throw error;
    }
  }

  private nodeOptions(address: string, port: number, keys: readonly ClusterKey[] | undefined): AgentOptions {
    const { settings } = this;
    const nowMs = Date.now();
    const bump = this.state?.nextBump(nowMs, settings.bump) ?? settings.bump ?? Math.floor(nowMs / 1000);
    const options: AgentOptions = {
      port,
      address,
      identityType: renewableAddr,
      codec: settings.codec,
      config: settings.config,
      seeds: settings.seeds,
      bump,
      value: "text",
      discover: settings.discover,
      onReady: () => this.ready(),
      onMemberUp: (identity) => this.viewChanged("memberUp", "member up", identity),
      onMemberDown: (identity) => this.viewChanged("memberDown", "member down", identity),
      onMemberLeft: (identity) => this.viewChanged("memberLeft", "member left", identity),
      ...tellsOf(this.log),
      onMemberNap: (identity, ms) => this.napTaken(identity, ms),
      onMemberOverdue: (identity) =>
        this.log.info({ event: "memberOverdue", identity }, "member overdue " + nameOf(identity)),
      onRename: (before, after) => this.renamed(before, after),
      onActive: () => this.log.debug({ event: "active" }, "the cluster has other members"),
      onIdle: () => this.log.info({ event: "idle" }, "alone: no other member is left"),
      onDefunct: () => this.log.debug({ event: "defunct" }, "out of the cluster"),
      onRejoin: (identity) => this.rejoins.add(identity),
      onValue: (text, identity) => this.valueCame(text, identity),
      onBroadcast: (bytes, from) => this.heard(bytes, from),
      onError: (error) => this.socketFailed(error as NodeJS.ErrnoException),
    };
    if (this.state !== undefined) options.store = this.state.store;
    if (keys !== undefined) options.keys = keys;
    if (settings.cluster !== undefined) options.cluster = settings.cluster;
    if (settings.sealing !== undefined) options.sealing = settings.sealing;
    if (settings.identity !== undefined) options.identity = { addr: settings.identity, bump };
    if (this.log.isLevelEnabled("trace")) {
      options.onDatagramSent = (header) => this.traced("sent", "to", header.destination, header);
      options.onRoundTrip = (peer, ms) => this.answered(peer, ms);
      options.onDatagramReceived = (header) => this.traced("received", "from", header.source, header);
    }
    if (this.server !== undefined) watch(options, this.server.view, this.server.troubles);
    return options;
  }

  private ready(): void {
    this.isReady = true;
    const { identity, advertised } = this.node;
    const { bind } = this.settings;
    const { keyIds } = this;
    const sealing = this.node.seal?.sealing;
    const text = "ready on " + bind + " as " + nameOf(identity);
    if (keyIds === undefined || sealing === undefined)
      this.log.info({ event: "ready", identity, bind }, text + whyOf(advertised, bind));
    else
      this.log.info(
        { event: "ready", identity, bind, sealing, keyIds },
        text + ", sealing: " + sealing + ", " + describeKeys(keyIds),
      );
    this.server?.tell(this.log);
    this.hello = setInterval(() => this.sayHello(), HELLO_PERIOD_MS);
    this.writeMembers();
  }

  /** Gives the node what the state file has. */
  private restoreState(): void {
    const { state } = this;
    if (state === undefined) return;
    const { path, ignored, lastBump } = state;
    const { members, values } = state.begin(this.node);
    if (lastBump === undefined && ignored.length === 0) return;
    const text = "state file: " + members + " members and " + values + " values are back";
    const fields = { event: "state", path, members, values };
    if (ignored.length === 0) this.log.info(fields, text);
    else this.log.warn({ ...fields, ignored }, text + "; " + ignored.join("; "));
  }

  private viewChanged(event: string, text: string, identity: Renewable): void {
    this.hasViewChanged = true;
    const members = this.node.swim.numMembers;
    this.log.info({ event, identity, members }, text + " " + nameOf(identity) + ", members: " + members);
    this.writeMembers();
  }

  private napTaken(identity: Renewable, ms: number): void {
    this.hasViewChanged = true;
    const seconds = Math.round(ms / 1000);
    const text = "member asleep " + nameOf(identity) + ", back within " + seconds + " s";
    this.log.info({ event: "memberNap", identity, ms }, text);
    this.writeMembers();
  }

  private renamed(before: Renewable, after: Renewable): void {
    this.log.info({ event: "rename", before, after }, nameOf(before) + " is now " + nameOf(after));
  }

  private rejoined(identity: Renewable, leftOut: number): void {
    const others = leftOut === 0 ? "" : "; earlier rejoins that were not printed: " + leftOut;
    const fields = leftOut === 0 ? { identity } : { identity, leftOut };
    this.log.info({ event: "rejoin", ...fields }, "declared Down, came back as " + nameOf(identity) + others);
  }

  private traced(event: string, way: string, peer: Renewable, header: HeaderValue<Renewable>): void {
    const { message } = header;
    this.log.trace({ event, peer, message }, event + " " + message.kind + " " + way + " " + nameOf(peer));
  }

  private answered(peer: Renewable, ms: number): void {
    this.log.trace(
      { event: "roundTrip", peer, ms },
      nameOf(peer) + " answered after " + ms.toFixed(1) + " ms",
    );
  }

  private valueCame(text: string, identity: Renewable): void {
    const ageMs = this.node.valueAgeMs(identity);
    const age = ageMs >= 0 ? { ageMs } : {};
    const line = "value of " + nameOf(identity) + ": " + quoted(text) + sinceWhen(ageMs);
    this.log.info({ event: "value", identity, text, ...age }, line);
    this.state?.changed();
  }

  private heard(bytes: Uint8Array, from: string): void {
    const text = new TextDecoder().decode(bytes);
    this.log.info({ event: "broadcast", from, text }, "broadcast of " + from + ": " + quoted(text));
  }

  /** Says under which address the others find the agent, when the node took another one. */
  private followAddress(): void {
    const { identity } = this.node;
    if (identity.addr === this.address || this.isLeaving) return;
    this.address = identity.addr;
    this.server?.view.becameSelf(identity);
    this.hasViewChanged = true;
    this.log.info({ event: "address", identity }, "this machine has another address: " + nameOf(identity));
  }

  private sayHello(): void {
    this.followAddress();
    this.refusals?.look(performance.now());
    if (!this.hasViewChanged || this.isLeaving || this.isTold) return;
    this.hasViewChanged = false;
    const text = "Hello from " + this.address + "! I have " + this.node.swim.numMembers + " peers";
    this.node.publish(text);
    this.server?.view.published(text);
    this.state?.changed();
    this.log.debug({ event: "hello", text }, "published: " + quoted(text));
  }

  private writeMembers(): void {
    this.state?.changed();
    if (this.file === undefined || this.isLeaving) return;
    // Active ones only, as foca's example agent has it.
    const addresses = this.node.swim.members().map((member) => member.identity.addr);
    // A failure is told by `fileFailed`.
    this.file.replace(addresses.sort()).catch(() => undefined);
  }

  private fileFailed(error: Error): void {
    const path = this.settings.filename;
    this.log.error({ event: "error", path, error: error.message }, "members file: " + error.message);
  }

  private stateFailed(error: Error): void {
    const path = this.settings.stateFile;
    this.log.error({ event: "error", path, error: error.message }, "state file: " + error.message);
  }

  private socketFailed(error: NodeJS.ErrnoException): void {
    if (!this.isReady) {
      process.stderr.write("xswim agent: cannot bind " + this.settings.bind + ": " + reasonOf(error) + "\n");
      void this.close().then(() => this.end(1));
      return;
    }
    const nowMs = performance.now();
    if (nowMs < this.nextErrorMs) return;
    this.nextErrorMs = nowMs + ERROR_PERIOD_MS;
    const fields = { event: "error", error: error.message, socketErrors: this.node.socketErrors };
    this.log.warn(fields, "socket: " + error.message + ", errors so far: " + this.node.socketErrors);
  }

  private end(exitCode: number): void {
    this.server?.close();
    this.finish(exitCode);
  }

  private async close(): Promise<void> {
    clearInterval(this.hello);
    this.node.close();
    this.file?.stop();
    await this.file?.settled();
    await this.state?.stop();
  }
}
