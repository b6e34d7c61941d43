// Prints xswim's costs as JSON lines.
import { bytesPerMember, lineOf, peerArguments, print } from "./lines.js";
import { OPERATIONS, worstNsOf } from "./xswim-operations.js";
import { XswimNode } from "./xswim-node.js";

const budget = peerArguments();
for (const members of budget.members) {
  for (const build of OPERATIONS) {
    const operation = build(members);
    const line = lineOf("xswim", operation, members, budget);
    const worstNs = worstNsOf(operation);
    print(worstNs === undefined ? line : { ...line, worstNs: Math.round(worstNs) });
  }
  const empty = bytesPerMember(members, (known) => new XswimNode(known, known));
  print({ peer: "xswim", operation: "memoryQueueEmpty", members, bytesPerMember: empty });
  const full = bytesPerMember(members, (known) => {
    const node = new XswimNode(known, known);
    node.fillQueue();
    return node;
  });
  print({ peer: "xswim", operation: "memoryQueueFull", members, bytesPerMember: full });
}
