// Two simulators in one cluster with two Node peers, and foca's agent where it is installed.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { focaAgent } from "./foca-agent.mjs";
import { startDisplay, startPeer, startSimulator } from "./processes.mjs";

export const PORTS = Object.freeze({ a: 7611, b: 7612, agent: 7613, foca: 7614, peer: 7615 });
const at = (name) => `127.0.0.1:${PORTS[name]}`;
const upOf = (name) => new RegExp(`^up ${at(name)}$`);
const downOf = (name) => new RegExp(`^down ${at(name)}$`);

/** Waits until the file in which foca's agent keeps its members has, or has not, one of them. */
async function waitForFoca(path, name, isMember, limitMs = 60_000) {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const members = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (members.includes(at(name)) === isMember) return;
    if (performance.now() > endMs) throw new Error(`foca's members after ${limitMs / 1000} s: ${members}`);
    await sleep(100);
  }
}

/** Starts all of them and waits until every one of them runs. */
async function startAll(sdk, apps, folder) {
  const display = await startDisplay();
  const foca = focaAgent();
  const all = { display, sims: {} };
  all.sims.a = await startSimulator("simulator a", sdk, display.display, apps.a);
  all.sims.b = await startSimulator("simulator b", sdk, display.display, apps.b);
  // foca's agent announces itself once: whom it calls must be there.
  await Promise.all([all.sims.a.log.wait(/^ready/), all.sims.b.log.wait(/^ready/)]);
  const cli = ["agent/bin/xswim.js", "agent", at("agent"), "-a", at("a"), "--json"];
  all.agent = startPeer("the Node agent", process.execPath, cli);
  const peer = ["host-tests/moddable/peer.mjs", resolve("dist"), String(PORTS.peer), at("b"), "word"];
  all.peer = startPeer("the Node peer", process.execPath, peer);
  if (foca !== undefined) {
    all.focaMembers = join(folder, "foca-members.txt");
    all.foca = startPeer("foca's agent", foca, [at("foca"), "-a", at("a"), "-f", all.focaMembers]);
  }
  return all;
}

async function checkJoin(checks, { sims, agent, foca, focaMembers }) {
  const others = ["agent", "peer", ...(foca ? ["foca"] : [])];
  for (const [name, other] of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    for (const member of [other, ...others]) {
      await checks.try(`simulator ${name} sees ${member} come`, () => sims[name].log.wait(upOf(member)));
    }
    await checks.try(`the Node agent sees simulator ${name} come`, () =>
      agent.log.wait(new RegExp(`"event":"memberUp".*"${at(name)}"`)),
    );
    if (foca) {
      await checks.try(`foca's agent sees simulator ${name} come`, () =>
        waitForFoca(focaMembers, name, true),
      );
    }
  }
}

async function checkBroadcasts(checks, { sims, agent, peer, foca }) {
  await checks.try("simulator a hears what simulator b publishes", () =>
    sims.a.log.wait(new RegExp(`^got reading \\d+ from ${at("b")}$`)),
  );
  await checks.try("simulator a hears what a Node peer publishes", () =>
    sims.a.log.wait(new RegExp(`^got word \\d+ from ${at("peer")}$`)),
  );
  await checks.try("a Node peer hears what simulator b publishes", () =>
    peer.log.wait(new RegExp(`^got reading \\d+ from ${at("b")}$`)),
  );
  await checks.try("a Node peer hears what simulator b tells without being kept", () =>
    peer.log.wait(new RegExp(`^heard news \\d+ from ${at("b")}$`)),
  );
  await checks.try("the Node agent hears what simulator a publishes", () =>
    agent.log.wait(new RegExp(`"event":"(value|broadcast)".*"${at("a")}"`)),
  );
  if (foca) {
    await checks.try("simulator b hears what foca's agent publishes", () =>
      sims.b.log.wait(new RegExp(`^got Hello from .* from ${at("foca")}$`)),
    );
    await checks.try("foca's agent hears what simulator b publishes", () =>
      foca.log.wait(/new custom broadcast payload="reading \d+"/),
    );
  }
  await checks.try("a callback that throws is reported, and the next ones come", async () => {
    const { log } = sims.a;
    await log.wait(/^error Error: a callback that fails; callbacks 1 socket 0$/);
    const mark = log.mark;
    await log.wait(/^got /, mark);
  });
}

