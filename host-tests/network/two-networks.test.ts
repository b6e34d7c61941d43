import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { CLI, endAll } from "../agent/support/program.js";
import { Network } from "./support/network.js";

describe.runIf(inject("hasNetworks"))("an agent on a machine in two networks", () => {
  let network: Network;
  beforeEach(async () => {
    network = await Network.open(2, 1);
    const [host, other] = network.hosts;
    await host.ip(
      `link add eth1 type veth peer name eth1 netns ${other.namespace}`,
      "addr add 10.78.0.1/24 dev eth1",
      "link set eth1 up",
    );
    await other.ip("link set eth1 up");
    // So what it says by multicast comes from the address that it does not advertise.
    await host.ip("route replace default dev eth1");
  });
  afterEach(async () => {
    await endAll();
    await network.close();
  });

  test("does-not-take-itself-for-another-who-has-its-address", async () => {
    const agent = network.hosts[0].start(process.execPath, [CLI, "agent", "--no-control", "--json"]);
    const troubles = (): unknown[] => agent.eventsOf("trouble").map(({ kind }) => kind);
    await agent.until("it says that it found nobody", () => troubles().includes("nobodyFound"));
    expect(agent.eventsOf("ready")).toMatchObject([{ identity: { addr: "10.77.0.11:7946" } }]);
    expect(troubles()).toEqual(["nobodyFound"]);
  });
});
