// Prints the costs of npm's swim as JSON lines.
import { bytesPerMember, lineOf, peerArguments, print } from "./lines.js";
import { NpmSwimNode } from "./npm-swim-node.js";
import { OPERATIONS } from "./npm-swim-operations.js";

const budget = peerArguments();
for (const members of budget.members) {
  for (const build of OPERATIONS) print(lineOf("swim", build(members), members, budget));
  const empty = bytesPerMember(members, (known) => new NpmSwimNode(known, known));
  print({ peer: "swim", operation: "memoryQueueEmpty", members, bytesPerMember: empty });
  const full = bytesPerMember(members, (known) => {
    const node = new NpmSwimNode(known, known);
    node.fillQueue();
    return node;
  });
  print({ peer: "swim", operation: "memoryQueueFull", members, bytesPerMember: full });
}
process.exit();
