// A member of a real cluster on 127.0.0.1 that runs inside a machine.
import { join } from "node:path";
import type { Engine } from "../build.js";
import { bundle } from "../bundle.js";
import { XsWorker } from "../engine.js";
import { UdpBridge } from "../udp.js";
import type { Told } from "./main.js";

export class MachineNode {
  /** What went wrong inside: exceptions that no call waited for, and what the node itself reported. */
  readonly errors: string[] = [];
  readonly #worker: XsWorker;
  readonly #bridge: UdpBridge;
  #members: string[] = [];
  readonly #heard: string[] = [];

  /** @param key 32 hex digits, with which all is sealed under the id 3 */
  static async start(engine: Engine, seeds: readonly string[], key = ""): Promise<MachineNode> {
    const bridge = await UdpBridge.open();
    const told: { to?: MachineNode } = {};
    const worker = await XsWorker.start(engine, {
      onMessage: bridge.send,
      onPrint: (line) => told.to?.take(JSON.parse(line) as Told),
      onError: (error) => told.to?.errors.push(String(error)),
    });
    const node = new MachineNode(worker, bridge);
    told.to = node;
    await worker.load(await bundle(join(import.meta.dirname, "main.ts"), "node"));
    bridge.attach(worker);
    const given = [bridge.port, seeds, bridge.port, key].map((value) => JSON.stringify(value));
    await worker.evaluate(`node.start(${given.join()}); 0`);
    return node;
  }

  private constructor(worker: XsWorker, bridge: UdpBridge) {
    this.#worker = worker;
    this.#bridge = bridge;
  }

  get address(): string {
    return "127.0.0.1:" + this.#bridge.port;
  }

  /** The active members that it knows, sorted. */
  members(): string[] {
    return this.#members;
  }

  /** What it was told by custom broadcasts. */
  heard(): string[] {
    return this.#heard;
  }

  async publish(text: string): Promise<void> {
    await this.#worker.evaluate(`node.publish(${JSON.stringify(text)}); 0`);
  }

  async leave(): Promise<void> {
    await this.#worker.evaluate("node.leave(); 0");
  }

  /** Ends it without a word to anybody. May be called again. */
  async kill(): Promise<void> {
    await this.#bridge.close();
    await this.#worker.close();
  }

  private take(told: Told): void {
    if (told.event === "members") this.#members = [...(told.members ?? [])].sort();
    else if (told.event === "value") this.#heard.push(told.text ?? "");
    else this.errors.push(told.text ?? "");
  }
}
