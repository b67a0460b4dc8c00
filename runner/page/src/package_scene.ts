// Packages as nested rectangles: the area is how many modules they hold. Two levels are seen at once.
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { type Graph, ROOT } from "./graph.ts";
import { counted, type Measure, ofModule, ofTotals, Scale, shown, written } from "./measures.ts";
import type { PackageTotals } from "./package_totals.ts";
import {
  blank,
  centre,
  emptyScene,
  type Link,
  type Mark,
  type Overlay,
  type Scene,
  type Target,
  type Tone,
} from "./scene.ts";

interface Part {
  target: Target;
  /** A child's part of its parent's room. */
  weight: number;
  parts: Part[];
}

const CAPTION_HEIGHT = 20;
const MOST_LINKS = 250;
/** Names are wide: so are the rectangles, which come from squares that are drawn out. */
const WIDENING = 2.1;
/** One package often holds nearly everything; with less than its full weight the others can still be seen. */
const FLATNESS = 0.62;

/** What a package holds directly. A package of a single module is shown as that module. */
export function contentOf(totals: PackageTotals, index: number): Target[] {
  const packages = totals.subpackages(index).map((below): Target => {
    const modules = totals.of(below).modules === 1 ? totals.modules(below) : [];
    return modules.length === 1 ? { kind: "module", index: modules[0]! } : { kind: "package", index: below };
  });
  const modules = totals.modules(index).map((module): Target => ({ kind: "module", index: module }));
  return [...packages, ...modules];
}

export function nameOf(graph: Graph, target: Target, inside: number): string {
  if (target.kind === "wave") return `Wave ${target.index}`;
  const full = target.kind === "module" ? graph.name(target.index) : graph.packageName(target.index);
  if (target.kind === "module" && inside !== ROOT && full === graph.packageName(inside)) return "__init__";
  const outer = inside === ROOT ? "" : `${graph.packageName(inside)}.`;
  return shown(full.startsWith(outer) ? full.slice(outer.length) : full);
}

export function packageScene(
  graph: Graph,
  totals: PackageTotals,
  inside: number,
  measure: Measure,
  width: number,
  height: number,
): Scene {
  const part = (target: Target, depth: number): Part => {
    const parts =
      depth < 2 && target.kind === "package"
        ? contentOf(totals, target.index).map((below) => part(below, depth + 1))
        : [];
    const weight = target.kind === "package" ? totals.of(target.index).modules ** FLATNESS : 1;
    return { target, weight, parts };
  };
  const tree = hierarchy(part({ kind: "package", index: inside }, 0), (node) => node.parts);
  if (!tree.children) return emptyScene(width, height, "This package holds no modules that are shown.");
  // A package has the room of its own weight, which what is in it shares.
  for (const node of tree.descendants()) {
    const all = node.children?.reduce((sum, child) => sum + child.data.weight, 0) ?? 0;
    for (const child of node.children ?? [])
      child.data.weight *= node.depth === 0 ? 1 : node.data.weight / all;
  }
  const weighed = tree
    .sum((node) => (node.parts.length > 0 ? 0 : node.weight))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<Part>()
    .tile(treemapSquarify.ratio(1))
    .size([width / WIDENING, height])
    .paddingLeft((node) => (node.depth === 0 ? 0 : 3 / WIDENING))
    .paddingRight((node) => (node.depth === 0 ? 0 : 3 / WIDENING))
    .paddingBottom((node) => (node.depth === 0 ? 0 : 3))
    .paddingTop((node) => (node.depth === 0 ? 0 : CAPTION_HEIGHT))(weighed);
  laid.each((node) => {
    node.x0 *= WIDENING;
    node.x1 *= WIDENING;
  });
  const gap = (tree.children?.length ?? 0) < 80 ? 2.2 : 0.7;

  const heatOf = (target: Target) =>
    target.kind === "module"
      ? ofModule(graph, target.index, measure)
      : ofTotals(totals.of(target.index), measure);
  const leaves = laid.descendants().filter((node) => node.depth > 0 && !hasRoom(node));
  const scale = new Scale(
    measure,
    leaves.map((node) => heatOf(node.data.target)),
  );
  const marks: Mark[] = [];
  for (const node of laid.descendants()) {
    if (node.depth === 0 || (node.depth === 2 && !hasRoom(node.parent!))) continue;
    const { target } = node.data;
    const value = heatOf(target);
    const group = hasRoom(node);
    const inset = node.depth === 1 ? gap : 0.7;
    const modules =
      target.kind === "package" ? `${counted(totals.of(target.index).modules, "module")}, ` : "";
    marks.push({
      target,
      shape: group ? "group" : "tile",
      x: node.x0 + inset,
      y: node.y0 + inset,
      w: Math.max(0.5, node.x1 - node.x0 - 2 * inset),
      h: Math.max(0.5, node.y1 - node.y0 - 2 * inset),
      label: nameOf(graph, target, node.depth === 1 ? inside : node.parent!.data.target.index),
      note: `${modules}${measureWords(measure, value)}`,
      heat: group ? null : scale.place(value),
    });
  }
  const scene: Scene = { ...blank(width, height), marks, scale };
  const placeOf = placesOf(graph, marks);
  scene.trace = (mark) => overlayOf(graph, placeOf, mark, modulesAt(graph, mark.target));
  return scene;
}

