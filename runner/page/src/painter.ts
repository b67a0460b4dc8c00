// Draws a scene on a canvas.
import { fitted, LabelRoom } from "./label_room.ts";
import type { Measure } from "./measures.ts";
import { type Palette, rampTable, STEPS } from "./palette.ts";
import { type Link, type Mark, type Overlay, type Scene, sameTarget, type Target } from "./scene.ts";

export interface Shot {
  scene: Scene;
  measure: Measure;
  palette: Palette;
  zoom: { k: number; x: number; y: number };
  selected: Target | null;
  /** The mark under the pointer or the keyboard's cursor. */
  cursor: Mark | null;
  focused: boolean;
}

const FONT = "ui-sans-serif, system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif";
const FAINT = 0.16;

export class Painter {
  readonly #context: CanvasRenderingContext2D;
  #shot!: Shot;
  #width = 0;
  #height = 0;
  #overlay: Overlay | null = null;
  #hovered = false;
  /** The widths of characters, by font and in the font that is set. */
  readonly #fonts: Map<string, Map<string, number>> = new Map();
  #widths: Map<string, number> = new Map();

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser has no canvas");
    this.#context = context;
  }

  resize(width: number, height: number, density: number): void {
    this.#width = width;
    this.#height = height;
    const { canvas } = this.#context;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    this.#context.setTransform(density, 0, 0, density, 0, 0);
  }

  draw(shot: Shot): void {
    this.#shot = shot;
    const { scene, palette } = shot;
    const traced = shot.cursor && scene.trace ? scene.trace(shot.cursor) : null;
    this.#hovered = traced !== null && scene.overlay === null;
    this.#overlay = scene.overlay ?? traced;
    this.#context.globalAlpha = 1;
    this.#context.fillStyle = palette.paper;
    this.#context.fillRect(0, 0, this.#width, this.#height);
    const flat = scene.marks.some((mark) => mark.shape === "tile" || mark.shape === "group");
    if (!flat) this.#drawAllLinks();
    this.#drawMarks();
    if (flat) this.#drawAllLinks();
    const room = new LabelRoom();
    this.#drawCaptions(room);
    this.#drawLabels(room);
    if (!this.#overlay) this.#drawBadges(scene.links);
    this.#drawOutlines();
  }

  #x(x: number): number {
    return x * this.#shot.zoom.k + this.#shot.zoom.x;
  }

  #y(y: number): number {
    return y * this.#shot.zoom.k + this.#shot.zoom.y;
  }

  #seen(mark: Mark): boolean {
    const { k } = this.#shot.zoom;
    const [x, y] = [this.#x(mark.x), this.#y(mark.y)];
    return x < this.#width && y < this.#height && x + mark.w * k > 0 && y + mark.h * k > 0;
  }

  /** Marks of one colour are one path: ten thousand of them are drawn in a few milliseconds. */
  #drawMarks(): void {
    const { scene, palette, measure } = this.#shot;
    const ramp = rampTable(palette, measure);
    const layers = new Map<string, Mark[]>();
    for (const mark of scene.marks) {
      if (!this.#seen(mark)) continue;
      const dim = this.#dim(mark);
      const fill =
        mark.shape === "group"
          ? palette.group
          : mark.heat === null
            ? palette.unknown
            : ramp[step(mark.heat)]!.fill;
      const raised = mark.shape === "dot" && mark.angle !== undefined;
      const key = `${mark.shape === "group" ? 0 : dim ? 1 : raised ? 3 : 2}${fill}`;
      const layer = layers.get(key);
      if (layer) layer.push(mark);
      else layers.set(key, [mark]);
    }
    for (const key of [...layers.keys()].sort()) {
      this.#context.globalAlpha = key.startsWith("1") ? 0.28 : 1;
      this.#context.fillStyle = key.slice(1);
      this.#context.beginPath();
      for (const mark of layers.get(key)!) this.#shape(mark);
      if (key.startsWith("3")) {
        // Large ones may lie over their neighbours: a rim keeps them apart.
        this.#context.strokeStyle = palette.paper;
        this.#context.lineWidth = 3;
        this.#context.stroke();
      }
      this.#context.fill();
    }
    this.#context.globalAlpha = 1;
  }

  #shape(mark: Mark): void {
    const { k } = this.#shot.zoom;
    const [w, h] = [mark.w * k, mark.h * k];
    const radius =
      mark.shape === "dot" ? Math.min(w / 2, 5) : mark.shape === "box" ? 5 : mark.shape === "group" ? 4 : 2;
    if (w < 8) this.#context.rect(this.#x(mark.x), this.#y(mark.y), w, h);
    else this.#context.roundRect(this.#x(mark.x), this.#y(mark.y), w, h, Math.min(radius, w / 2, h / 2));
  }

  #dim(mark: Mark): boolean {
    const bright = this.#overlay?.bright;
    return bright !== null && bright !== undefined && !bright.has(mark);
  }

  #drawAllLinks(): void {
    const overlay = this.#overlay?.links ?? [];
    const crowded = this.#shot.scene.links.some((link) => link.badge !== "" || link.tone === "plain");
    this.#drawLinks(this.#shot.scene.links, overlay.length > 0 && crowded ? FAINT : 1);
    this.#drawLinks(overlay, this.#hovered ? 0.75 : 1);
  }

  #drawLinks(all: Link[], strength: number): void {
    const { palette } = this.#shot;
    const strokes = new Map<string, Link[]>();
    for (const link of all) {
      const key = `${link.tone}|${link.width}|${link.dashed}`;
      const list = strokes.get(key);
      if (list) list.push(link);
      else strokes.set(key, [link]);
    }
    for (const links of strokes.values()) {
      const { tone, width, dashed } = links[0]!;
      this.#context.strokeStyle = palette.tones[tone];
      const alpha = tone === "plain" ? Math.max(0.09, Math.min(0.55, 90 / links.length)) : 0.85;
      this.#context.globalAlpha = alpha * strength;
      this.#context.lineWidth = width;
      this.#context.setLineDash(dashed ? [5, 4] : []);
      this.#context.beginPath();
      for (const { from, bend, to } of links) {
        this.#context.moveTo(this.#x(from[0]), this.#y(from[1]));
        this.#context.quadraticCurveTo(this.#x(bend[0]), this.#y(bend[1]), this.#x(to[0]), this.#y(to[1]));
      }
      this.#context.stroke();
      if (tone !== "plain") for (const link of links) this.#drawHead(link);
    }
    this.#context.setLineDash([]);
    this.#context.globalAlpha = 1;
  }

  #drawHead({ bend, to, tone, width }: Link): void {
    const [x, y] = [this.#x(to[0]), this.#y(to[1])];
    const angle = Math.atan2(y - this.#y(bend[1]), x - this.#x(bend[0]));
    const size = 5 + width;
    this.#context.fillStyle = this.#shot.palette.tones[tone];
    this.#context.beginPath();
    this.#context.moveTo(x, y);
    for (const side of [-0.4, 0.4]) {
      this.#context.lineTo(x - Math.cos(angle + side) * size, y - Math.sin(angle + side) * size);
    }
    this.#context.fill();
  }

  #drawBadges(links: Link[]): void {
    const { palette } = this.#shot;
    const room = new LabelRoom();
    this.#font(11, 700);
    for (const link of [...links].filter((one) => one.badge).reverse()) {
      const t = 0.14;
      const along = (axis: 0 | 1) =>
        (1 - t) ** 2 * link.from[axis] + 2 * t * (1 - t) * link.bend[axis] + t * t * link.to[axis];
      const [x, y] = [this.#x(along(0)), this.#y(along(1))];
      if (!room.take(x - 9, y - 9, 18, 18)) continue;
      this.#context.fillStyle = palette.paper;
      this.#disc(x, y, 10);
      this.#context.fillStyle = palette.tones.cut;
      this.#disc(x, y, 8.5);
      this.#context.fillStyle = palette.paper;
      this.#text(link.badge, x, y + 0.5, "center");
    }
  }

  #disc(x: number, y: number, radius: number): void {
    this.#context.beginPath();
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#context.fill();
  }

  #font(size: number, weight: number): void {
    const font = `${weight} ${size}px ${FONT}`;
    this.#context.font = font;
    const known = this.#fonts.get(font);
    this.#widths = known ?? new Map();
    if (!known) this.#fonts.set(font, this.#widths);
  }

  /** The sum of the widths of its characters: near enough, and much faster than to ask for each text. */
  #textWidth(text: string): number {
    let sum = 0;
    for (const character of text) {
      let width = this.#widths.get(character);
      if (width === undefined) {
        width = this.#context.measureText(character).width;
        this.#widths.set(character, width);
      }
      sum += width;
    }
    return sum;
  }

  #text(text: string, x: number, y: number, align: CanvasTextAlign): void {
    this.#context.textAlign = align;
    this.#context.textBaseline = "middle";
    this.#context.fillText(text, x, y);
  }

  #drawCaptions(room: LabelRoom): void {
    const { palette, scene, zoom } = this.#shot;
    scene.captions.forEach((caption) => {
      this.#font(12, 600);
      const width = this.#textWidth(caption.text);
      if (caption.room > 0 && width > caption.room * zoom.k - 3) return;
      const x = this.#x(caption.x);
      // Captions of waves stay on top when the picture is moved.
      const y = caption.room > 0 ? caption.y : this.#y(caption.y);
      if (caption.room > 0 && !room.take(x - width / 2 - 2, y - 7, width + 4, 14)) return;
      this.#context.fillStyle = palette.ink;
      const least = caption.align === "right" ? width + 4 : 4;
      const most = caption.align === "left" ? this.#width - width - 4 : this.#width - 4;
      const place = caption.room > 0 ? x : Math.max(least, Math.min(most, x));
      this.#text(caption.text, place, y, caption.align);
      if (!caption.below) return;
      this.#font(11, 400);
      this.#context.fillStyle = palette.faint;
      if (this.#textWidth(caption.below) < caption.room * zoom.k - 2)
        this.#text(caption.below, x, y + 16, "center");
    });
  }

  #drawLabels(room: LabelRoom): void {
    const { scene, zoom, palette, measure } = this.#shot;
    const ramp = rampTable(palette, measure);
    const dots = scene.marks.length <= 60;
    for (const mark of scene.marks) {
      if (!this.#seen(mark)) continue;
      const [x, y, w, h] = [this.#x(mark.x), this.#y(mark.y), mark.w * zoom.k, mark.h * zoom.k];
      const dim = this.#dim(mark);
      if (mark.shape === "dot") {
        if (mark.angle !== undefined || dots || w >= 14) this.#dotLabel(mark, room, dim);
        continue;
      }
      if (w < 30 || h < 13) continue;
      this.#context.globalAlpha = dim ? 0.45 : 1;
      if (mark.shape === "group") {
        this.#font(12, 600);
        this.#context.fillStyle = palette.ink;
        const label = fitted(mark.label, w - 12, (text) => this.#textWidth(text), "start");
        this.#text(label, x + 6, y + 11, "left");
        const after = this.#textWidth(label) + 12;
        this.#font(11, 400);
        this.#context.fillStyle = palette.faint;
        if (this.#textWidth(mark.note) < w - after - 6) this.#text(mark.note, x + after, y + 11, "left");
        continue;
      }
      const large = mark.shape === "box" ? h > 30 : w > 90 && h > 40;
      this.#font(large ? 13 : 11, large ? 600 : 400);
      this.#context.fillStyle = mark.heat === null ? palette.ink : ramp[step(mark.heat)]!.text;
      const keep = mark.shape === "box" ? "end" : "start";
      const label = fitted(mark.label, w - (large ? 14 : 9), (text) => this.#textWidth(text), keep);
      if (mark.shape === "box") this.#text(label, x + 8, y + h / 2, "left");
      else this.#text(label, x + (large ? 7 : 5), y + (large ? 13 : Math.min(h / 2, 10)), "left");
      if (mark.shape !== "tile" || !large) continue;
      this.#font(11, 400);
      if (this.#textWidth(mark.note) < w - 14) this.#text(mark.note, x + 7, y + 30, "left");
    }
    this.#context.globalAlpha = 1;
  }

  #dotLabel(mark: Mark, room: LabelRoom, dim: boolean): void {
    const angle = mark.angle ?? 0;
    this.#font(11, 400);
    this.#context.fillStyle = this.#shot.palette.ink;
    this.#context.globalAlpha = dim ? 0.35 : 1;
    const half = (mark.w * this.#shot.zoom.k) / 2;
    const size = half + 6 + 5 * Math.abs(Math.sin(angle));
    const [x, y] = [this.#x(mark.x + mark.w / 2), this.#y(mark.y + mark.h / 2)];
    const right = Math.cos(angle) >= -0.001;
    const [px, py] = [x + Math.cos(angle) * size, y + Math.sin(angle) * size];
    const space = (right ? this.#width - px : px) - 4;
    const label = fitted(mark.label, Math.min(space, 260), (text) => this.#textWidth(text), "end");
    const width = this.#textWidth(label);
    if (!label || !room.take(right ? px : px - width, py - 6, width, 12)) return;
    this.#context.strokeStyle = this.#shot.palette.paper;
    this.#context.lineWidth = 4;
    this.#context.lineJoin = "round";
    this.#context.textAlign = right ? "left" : "right";
    this.#context.textBaseline = "middle";
    this.#context.strokeText(label, px, py);
    this.#text(label, px, py, right ? "left" : "right");
    this.#context.globalAlpha = 1;
  }

  #drawOutlines(): void {
    const { scene, palette, selected, cursor, focused } = this.#shot;
    for (const mark of scene.marks) {
      const chosen = sameTarget(mark.target, selected);
      const tone = this.#overlay?.tones.get(mark);
      if (tone && (mark.shape !== "group" || this.#hovered)) {
        this.#outline(mark, palette.tones[tone], mark.w < 8 ? 1 : 1.5, 0);
      }
      if (chosen) this.#outline(mark, palette.ink, 2.5, 1.5);
    }
    if (!cursor) return;
    this.#outline(cursor, palette.accent, focused ? 3 : 2, 2);
    if (cursor.shape === "dot" || cursor.w * this.#shot.zoom.k < 90) this.#tag(cursor);
  }

  /** The cursor's name on a background of its own, over everything. */
  #tag(mark: Mark): void {
    const { palette, zoom } = this.#shot;
    this.#font(12, 600);
    const text = fitted(mark.label, Math.min(420, this.#width - 24), (part) => this.#textWidth(part), "end");
    const width = this.#textWidth(text) + 14;
    const x = Math.max(4, Math.min(this.#width - width - 4, this.#x(mark.x + mark.w / 2) - width / 2));
    const above = this.#y(mark.y) - 30;
    const y = above > 4 ? above : this.#y(mark.y) + mark.h * zoom.k + 8;
    this.#context.fillStyle = palette.ink;
    this.#context.beginPath();
    this.#context.roundRect(x, y, width, 22, 4);
    this.#context.fill();
    this.#context.fillStyle = palette.paper;
    this.#text(text, x + 7, y + 11.5, "left");
  }

  #outline(mark: Mark, colour: string, width: number, outside: number): void {
    const { k } = this.#shot.zoom;
    this.#context.strokeStyle = colour;
    this.#context.lineWidth = width;
    this.#context.beginPath();
    const [w, h] = [mark.w * k + 2 * outside, mark.h * k + 2 * outside];
    this.#context.roundRect(
      this.#x(mark.x) - outside,
      this.#y(mark.y) - outside,
      w,
      h,
      Math.min(5, w / 2, h / 2),
    );
    this.#context.stroke();
  }
}

function step(heat: number): number {
  return Math.round(heat * (STEPS - 1));
}
