import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { draw, nearest } from "./circle-picture.js";
import { paletteOf, placesOf, suspicionsOf, type Place, type Suspicion } from "./circle.js";
import { useTopics } from "./pulse.js";
import type { Store } from "./store.js";
import { useIsDark } from "./use-media.js";
import { count, printable } from "./words.js";

const HEIGHT_PX = 236;
/** How many suspicions are written out. */
const MOST_LISTED = 8;

interface CirclePanelProps {
  readonly store: Store;
  readonly chosen: string | undefined;
  readonly onChoose: (addr: string) => void;
}

/** The members in the circle of successors, and who suspects whom. */
export function CirclePanel({ store, chosen, onChoose }: CirclePanelProps): JSX.Element {
  const version = useTopics(store.membersTopic);
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  const places = useMemo(() => placesOf(store.rows, store.self), [version]);
  const suspicions = useMemo(() => suspicionsOf(store.rows.values()), [version]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  const isDark = useIsDark();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width === 0) return;
    const scale = devicePixelRatio;
    const [wide, high] = [Math.round(width * scale), Math.round(HEIGHT_PX * scale)];
    // Setting a size makes a new picture, even when it is the same size.
    if (element.width !== wide || element.height !== high) [element.width, element.height] = [wide, high];
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const palette = paletteOf(element);
    draw(context, { width, height: HEIGHT_PX, places, suspicions, palette, chosen, pointed });
  }, [places, suspicions, chosen, pointed, width, isDark]);
  const find = (event: MouseEvent): Place | undefined =>
    nearest({ width, height: HEIGHT_PX, places }, { x: event.offsetX, y: event.offsetY });
  const under = pointed === undefined ? undefined : store.rows.get(pointed);
  return (
    <section class="panel circle" aria-label="Circle of successors">
      <div class="panel-head">
        <h2>Circle of successors</h2>
        <span class="quiet pointed" aria-hidden="true">
          {under !== undefined && <bdi>{under.name + ", " + under.member.state}</bdi>}
        </span>
      </div>
      <canvas
        ref={canvas}
        role="img"
        aria-label={pictureInWords(places, suspicions)}
        onMouseMove={(event) => setPointed(find(event)?.row.member.addr)}
        onMouseLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const place = find(event);
          if (place !== undefined) onChoose(place.row.member.addr);
        }}
      />
      <Suspicions store={store} suspicions={suspicions} onChoose={onChoose} />
    </section>
  );
}

function pictureInWords(places: readonly Place[], suspicions: readonly Suspicion[]): string {
  const onCircle = places.filter(({ isOnCircle }) => isOnCircle).length;
  const within = places.length - onCircle;
  return (
    count(onCircle, "member") +
    " in a circle, each of which probes the next one" +
    (within > 0 ? "; " + within + " within it sleep or are gone" : "") +
    (suspicions.length > 0 ? "; " + count(suspicions.length, "suspicion") + ", listed below" : "")
  );
}

function Suspicions(props: {
  store: Store;
  suspicions: readonly Suspicion[];
  onChoose: (addr: string) => void;
}): JSX.Element {
  const { store, suspicions, onChoose } = props;
  if (suspicions.length === 0) return <p class="quiet">Nobody is suspected.</p>;
  const name = (addr: string): JSX.Element =>
    store.rows.has(addr) ? (
      <button type="button" class="as-link" onClick={() => onChoose(addr)}>
        <bdi>{printable(addr, 60)}</bdi>
      </button>
    ) : (
      <bdi>{printable(addr, 60)}</bdi>
    );
  return (
    <ul class="suspicions">
      {suspicions.slice(0, MOST_LISTED).map(({ by, of }) => (
        <li key={of.member.addr}>
          {by === null ? "Somebody" : name(by)} suspects {name(of.member.addr)}
        </li>
      ))}
      {suspicions.length > MOST_LISTED && <li>and {suspicions.length - MOST_LISTED} more</li>}
    </ul>
  );
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth));
    observer.observe(observed);
    return () => observer.disconnect();
  }, []);
  return width;
}
