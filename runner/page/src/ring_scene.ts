// An import cycle as a ring: its modules by name, its imports inside, those to cut first thick and numbered.
import type { Graph } from "./graph.ts";
import { type Measure, ofModule, Scale, shown, within } from "./measures.ts";
import { measureWords } from "./package_scene.ts";
import { blank, emptyScene, type Link, type Mark, type Overlay, type Scene } from "./scene.ts";
import { NONE } from "./view.ts";

const MOST_LABELS = 48;
/** So many of the imports to cut are drawn: the list has all. */
export const SHOWN_CUTS = 10;

export function ringScene(
  graph: Graph,
  root: string,
  cycle: number,
  measure: Measure,
  selected: number,
  width: number,
  height: number,
): Scene {
  const modules = cycle === NONE ? [] : [...graph.modulesOfCycle(cycle)];
  if (modules.length === 0)
    return emptyScene(width, height, "No import cycles: every module stands for itself.");
  modules.sort((a, b) => (graph.name(a) < graph.name(b) ? -1 : 1));
  const labelled = modules.length <= MOST_LABELS;
  const margin = Math.min(labelled ? 190 : 165, width * 0.25);
  const radius = Math.max(60, Math.min(width / 2 - margin, height / 2 - (labelled ? 46 : 40)));
  const middle: [number, number] = [width / 2, height / 2];
  const angles = spread(graph, modules);
  const at = new Map(modules.map((module, index) => [module, angles[index]!]));
  const point = (angle: number, r: number): [number, number] => [
    middle[0] + Math.cos(angle) * r,
    middle[1] + Math.sin(angle) * r,
  ];

  const scale = new Scale(
    measure,
    modules.map((module) => ofModule(graph, module, measure)),
  );
  const side = Math.max(3.5, Math.min(14, (2 * Math.PI * radius * 0.7) / modules.length));
  const byModule = new Map<number, Mark>();
  for (const module of modules) {
    const angle = at.get(module)!;
    const [x, y] = point(angle, radius);
    const value = ofModule(graph, module, measure);
    byModule.set(module, {
      target: { kind: "module", index: module },
      shape: "dot",
      x: x - side / 2,
      y: y - side / 2,
      w: side,
      h: side,
      label: shown(within(graph.name(module), root)),
      note: measureWords(measure, value),
      heat: scale.place(value),
      ...(labelled ? { angle } : {}),
    });
  }

  const cuts = new Map(
    graph
      .cycle(cycle)
      .cuts.slice(0, SHOWN_CUTS)
      .map((cut, index) => [`${cut.from} ${cut.to}`, index + 1]),
  );
  const links: Link[] = [];
  for (const from of modules) {
    const seen = new Set<number>();
    for (const [to, kind] of graph.imports(from)) {
      if (!at.has(to) || to === from || seen.has(to)) continue;
      seen.add(to);
      const number = cuts.get(`${from} ${to}`);
      links.push({
        from: point(at.get(from)!, radius - side),
        to: point(at.get(to)!, radius - side),
        bend: middle,
        tone: number === undefined ? "plain" : "cut",
        width: number === undefined ? 0.8 : 2.5,
        dashed: number !== undefined && (kind === 1 || kind === 2),
        badge: number === undefined ? "" : String(number),
      });
    }
  }
  // The numbered ones last, so that nothing lies over them, and the first cut over the later ones.
  const rank = (link: Link) => (link.badge ? 1000 - Number(link.badge) : 0);
  links.sort((a, b) => rank(a) - rank(b));
  const scene: Scene = { ...blank(width, height), marks: [...byModule.values()], links, scale };
  if (!labelled) scene.captions = packageCaptions(graph, modules, at, (angle) => point(angle, radius + 12));
  scene.trace = overlayOf;
  const chosen = byModule.get(selected);
  if (chosen) {
    scene.overlay = overlayOf(chosen);
    scene.overlay.bright = new Set([chosen, ...scene.overlay.tones.keys()]);
  }
  return scene;

  function overlayOf(own: Mark): Overlay {
    const overlay: Overlay = { links: [], tones: new Map(), bright: null };
    const end = (module: number) => point(at.get(module)!, radius - side);
    for (const direction of ["imports", "importers"] as const) {
      for (const [other, kind] of graph[direction](own.target.index)) {
        const mark = byModule.get(other);
        if (!mark || mark === own) continue;
        overlay.tones.set(
          mark,
          overlay.tones.has(mark) && overlay.tones.get(mark) !== direction ? "both" : direction,
        );
        const [start, stop] = direction === "imports" ? [own.target.index, other] : [other, own.target.index];
        const dashed = kind === 1 || kind === 2;
        overlay.links.push({
          from: end(start),
          to: end(stop),
          bend: middle,
          tone: direction,
          width: 1.5,
          dashed,
          badge: "",
        });
      }
    }
    return overlay;
  }
}

/** One place for each module, and a gap between packages. */
function spread(graph: Graph, modules: number[]): number[] {
  const gap = modules.length > MOST_LABELS ? 1.5 : 0;
  const groups = groupsOf(graph, modules, 1, modules.length);
  const places = new Map<number, number>();
  let place = 0;
  for (const group of groups) {
    for (const module of group.modules) places.set(module, place++);
    place += gap;
  }
  return modules.map((module) => (2 * Math.PI * places.get(module)!) / place - Math.PI / 2);
}

interface Group {
  name: string;
  modules: number[];
}

/** Modules by packages; a package that has most of them is divided again. */
function groupsOf(graph: Graph, modules: number[], depth: number, all: number): Group[] {
  const groups = new Map<string, number[]>();
  for (const module of modules) {
    const name = graph.name(module).split(".").slice(0, depth).join(".");
    const list = groups.get(name);
    if (list) list.push(module);
    else groups.set(name, [module]);
  }
  return [...groups].flatMap(([name, list]) =>
    list.length > all * 0.3 && list.length > 1 && depth < 12
      ? groupsOf(graph, list, depth + 1, all)
      : [{ name, modules: list }],
  );
}

function packageCaptions(
  graph: Graph,
  modules: number[],
  at: Map<number, number>,
  point: (angle: number) => [number, number],
): Scene["captions"] {
  const captions: Scene["captions"] = [];
  const groups = groupsOf(graph, modules, 1, modules.length);
  // The largest groups first: where labels would overlap, the smaller one gives way.
  groups.sort((a, b) => b.modules.length - a.modules.length);
  for (const group of groups) {
    if (group.modules.length < Math.max(3, modules.length / 120)) break;
    const angle = (at.get(group.modules[0]!)! + at.get(group.modules[group.modules.length - 1]!)!) / 2;
    const [x, y] = point(angle);
    const align = Math.cos(angle) < 0 ? "right" : "left";
    if (captions.some((other) => other.align === align && Math.abs(other.y - y) < 15)) continue;
    const last = shown(group.name.split(".").pop()!);
    captions.push({ x, y, text: `${last}  ${group.modules.length}`, align, room: 0 });
  }
  return captions;
}
