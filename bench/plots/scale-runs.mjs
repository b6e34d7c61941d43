// What is run for docs/SCALE.md: names of runs, and their words after `npm run scale --`.

/** What is measured over the number of nodes, and how many members one node holds. */
export const SCALE_NODES = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
export const ONE_MEMBERS = [64, 1024, 16_384, 65_000];

const SEEDS = {
  life: { 64: 3, 128: 3, 256: 2 },
  value: { 64: 5, 128: 5, 256: 5, 512: 3 },
  start: { 64: 5, 128: 5, 256: 5, 512: 3 },
};
/** How many nodes are watched for a whole round of probes, which takes two periods for each three nodes. */
const ROUNDS = { 64: 4, 128: 4, 256: 1 };

export const VIEWS = {
  dealt: "views --nodes 16384 --room 512 --with settleS=10 restS=20 victims=10 limitS=60",
  grown: "views --nodes 16384 --room 512 --with perSecond=400 settleS=15 restS=10 victims=5 limitS=40",
  "small-dealt": "views --nodes 1024 --room 64 --with settleS=30 victims=10",
  "small-grown": "views --nodes 1024 --room 64 --with perSecond=50 settleS=30 victims=10",
  "small-whole-4": "views --nodes 1024 --room 64 --with perSecond=50 settleS=30 victims=10 whole=4",
};

export function* scaleRuns() {
  for (const nodes of SCALE_NODES) {
    for (const [measurement, seedsOf] of Object.entries(SEEDS)) {
      // What each of 8,192 nodes is told in its first minute takes an hour to compute.
      if (measurement === "start" && nodes > 4096) continue;
      const rounds = measurement === "life" && nodes in ROUNDS ? ` --with rounds=${ROUNDS[nodes]}` : "";
      const words = `${measurement} --nodes ${nodes} --seeds ${seedsOf[nodes] ?? 1}${rounds}`;
      yield [`scale-${measurement}-${nodes}`, words];
    }
  }
  for (const members of ONE_MEMBERS) yield [`scale-one-${members}`, `one --nodes ${members}`];
  for (const [name, words] of Object.entries(VIEWS)) yield [`scale-views-${name}`, words];
}
