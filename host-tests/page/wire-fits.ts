// Compiles only while the page reads what the agent answers.
import type * as wire from "../../agent/page/src/wire.js";
import type { Changes } from "../../agent/src/server/cluster-view.js";
import type { InfoJson } from "../../agent/src/server/info.js";
import type { MemberJson } from "../../agent/src/server/seen-member.js";
import type { Second } from "../../agent/src/server/traffic.js";

export const members: (answer: { self: MemberJson; members: MemberJson[] }) => wire.Members = (answer) =>
  answer;
export const info: (answer: InfoJson) => wire.Info = (answer) => answer;
export const changes: (message: Changes) => wire.Changes = (message) => message;
export const second: (message: Second) => wire.Second = (message) => message;
