// The picture: a canvas that can be moved, zoomed, pointed at, and walked through with the arrow keys.
import { select } from "d3-selection";
import { type ZoomBehavior, zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import type { Measure } from "./measures.ts";
import { Painter } from "./painter.ts";
import type { Palette } from "./palette.ts";
import { centre, emptyScene, type Mark, type Scene, type Target } from "./scene.ts";

export interface PictureEvents {
  /** A click or Enter on a mark. */
  open(mark: Mark): void;
  /** Escape, or a click beside all marks. */
  leave(): void;
  resized(): void;
  say(words: string): void;
}

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Picture {
  readonly #frame: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #note: HTMLElement;
  readonly #painter: Painter;
  readonly #events: PictureEvents;
  readonly #zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  #scene: Scene = emptyScene(0, 0, "");
  #measure: Measure = "fan-in";
  #palette!: Palette;
  #selected: Target | null = null;
  #cursor: Mark | null = null;
  #waiting = false;
  #size = { width: 0, height: 0 };

  constructor(frame: HTMLElement, canvas: HTMLCanvasElement, note: HTMLElement, events: PictureEvents) {
    this.#frame = frame;
    this.#canvas = canvas;
    this.#note = note;
    this.#events = events;
    this.#painter = new Painter(canvas);
    this.#zoom = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([1, 40])
      .on("zoom", () => this.#later());
    select(canvas).call(this.#zoom).on("dblclick.zoom", null);
    canvas.addEventListener("pointermove", (event) => this.#point(this.#at(event)));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("click", (event) => this.#click(event));
    frame.addEventListener("keydown", (event) => this.#key(event));
    frame.addEventListener("focus", () => this.#later());
    frame.addEventListener("blur", () => this.#point(null));
    new ResizeObserver(() => this.#fit()).observe(frame);
    this.#fit();
  }

  get size(): Readonly<{ width: number; height: number }> {
    return this.#size;
  }

  show(scene: Scene, measure: Measure, palette: Palette, selected: Target | null, sameZoom: boolean): void {
    const before = this.#cursor?.target;
    this.#scene = scene;
    this.#measure = measure;
    this.#palette = palette;
    this.#selected = selected;
    const same = (mark: Mark) => mark.target.kind === before?.kind && mark.target.index === before?.index;
    this.#cursor = before ? (scene.marks.find(same) ?? null) : null;
    this.#note.textContent = scene.empty;
    this.#note.hidden = scene.empty === "";
    const { width, height } = this.size;
    const least = Math.min(1, height / Math.max(1, scene.height));
    this.#zoom.scaleExtent([least, 40]).translateExtent([
      [0, 0],
      [Math.max(width, scene.width), Math.max(height, scene.height)],
    ]);
    if (!sameZoom) this.#home();
    this.drawNow();
  }

  drawNow(): void {
    this.#waiting = false;
    this.#painter.draw({
      scene: this.#scene,
      measure: this.#measure,
      palette: this.#palette,
      zoom: zoomTransform(this.#canvas),
      selected: this.#selected,
      cursor: this.#cursor,
      focused: document.activeElement === this.#frame,
    });
  }

  zoomBy(factor: number): void {
    select(this.#canvas).call(this.#zoom.scaleBy, factor);
  }

  zoomHome(): void {
    this.#home();
    this.#later();
  }

  /** All of the scene's width; of a tall scene the middle, which is where a module stands. */
  #home(): void {
    const down = Math.min(0, (this.size.height - this.#scene.height) / 2);
    select(this.#canvas).call(this.#zoom.transform, zoomIdentity.translate(0, down));
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width === 0 || height === 0 || (width === this.#size.width && height === this.#size.height)) return;
    this.#size = { width, height };
    this.#painter.resize(width, height, window.devicePixelRatio || 1);
    this.#events.resized();
  }

  #later(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      if (this.#waiting) this.drawNow();
    });
  }

  #at(event: MouseEvent): Mark | null {
    const frame = this.#canvas.getBoundingClientRect();
    const [x, y] = zoomTransform(this.#canvas).invert([
      event.clientX - frame.left,
      event.clientY - frame.top,
    ]);
    const slack = this.#scene.marks[0]?.shape === "dot" ? 3 / zoomTransform(this.#canvas).k : 0;
    // What was drawn last lies on top.
    for (let at = this.#scene.marks.length - 1; at >= 0; at--) {
      const mark = this.#scene.marks[at]!;
      const inside =
        x >= mark.x - slack &&
        x <= mark.x + mark.w + slack &&
        y >= mark.y - slack &&
        y <= mark.y + mark.h + slack;
      if (inside) return mark;
    }
    return null;
  }

  #point(mark: Mark | null): void {
    if (mark === this.#cursor) return;
    this.#cursor = mark;
    this.#canvas.classList.toggle("over", mark !== null);
    this.#canvas.title = mark ? `${mark.label}: ${mark.note}` : "";
    this.#later();
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented) return;
    const mark = this.#at(event);
    if (mark) this.#events.open(mark);
    else this.#events.leave();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction) this.#step(direction);
    else if ((event.key === "Enter" || event.key === " ") && this.#cursor) this.#events.open(this.#cursor);
    else if (event.key === "Escape" || event.key === "Backspace") this.#events.leave();
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.5);
    else if (event.key === "-") this.zoomBy(1 / 1.5);
    else if (event.key === "0") this.zoomHome();
    else return;
    event.preventDefault();
  }

  /** To the nearest mark in a direction; straight ahead counts as nearer than aside. */
  #step([dx, dy]: [number, number]): void {
    const marks = this.#scene.marks.filter((mark) => mark.shape !== "group");
    const from = this.#cursor ?? null;
    let best: Mark | null = from ? null : (marks[0] ?? null);
    let least = Number.POSITIVE_INFINITY;
    for (const mark of from ? marks : []) {
      if (mark === from) continue;
      const [x0, y0] = centre(from!);
      const [x1, y1] = centre(mark);
      const ahead = (x1 - x0) * dx + (y1 - y0) * dy;
      const aside = Math.abs((x1 - x0) * dy) + Math.abs((y1 - y0) * dx);
      if (ahead <= 0.5) continue;
      const cost = ahead + 2.5 * aside;
      if (cost < least) {
        least = cost;
        best = mark;
      }
    }
    if (!best) return;
    this.#cursor = best;
    this.#bringIntoView(best);
    this.#later();
    this.#events.say(`${best.label}, ${best.target.kind}, ${best.note}`);
  }

  #bringIntoView(mark: Mark): void {
    const now = zoomTransform(this.#canvas);
    const { width, height } = this.size;
    const [x, y] = now.apply(centre(mark));
    if (x >= 0 && x <= width && y >= 0 && y <= height) return;
    select(this.#canvas).call(this.#zoom.translateTo, ...centre(mark));
  }
}
