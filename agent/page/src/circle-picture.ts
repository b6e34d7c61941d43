import type { Palette, Place, Suspicion } from "./circle.js";

/** Up to so many members have their names, and arrows to their successors. */
const MOST_NAMES = 24;
const MOST_SUSPICIONS = 200;
/** Who stands within the circle is named when they are few, and the picture is so wide. */
const MOST_INNER_NAMES = 6;
const WIDE_PX = 340;
/** Room for names on both sides, and for one of their letters. */
const NAME_PX = 96;
const LETTER_PX = 6.5;
const MARGIN_PX = 18;
const MARGIN_WITH_NAMES_PX = 28;

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly places: readonly Place[];
  readonly suspicions: readonly Suspicion[];
  readonly palette: Palette;
  readonly chosen: string | undefined;
  readonly pointed: string | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function hasNames(places: readonly Place[]): boolean {
  return places.length <= MOST_NAMES;
}

/** Leads from the places to the picture's pixels. */
export function projection(frame: Pick<Frame, "width" | "height" | "places">): (place: Point) => Point {
  const { width, height, places } = frame;
  const isNamed = hasNames(places);
  const longest = isNamed ? Math.max(0, ...places.map(({ name }) => name.length)) : 0;
  const side = isNamed ? Math.min(NAME_PX, longest * LETTER_PX + 16) : MARGIN_PX;
  const above = isNamed ? MARGIN_WITH_NAMES_PX : MARGIN_PX;
  const radius = Math.max(20, Math.min(width / 2 - side, height / 2 - above));
  return ({ x, y }) => ({ x: width / 2 + x * radius, y: height / 2 + y * radius });
}

/** Draws everybody, and who suspects whom. */
export function draw(context: CanvasRenderingContext2D, frame: Frame): void {
  const { width, height, places, palette } = frame;
  const project = projection(frame);
  const onCircle = places.filter(({ isOnCircle }) => isOnCircle);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  const middle = project({ x: 0, y: 0 });
  context.beginPath();
  context.arc(middle.x, middle.y, middle.y - project({ x: 0, y: -1 }).y, 0, 2 * Math.PI);
  context.stroke();
  if (hasNames(places) && onCircle.length > 1) drawSuccession(context, frame, onCircle);
  drawSuspicions(context, frame);
  for (const place of places) drawMember(context, frame, place, project(place));
  if (!hasNames(places)) return;
  const hasRoom = places.length - onCircle.length <= MOST_INNER_NAMES && width >= WIDE_PX;
  for (const place of places)
    if (place.isOnCircle || hasRoom) drawName(context, frame, place, project(place));
}

/** Small arrowheads halfway from each member to its successor. */
function drawSuccession(context: CanvasRenderingContext2D, frame: Frame, onCircle: readonly Place[]): void {
  const project = projection(frame);
  context.fillStyle = frame.palette.quiet;
  for (const { angle } of onCircle) {
    const half = angle + Math.PI / onCircle.length;
    drawHead(context, project({ x: Math.sin(half), y: -Math.cos(half) }), half, 4);
  }
}

/** @param direction the angle from the right, clockwise */
function drawHead(context: CanvasRenderingContext2D, at: Point, direction: number, size: number): void {
  const cos = Math.cos(direction) * size;
  const sin = Math.sin(direction) * size;
  context.beginPath();
  context.moveTo(at.x + cos, at.y + sin);
  context.lineTo(at.x - cos - sin * 0.8, at.y - sin + cos * 0.8);
  context.lineTo(at.x - cos + sin * 0.8, at.y - sin - cos * 0.8);
  context.fill();
}

