import { afterEach, describe, expect, inject, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { lan, type Renewable } from "../../core/index.js";
import { SwimNode } from "../../platform/node/index.js";
import { endAll, focaLeaver, until } from "./support/agents.js";

// The table of who naps has room for one, so that it knows foca's node only: what the watcher is told of the nap has gone
// through foca.
describe.runIf(inject("hasCargo"))("behind a node of foca's", () => {
  const nodes: SwimNode[] = [];
  afterEach(async () => {
    for (const node of nodes.splice(0)) node.close();
    await endAll();
  });

  test("a-nap-is-known-with-its-promise-and-its-end-by-the-renewed-identity", async () => {
    const [watcherPort, focaPort, napperPort] = await freePorts(3, "127.0.0.1");
    const foca = "127.0.0.1:" + focaPort;
    const told: string[] = [];
    const named = ({ addr, bump }: Renewable): string => addr.split(":")[1] + "/" + bump;
    const watcher = new SwimNode({
      port: watcherPort,
      advertise: "127.0.0.1",
      config: lan(3),
      onReady: () => void told.push("ready"),
      onMemberNap: (identity, ms) => void told.push("nap " + named(identity) + " " + ms),
      onMemberDown: (identity) => void told.push("down " + named(identity)),
      onMemberUp: (identity) => void told.push("up " + named(identity)),
    });
    nodes.push(watcher);
    // It announces only once.
    await until("the watcher listens", () => told.includes("ready"));
    const peer = focaLeaver(foca, "127.0.0.1:" + watcherPort);
    await until("the watcher knows foca's node", () => watcher.swim.numMembers === 1);
    const napper = new SwimNode({
      port: napperPort,
      advertise: "127.0.0.1",
      bump: 7,
      seeds: [foca],
      config: { ...lan(3), maxMembers: 1, initialMembers: 1 },
    });
    nodes.push(napper);
    await until("who naps knows foca's node", () => napper.swim.numMembers === 1);
    await until(
      "the watcher knows all",
      () => watcher.swim.numMembers === 2,
      () => peer.stdout,
    );
    expect(napper.members().map((member) => member.identity.addr)).toEqual([foca]);

    napper.nap(60_000);
    await until(
      "the watcher is told",
      () => told.some((text) => text.startsWith("nap ")),
      () => told.join(),
    );
    await peer.untilPrinted("down 127.0.0.1:" + napperPort);
    const asleep = watcher.members().filter((member) => member.state === "Asleep");
    expect(asleep.map((member) => named(member.identity))).toEqual([napperPort + "/7"]);

    napper.endNap();
    await until(
      "it is back",
      () => watcher.swim.numMembers === 2,
      () => told.join(),
    );
    const ofNapper = told.filter((text) => text.includes(napperPort + "/"));
    expect(ofNapper).toEqual([
      "up " + napperPort + "/7",
      "nap " + napperPort + "/7 60032",
      "up " + napperPort + "/8",
    ]);
  });
});
