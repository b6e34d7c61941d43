// docs/PORTING.md by example: the build for devices runs on an engine that is not Moddable's, over examples/port.
import { afterEach, describe, expect, test } from "vitest";
import { SwimNode } from "../../platform/node/index.js";
import { lan } from "../../core/index.js";
import { FakeWire } from "./fake-wire.js";
import { lanes } from "./lanes.js";
import { Loopback } from "./loopback.js";
import { portScript, startPort } from "./port.js";

const PORT = 7946;

const PROGRAM = `
  const told = [];
  const node = new xswim.SwimNode({
    port: PORT,
    advertise: OWN,
    seeds: [SEED],
    config: xswim.lan(4),
    value: "text",
    onMemberUp: (member) => told.push("up " + member.addr),
    onMemberDown: (member) => told.push("down " + member.addr),
    onValue: (text, member) => told.push(member.addr + " reads " + text),
  });
  globalThis.taken = () => told.splice(0).join(", ");
  globalThis.publish = (text) => { node.publish(text); };
  globalThis.end = () => { node.close(); };
  0`;

function program(own: string, port: number, seed: string): string {
  return PROGRAM.replace("OWN", JSON.stringify(own))
    .replace("PORT", String(port))
    .replace("SEED", JSON.stringify(seed));
}

const script = await portScript();

for (const engine of lanes()) {
  describe(engine, () => {
    const ends: (() => void)[] = [];
    afterEach(() => {
      for (const end of ends.splice(0)) end();
    });

    test("two-machines-find-each-other-publish-and-notice-a-death", async () => {
      const wire = new FakeWire();
      const [a, b] = await Promise.all(
        ["10.0.0.1", "10.0.0.2"].map(async (address) => {
          const world = wire.host(address);
          const machine = await startPort(engine, script, world);
          world.machine = machine;
          ends.push(() => machine.close());
          return machine;
        }),
      );
      a.evaluate(program("10.0.0.1", PORT, "10.0.0.2:7946"));
      b.evaluate(program("10.0.0.2", PORT, "10.0.0.1:7946"));
      wire.run(3000);
      expect(a.call("taken")).toBe("up 10.0.0.2:7946");
      expect(b.call("taken")).toBe("up 10.0.0.1:7946");
      a.call("publish", "21.5");
      wire.run(3000);
      expect(b.call("taken")).toBe("10.0.0.1:7946 reads 21.5");
      wire.unplug("10.0.0.1");
      wire.run(30_000);
      expect(b.call("taken")).toBe("down 10.0.0.1:7946");
      expect(wire.printed).toEqual([]);
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