/** A bent arrow for each suspicion. */
function drawSuspicions(context: CanvasRenderingContext2D, frame: Frame): void {
  const project = projection(frame);
  const places = new Map(frame.places.map((place) => [place.row.member.addr, place]));
  const middle = project({ x: 0, y: 0 });
  context.strokeStyle = context.fillStyle = frame.palette.Suspect;
  context.lineWidth = 1.5;
  for (const { by, of } of frame.suspicions.slice(0, MOST_SUSPICIONS)) {
    const source = by === null ? undefined : places.get(by);
    const target = places.get(of.member.addr);
    if (source === undefined || target === undefined || source === target) continue;
    const from = project(source);
    const to = project(target);
    // Half way to the middle, so that arrows between neighbours can be told from the circle.
    const bend = { x: (from.x + to.x) / 4 + middle.x / 2, y: (from.y + to.y) / 4 + middle.y / 2 };
    const direction = Math.atan2(to.y - bend.y, to.x - bend.x);
    const tip = { x: to.x - Math.cos(direction) * 12, y: to.y - Math.sin(direction) * 12 };
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(bend.x, bend.y, tip.x, tip.y);
    context.stroke();
    drawHead(context, tip, direction, 5);
  }
}

function drawMember(context: CanvasRenderingContext2D, frame: Frame, place: Place, at: Point): void {
  const { palette, places, chosen, pointed } = frame;
  const { member, isSelf } = place.row;
  const isCalm = member.state === "Alive" || member.state === "Left";
  const small = Math.max(1.6, Math.min(5, 260 / places.length));
  const size = isCalm && !isSelf ? small : Math.max(small, 4);
  const isMarked = isSelf || member.addr === chosen || member.addr === pointed;
  context.fillStyle = context.strokeStyle = palette[member.state];
  context.beginPath();
  if (member.state === "Suspect") {
    context.moveTo(at.x, at.y - size * 1.3);
    context.lineTo(at.x + size * 1.2, at.y + size);
    context.lineTo(at.x - size * 1.2, at.y + size);
    context.fill();
  } else if (member.state === "Down") {
    context.lineWidth = 1.8;
    context.moveTo(at.x - size, at.y - size);
    context.lineTo(at.x + size, at.y + size);
    context.moveTo(at.x + size, at.y - size);
    context.lineTo(at.x - size, at.y + size);
    context.stroke();
  } else {
    context.arc(at.x, at.y, size, 0, 2 * Math.PI);
    if (member.state === "Left" || member.state === "Asleep") {
      context.lineWidth = 1.5;
      context.fillStyle = palette.panel;
      context.fill();
      context.stroke();
    } else context.fill();
  }
  if (!isMarked) return;
  context.lineWidth = 2;
  context.strokeStyle =
    isSelf && member.addr !== chosen && member.addr !== pointed ? palette.text : palette.accent;
  context.beginPath();
  context.arc(at.x, at.y, size + 4, 0, 2 * Math.PI);
  context.stroke();
}

/** Outside of the circle, or below who stands within it. */
function drawName(context: CanvasRenderingContext2D, frame: Frame, place: Place, at: Point): void {
  const isMiddle = Math.abs(place.x) <= 0.02 || !place.isOnCircle;
  const isRight = place.x > 0;
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = place.row.isSelf ? frame.palette.text : frame.palette.quiet;
  context.textAlign = isMiddle ? "center" : isRight ? "left" : "right";
  context.textBaseline = "middle";
  const beyond = isMiddle ? 0 : isRight ? 12 : -12;
  const below = !isMiddle ? 0 : place.y < 0 && place.isOnCircle ? -18 : 18;
  context.fillText(shortened(context, place.name, NAME_PX - 14), at.x + beyond, at.y + below);
}

function shortened(context: CanvasRenderingContext2D, name: string, widthPx: number): string {
  if (context.measureText(name).width <= widthPx) return name;
  // The end of an address tells members apart.
  let end = name.slice(-24);
  while (end.length > 1 && context.measureText("…" + end).width > widthPx) end = end.slice(1);
  return "…" + end;
}

/** The member that is nearest to a point of the picture, within reach of a finger. */
export function nearest(frame: Pick<Frame, "width" | "height" | "places">, at: Point): Place | undefined {
  const project = projection(frame);
  let found: Place | undefined;
  let least = 22 * 22;
  for (const place of frame.places) {
    const { x, y } = project(place);
    const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (distance < least) [found, least] = [place, distance];
  }
  return found;
}
