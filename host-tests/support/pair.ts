import { unhex } from "./assert.js";
import type { Solo } from "./solo.js";

/**
 * Delivers what the nodes send to each other, at once and in order, until all are silent or `limit` datagrams went.
 * Returns how many went; those to nobody here are lost.
 */
export function exchange(nodes: Solo[], limit: number): number {
  for (let delivered = 0; ;) {
    let isSilent = true;
    for (const node of nodes) {
      const raw = node.raw;
      const headers = node.datagrams;
      node.raw = [];
      node.datagrams = [];
      for (let i = 0; i < raw.length; i++) {
        const host = headers[i].to.split(".")[0];
        const to = nodes.find((other) => other.identity.split(".")[0] === host);
        if (to === undefined) continue;
        if (delivered === limit) return delivered;
        delivered++;
        isSilent = false;
        to.hearBytes(unhex(raw[i]));
      }
    }
    if (isSilent) return delivered;
  }
}
