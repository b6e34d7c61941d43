// The keys of the cluster, as text in the settings: `32 hex digits`, or `ID:32 hex digits`, with commas between several. The
// first one seals what the sensor sends, and each opens what it gets. Without keys nothing is sealed.
import type { ClusterKey } from "xswim/sealed";

export function parseKeys(text: string): ClusterKey[] {
  return text
    .split(",")
    .filter((key) => key !== "")
    .map((key) => {
      const [secret, id] = key.split(":").reverse();
      return { id: Number(id ?? 0), secret };
    });
}
