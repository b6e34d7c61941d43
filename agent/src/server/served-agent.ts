import type { AgentSettings } from "../agent/settings.js";
import type { AgentNode } from "./cluster-view.js";

/** What is shown of an agent, and what it can be told to do. */
export interface ServedAgent {
  readonly settings: AgentSettings;
  readonly node: AgentNode;
  /** The ids of its keys, the first one of which seals; undefined without keys. */
  readonly keyIds: readonly number[] | undefined;
  readonly isLeaving: boolean;
  /** Publishes a value, which it keeps publishing. Returns whether it was queued. @throws what `SwimNode.publish` throws */
  publish(text: string): boolean;
  /** Reads the key file again; returns the ids. @throws Error that says what is wrong; then nothing has changed */
  readKeysAgain(): Promise<readonly number[]>;
  leave(reason: string): Promise<void>;
}
