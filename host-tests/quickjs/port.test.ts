// docs/PORTING.md by example: the build for devices runs on an engine that is not Moddable's, over examples/port.
import { afterEach, describe, expect, test } from "vitest";
import { SwimNode } from "../../platform/node/index.js";
import { lan } from "../../core/index.js";
import { FakeWire } from "./fake-wire.js";
import { lanes } from "./lanes.js";
import { Loopback } from "./loopback.js";
import { pageBlock, portScript, startPort } from "./port.js";

/** A program that tells what it heard, and can be told to publish. */
function program(own: string, port: number, seed: string): string {
  return `
    const told = [];
    const node = new xswim.SwimNode({
      port: ${port},
      advertise: "${own}",
      seeds: ["${seed}"],
      config: xswim.lan(4),
      value: "text",
      onMemberUp: (member) => told.push("up " + member.addr),
      onValue: (text, member) => told.push(member.addr + " reads " + text),
    });
    globalThis.taken = () => told.splice(0).join(", ");
    globalThis.publish = (text) => { node.publish(text); };
    globalThis.end = () => { node.close(); };
    0`;
}

const script = await portScript();

for (const engine of lanes()) {
  describe(engine, () => {
    const ends: (() => void)[] = [];
    afterEach(() => {
      for (const end of ends.splice(0)) end();
    });

    test("two-machines-run-the-program-of-the-page-and-notice-a-death-while-the-clock-wraps", async () => {
      const wire = new FakeWire();
      wire.nowMs = 2 ** 32 - 10_000;
      const [a, b] = ["10.0.0.1", "10.0.0.2"].map((address) => wire.host(address));
      for (const host of [a, b]) {
        const machine = await startPort(engine, script, host);
        host.machine = machine;
        ends.push(() => machine.close());
        machine.evaluate(pageBlock("main.js"), "main.js");
      }
      wire.run(6000);
      expect(a.printed).toEqual(["up 10.0.0.2:7946", "10.0.0.2:7946 reads 21.5 degrees"]);
      expect(b.printed).toEqual(["up 10.0.0.1:7946", "10.0.0.1:7946 reads 21.5 degrees"]);
      wire.unplug("10.0.0.1");
      wire.run(30_000);
      expect(b.printed.slice(2)).toEqual(["down 10.0.0.1:7946"]);
    });

    test("a-board-without-an-address-is-told-so", async () => {
      const machine = await startPort(engine, script, new FakeWire().host(""));
      ends.push(() => machine.close());
      expect(() => machine.evaluate(pageBlock("main.js"))).toThrow("there is no network yet");
    });

    test("a-datagram-given-from-within-send-is-refused-and-counted-and-the-node-goes-on", async () => {
      const wire = new FakeWire();
      const host = wire.host("10.0.0.1");
      const machine = await startPort(engine, script, host);
      host.machine = machine;
      ends.push(() => machine.close());
      host.send = (bytes) => void machine.call("take", bytes);
      machine.evaluate(pageBlock("main.js"));
      wire.run(2000);
      const once = Number(machine.evaluate("node.callbackErrors"));
      expect(once).toBeGreaterThan(0);
      expect(host.printed[0]).toContain("xswim: caught");
      wire.run(30_000);
      expect(machine.evaluate("node.callbackErrors")).toBeGreaterThan(once);
    });

    test("a-machine-and-a-node-of-this-process-hear-each-other-over-loopback", async () => {
      const loopback = await Loopback.open();
      ends.push(() => loopback.close());
      const machine = await startPort(engine, script, loopback);
      loopback.machine = machine;
      ends.push(() => machine.close());
      const heard: string[] = [];
      const node = new SwimNode({
        port: await loopback.freePort(),
        address: "127.0.0.1",
        config: lan(4),
        value: "text",
        onMemberUp: (member) => heard.push("up " + member.addr),
        onValue: (text, member) => heard.push(member.addr + " reads " + text),
      });
      ends.push(() => node.close());
      const own = "127.0.0.1:" + loopback.port;
      machine.evaluate(program("127.0.0.1", loopback.port, node.identity.addr));
      await expect.poll(() => heard.join(", "), { timeout: 20_000 }).toBe("up " + own);
      machine.call("publish", "21.5");
      node.publish("19");
      await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toBe(own + " reads 21.5");
      let told = "";
      const tellMore = (): string => (told += `${String(machine.call("taken"))}; `);
      const { addr } = node.identity;
      await expect.poll(tellMore, { timeout: 20_000 }).toContain(`${addr} reads 19`);
      expect(told).toContain("up " + addr);
      machine.call("end");
    });
  });
}
