// What a picture shows: marks, links between them, and captions; where they are, not what colours they have.

import type { Scale } from "./measures.ts";

export type Target = { kind: "package" | "module" | "wave"; index: number };

export type Tone = "plain" | "imports" | "importers" | "both" | "cut";

export interface Mark {
  target: Target;
  /** A group has a caption on top and holds other marks; a dot has its caption beside it, if there is room. */
  shape: "group" | "tile" | "dot" | "box";
  x: number;
  y: number;
  w: number;
  h: number;
  label: string;
  /** What is said about it besides its name. */
  note: string;
  /** 0..1 on the scale of the measure; null: nothing is known, or the mark stands for nothing that has a measure. */
  heat: number | null;
  /** For a dot: which side its label is on, in radians. */
  angle?: number;
}

export interface Link {
  /** Where it begins, where it ends, and the point it bends towards. */
  from: [number, number];
  to: [number, number];
  bend: [number, number];
  tone: Tone;
  width: number;
  /** Not executed when a module is imported: in a function, for type checking. */
  dashed: boolean;
  badge: string;
}

export interface Caption {
  x: number;
  y: number;
  text: string;
  /** A second line. */
  below?: string;
  align: "left" | "center" | "right";
  /** Room in world units; a caption is left out when its text is longer. 0: always shown. */
  room: number;
  angle?: number;
}

export interface Scene {
  marks: Mark[];
  links: Link[];
  captions: Caption[];
  width: number;
  height: number;
  /** Said when there is nothing to see. */
  empty: string;
  /** What the selection has to do with. */
  overlay: Overlay | null;
  /** What the mark under the pointer has to do with. */
  trace: ((mark: Mark) => Overlay | null) | null;
  /** The scale of the heat. */
  scale: Scale | null;
}

/** Lies over a scene: links, and what the marks have to do with the one in question. */
export interface Overlay {
  links: Link[];
  tones: Map<Mark, Tone>;
  /** Marks that matter now; the others step back. Null: all alike. */
  bright: Set<Mark> | null;
}

export function sameTarget(a: Target | null, b: Target | null): boolean {
  return a !== null && b !== null && a.kind === b.kind && a.index === b.index;
}

export function emptyScene(width: number, height: number, empty: string): Scene {
  return { ...blank(width, height), empty };
}

export function blank(width: number, height: number): Scene {
  return {
    marks: [],
    links: [],
    captions: [],
    width,
    height,
    empty: "",
    overlay: null,
    trace: null,
    scale: null,
  };
}

export function centre(mark: Mark): [number, number] {
  return [mark.x + mark.w / 2, mark.y + mark.h / 2];
}