/** Samples of a window, one in five seconds. */
const WINDOW = 12;
/**
 * What the caches of addresses and send views may still add when something happens for the first time: 32 slots of
 * 32 bytes. A leak of one slot in a hundred probes exceeds it within the hour.
 */
const MOST_SLOT_BYTES = 1024;
const MOST_CHUNK_BYTES = 512;
const MEMORY = /^memory slots (\d+) chunks (\d+) pings (\d+)/;

/**
 * What is alive after a collection. Queues fill and empty all the time, so the least of one minute is compared with
 * the least of the last minute: whatever leaks raises it.
 */
async function checkMemory(checks, sim, name, cycles) {
  const { log } = sim;
  const sample = async () =>
    MEMORY.exec(await log.wait(MEMORY, log.mark))
      .slice(1)
      .map(Number);
  const least = (samples, index) => Math.min(...samples.map((each) => each[index]));
  await checks.try(
    `simulator ${name} probes ${cycles} times in the memory that it had at first`,
    async () => {
      // The table, the queues and the caches have their size once a few readings went round.
      for (let i = 0; i < WINDOW; i++) await sample();
      const first = [];
      while (first.length < WINDOW) first.push(await sample());
      const startPings = first[0][2];
      let last = [...first];
      while (last.at(-1)[2] - startPings < cycles) last = [...last, await sample()].slice(-WINDOW);
      const [slots, chunks] = [0, 1].map((index) => [least(first, index), least(last, index)]);
      const figures = `slots ${slots.join(" -> ")}, chunks ${chunks.join(" -> ")} bytes`;
      console.log(
        `     alive after a collection, the least of a minute: ${figures}; pings ${last.at(-1)[2]}`,
      );
      if (slots[1] > slots[0] + MOST_SLOT_BYTES || chunks[1] > chunks[0] + MOST_CHUNK_BYTES) {
        throw new Error(`it grew: ${figures}`);
      }
    },
  );
}

async function checkKills(checks, { sims, agent, peer, foca, focaMembers }) {
  const mark = sims.a.log.mark;
  const sawIt = sims.b.log.mark;
  await agent.stop("SIGKILL");
  await checks.try("simulator a finds a killed Node agent dead", () =>
    sims.a.log.wait(downOf("agent"), mark),
  );
  await checks.try("simulator b finds a killed Node agent dead", () =>
    sims.b.log.wait(downOf("agent"), sawIt),
  );
  const rest = sims.a.log.mark;
  await sims.b.stop("SIGKILL");
  await checks.try("a Node peer finds a killed simulator dead", () => peer.log.wait(downOf("b")));
  await checks.try("simulator a finds a killed simulator dead", () => sims.a.log.wait(downOf("b"), rest));
  if (foca) {
    await checks.try("foca's agent finds a killed simulator dead", () =>
      waitForFoca(focaMembers, "b", false),
    );
  }
}

/** A simulator that starts again on the same address comes back at once: its stored bump is larger. */
async function checkRestart(checks, sdk, apps, all) {
  const before = all.sims.b.log.seen(/^ready/);
  const { peer, display } = all;
  const mark = peer.log.mark;
  all.sims.b = await startSimulator("simulator b again", sdk, display.display, apps.b);
  await checks.try("a simulator that restarts comes back under a larger bump", async () => {
    const after = await all.sims.b.log.wait(/^ready/);
    const bump = (line) => Number(/bump (\d+)/.exec(line)[1]);
    if (!(bump(after) > bump(before))) throw new Error(`${before}, then ${after}`);
    await peer.log.wait(upOf("b"), mark);
    await all.sims.b.log.wait(upOf("a"));
  });
}

/**
 * @param apps paths of the built apps a and b
 * @param folder for files of the run
 * @param cycles probe cycles of the memory check
 * @param logs folder that all that was printed is kept in; none when left out
 */
export async function checkCluster(checks, sdk, apps, folder, cycles, logs) {
  const all = await startAll(sdk, apps, folder);
  try {
    await checkJoin(checks, all);
    await checkBroadcasts(checks, all);
    await checkMemory(checks, all.sims.a, "a", cycles);
    await checkKills(checks, all);
    await checkRestart(checks, sdk, apps, all);
  } finally {
    const programs = [all.agent, all.peer, all.foca, all.sims.a, all.sims.b, all.display];
    for (const program of programs) await program?.stop();
    if (logs !== undefined) for (const program of programs) program?.log?.save(logs);
  }
}
