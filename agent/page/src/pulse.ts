import { useEffect, useState } from "preact/hooks";

/** How often the page is drawn at most, whatever comes in. */
const PERIOD_MS = 200;

/** Something that may change, and who wants to know. */
export class Topic {
  readonly listeners = new Set<() => void>();
}

/** Tells listeners of what changed: in a frame of the browser, five times a second at most, and each one once. */
export class Pulse {
  private readonly changed = new Set<Topic>();
  private isPlanned = false;
  private lastMs = -Infinity;

  mark(topic: Topic): void {
    this.changed.add(topic);
    if (this.isPlanned) return;
    this.isPlanned = true;
    const waitMs = this.lastMs + PERIOD_MS - performance.now();
    if (waitMs <= 0) requestAnimationFrame(() => this.beat());
    else setTimeout(() => requestAnimationFrame(() => this.beat()), waitMs);
  }

  private beat(): void {
    this.isPlanned = false;
    this.lastMs = performance.now();
    const listeners = new Set<() => void>();
    for (const topic of this.changed) for (const listener of topic.listeners) listeners.add(listener);
    this.changed.clear();
    for (const listener of listeners) listener();
  }
}

/** Has a component drawn anew when one of these changes. Returns a number that is another one then. */
export function useTopics(...topics: Topic[]): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const listener = (): void => setVersion((before) => before + 1);
    for (const topic of topics) topic.listeners.add(listener);
    return () => {
      for (const topic of topics) topic.listeners.delete(listener);
    };
  }, topics);
  return version;
}
