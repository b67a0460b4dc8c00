// An import cycle as a ring: its modules by name, its imports inside, those to cut first thick and numbered.
import type { Graph } from "./graph.ts";
import { type Measure, ofModule, Scale, shown } from "./measures.ts";
import { measureWords } from "./package_scene.ts";
import { emptyScene, type Link, type Mark, type Scene } from "./scene.ts";
import { NONE } from "./view.ts";

const MOST_LABELS = 48;

export function ringScene(
  graph: Graph,
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
  const margin = Math.min(labelled ? 190 : 130, width * 0.27);
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
      label: shown(graph.name(module)),
      note: measureWords(measure, value),
      heat: scale.place(value),
      tone: "plain",
      angle,
    });
  }

  const cuts = new Map(graph.cycle(cycle).cuts.map((cut, index) => [`${cut.from} ${cut.to}`, index + 1]));
  const links: Link[] = [];
  for (const from of modules) {
    const seen = new Set<number>();
    for (const [to, kind] of graph.imports(from)) {
      if (!at.has(to) || to === from || seen.has(to)) continue;
      seen.add(to);
      const number = cuts.get(`${from} ${to}`);
      const tone =
        selected === from
          ? "imports"
          : selected === to
            ? "importers"
            : number !== undefined
              ? "cut"
              : "plain";
      links.push({
        from: point(at.get(from)!, radius - side),
        to: point(at.get(to)!, radius - side),
        bend: middle,
        tone,
        width: number !== undefined ? 2.5 : tone === "plain" ? 0.7 : 1.5,
        dashed: kind === 1 || kind === 2,
        badge: number === undefined ? "" : String(number),
      });
    }
  }
  // The numbered ones last, so that nothing lies over them, and the first cut over the later ones.
  links.sort((a, b) => rank(a) - rank(b));
  const scene: Scene = {
    marks: [...byModule.values()],
    links,
    captions: [],
    width,
    height,
    empty: "",
    bright: null,
  };
  if (!labelled) {
    scene.captions = packageCaptions(graph, modules, at, (angle) => point(angle, radius + 12));
    for (const mark of scene.marks) delete mark.angle;
  }
  if (selected !== NONE && byModule.has(selected)) brighten(graph, scene, byModule, selected);
  return scene;
}

function rank(link: Link): number {
  if (link.badge) return 1e6 - Number(link.badge);
  return link.tone === "plain" ? 0 : 1;
}

function brighten(graph: Graph, scene: Scene, byModule: Map<number, Mark>, selected: number): void {
  const bright = new Set([byModule.get(selected)!]);
  for (const direction of ["imports", "importers"] as const) {
    for (const [other] of graph[direction](selected)) {
      const mark = byModule.get(other);
      if (mark) bright.add(mark);
    }
  }
  scene.bright = bright;
}

/** One place for each module, and a gap between packages. */
function spread(graph: Graph, modules: number[]): number[] {
  const gap = modules.length > MOST_LABELS ? 1.5 : 0;
  let place = 0;
  let before = "";
  const places = modules.map((module) => {
    const group = groupOf(graph.name(module), depthOf(graph, modules));
    if (before !== "" && group !== before) place += gap;
    before = group;
    return place++;
  });
  return places.map((value) => (2 * Math.PI * value) / (place + gap) - Math.PI / 2);
}

const depths = new WeakMap<number[], number>();

/** How many parts of the names make groups of which a ring can name each: the more modules, the fewer. */
function depthOf(graph: Graph, modules: number[]): number {
  const known = depths.get(modules);
  if (known !== undefined) return known;
  let depth = 1;
  while (depth < 8 && new Set(modules.map((module) => groupOf(graph.name(module), depth))).size < 5) depth++;
  depths.set(modules, depth);
  return depth;
}

function groupOf(name: string, depth: number): string {
  return name.split(".").slice(0, depth).join(".");
}

function packageCaptions(
  graph: Graph,
  modules: number[],
  at: Map<number, number>,
  point: (angle: number) => [number, number],
): Scene["captions"] {
  const depth = depthOf(graph, modules);
  const groups = new Map<string, number[]>();
  for (const module of modules) {
    const group = groupOf(graph.name(module), depth);
    groups.set(group, [...(groups.get(group) ?? []), at.get(module)!]);
  }
  const captions: (Scene["captions"][number] & { size: number })[] = [];
  for (const [group, angles] of groups) {
    const angle = (angles[0]! + angles[angles.length - 1]!) / 2;
    const [x, y] = point(angle);
    const last = group.split(".").pop()!;
    const text = `${shown(last)}  ${angles.length}`;
    captions.push({
      x,
      y,
      text,
      align: Math.cos(angle) < 0 ? "right" : "left",
      room: 0,
      size: angles.length,
    });
  }
  // The largest groups first: where labels would overlap, the smaller one gives way.
  captions.sort((a, b) => b.size - a.size);
  const kept: typeof captions = [];
  for (const caption of captions) {
    const clash = kept.some((other) => other.align === caption.align && Math.abs(other.y - caption.y) < 15);
    if (!clash) kept.push(caption);
  }
  return kept;
}