/** Whether what is inside can be seen: the caption and something below it. */
function hasRoom(node: HierarchyRectangularNode<Part>): boolean {
  return (
    node.depth === 1 &&
    (node.children?.length ?? 0) > 0 &&
    node.x1 - node.x0 >= 56 &&
    node.y1 - node.y0 >= CAPTION_HEIGHT + 24
  );
}

export function measureWords(measure: Measure, value: number | null): string {
  if (value === null) return measure === "time" ? "check time unknown" : "nothing known";
  if (measure === "time") return `${written(measure, value)} of checking`;
  if (measure === "errors") return counted(value, "error");
  if (measure === "fan-in") return `imported by up to ${written(measure, value)}`;
  return `${written(measure, value)} affected`;
}

/** What a module imports and is imported by, between the rectangles that hold them. */
export function selectInPackages(graph: Graph, scene: Scene, module: number): void {
  const placeOf = placesOf(graph, scene.marks);
  const own = placeOf(module);
  const overlay = own ? overlayOf(graph, placeOf, own, [module]) : null;
  if (!overlay || !own) return;
  const groups = scene.marks.filter((mark) => mark.shape === "group");
  overlay.bright = new Set([own, ...overlay.tones.keys(), ...groups]);
  scene.overlay = overlay;
}

function modulesAt(graph: Graph, target: Target): Iterable<number> {
  return target.kind === "module" ? [target.index] : graph.modulesBelow(target.index);
}

function overlayOf(
  graph: Graph,
  placeOf: (module: number) => Mark | undefined,
  own: Mark,
  modules: Iterable<number>,
): Overlay {
  const strength = new Map<Mark, { imports: number; importers: number }>();
  for (const module of modules) {
    for (const direction of ["imports", "importers"] as const) {
      for (const [other] of graph[direction](module)) {
        const place = placeOf(other);
        if (!place || place === own) continue;
        const counts = strength.get(place) ?? { imports: 0, importers: 0 };
        counts[direction]++;
        strength.set(place, counts);
      }
    }
  }
  const tones = new Map<Mark, Tone>();
  const links: Link[] = [];
  for (const [place, { imports, importers }] of strength) {
    const tone = imports > 0 ? (importers > 0 ? "both" : "imports") : "importers";
    tones.set(place, tone);
    const [from, to] = imports > 0 ? [own, place] : [place, own];
    links.push(bent(from, to, tone, Math.min(6, 1 + Math.log2(imports + importers) / 2)));
  }
  // Hundreds of lines show nothing that the frames do not show.
  return { links: links.length <= MOST_LINKS ? links : [], tones, bright: null };
}

function placesOf(graph: Graph, marks: Mark[]): (module: number) => Mark | undefined {
  const byModule = new Map<number, Mark>();
  const byPackage = new Map<number, Mark>();
  for (const mark of marks)
    (mark.target.kind === "module" ? byModule : byPackage).set(mark.target.index, mark);
  return (module) => {
    const own = byModule.get(module);
    if (own) return own;
    let at = graph.data.modules.package[module]!;
    while (at !== ROOT && !byPackage.has(at)) at = graph.parent(at);
    return byPackage.get(at);
  };
}

function bent(from: Mark, to: Mark, tone: Tone, width: number): Link {
  const [x0, y0] = centre(from);
  const [x1, y1] = centre(to);
  const bend: [number, number] = [(x0 + x1) / 2 + (y1 - y0) * 0.12, (y0 + y1) / 2 - (x1 - x0) * 0.12];
  return { from: [x0, y0], to: [x1, y1], bend, tone, width, dashed: false, badge: "" };
}
