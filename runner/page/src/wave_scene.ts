// The components by waves, from left to right: what stands in one wave can be checked at the same time.
import type { Graph } from "./graph.ts";
import { counted, type Measure, ofModule, Scale, shown } from "./measures.ts";
import { measureWords } from "./package_scene.ts";
import type { PackageTotals } from "./package_totals.ts";
import { centre, emptyScene, type Mark, type Scene } from "./scene.ts";
import { NONE } from "./view.ts";

const TOP = 44;
const MARGIN = 14;

export function waveScene(
  graph: Graph,
  totals: PackageTotals,
  measure: Measure,
  width: number,
  height: number,
): Scene {
  const { components } = graph.data;
  const visible = components.modules.map((modules) => modules.some((module) => totals.shows(module)));
  const numbers = [...visible.keys()].filter((component) => visible[component]);
  if (numbers.length === 0) return emptyScene(width, height, "There are no modules.");
  const ranges = extent(numbers.map((component) => components.x[component]!));
  const rows = extent(numbers.map((component) => components.y[component]!));
  const stepX = (width - 2 * MARGIN) / (ranges.most - ranges.least + 1);
  const stepY = (height - TOP - MARGIN) / (rows.most - rows.least + 1);
  const base = Math.max(1.5, Math.min(18, Math.min(stepX, stepY) * 0.78));

  const values = numbers.map((component) => componentValue(graph, component, measure));
  const scale = new Scale(measure, values);
  const marks = numbers.map((component, at): Mark => {
    const modules = components.modules[component]!;
    // A cycle is larger, by its area, but not so much that it hides what is around it.
    const side = Math.min(base * Math.sqrt(modules.length), Math.max(base, 34));
    const x = MARGIN + (components.x[component]! - ranges.least + 0.5) * stepX;
    const y = TOP + (components.y[component]! - rows.least + 0.5) * stepY;
    const first = modules[0]!;
    const more = modules.length > 1 ? `cycle of ${counted(modules.length, "module")}, ` : "";
    return {
      target: { kind: "module", index: modules.find((module) => totals.shows(module)) ?? first },
      shape: "dot",
      x: x - side / 2,
      y: y - side / 2,
      w: side,
      h: side,
      label: shown(graph.name(first)) + (modules.length > 1 ? ` + ${modules.length - 1}` : ""),
      note: `${more}wave ${components.wave[component]}, ${measureWords(measure, values[at]!)}`,
      heat: scale.place(values[at]!),
      tone: "plain",
      angle: 0,
    };
  });
  marks.sort((a, b) => b.w - a.w);
  const scene: Scene = { marks, links: [], captions: [], width, height, empty: "", bright: null };
  scene.captions = waveCaptions(graph, numbers, ranges.least, stepX);
  return scene;
}

function waveCaptions(graph: Graph, numbers: number[], least: number, stepX: number): Scene["captions"] {
  const { components } = graph.data;
  const spans = new Map<number, { from: number; to: number; count: number }>();
  for (const component of numbers) {
    const x = components.x[component]!;
    const span = spans.get(components.wave[component]!) ?? { from: x, to: x, count: 0 };
    span.from = Math.min(span.from, x);
    span.to = Math.max(span.to, x);
    span.count++;
    spans.set(components.wave[component]!, span);
  }
  return [...spans].flatMap(([wave, { from, to, count }]): Scene["captions"] => {
    const x = MARGIN + ((from + to) / 2 - least + 0.5) * stepX;
    const room = (to - from + 1.9) * stepX;
    return [
      { x, y: 16, text: String(wave), align: "center", room },
      { x, y: 32, text: count.toLocaleString("en-US"), align: "center", room },
    ];
  });
}

function componentValue(graph: Graph, component: number, measure: Measure): number | null {
  const { components } = graph.data;
  if (measure === "time") return components.seconds[component] ?? null;
  let most: number | null = null;
  let sum: number | null = null;
  for (const module of components.modules[component]!) {
    const value = ofModule(graph, module, measure);
    if (value === null) continue;
    most = Math.max(most ?? 0, value);
    sum = (sum ?? 0) + value;
  }
  return measure === "errors" ? sum : most;
}

/** Shows what a module, or a whole wave, has to do with. */
export function brightenWaves(graph: Graph, scene: Scene, module: number, wave: number): void {
  const place = new Map<number, Mark>();
  for (const mark of scene.marks) place.set(graph.component(mark.target.index), mark);
  if (module === NONE) {
    if (wave === NONE) return;
    scene.bright = new Set(scene.marks.filter((mark) => graph.wave(mark.target.index) === wave));
    return;
  }
  const own = place.get(graph.component(module));
  if (!own) return;
  scene.bright = new Set([own]);
  for (const direction of ["imports", "importers"] as const) {
    const reached = new Set(graph.reach(module, direction).map((other) => graph.component(other)));
    for (const component of reached) {
      const mark = place.get(component);
      if (!mark || mark === own) continue;
      mark.tone = mark.tone === "plain" ? direction : mark.tone;
      scene.bright.add(mark);
    }
    const direct = new Set(graph[direction](module).map(([other]) => graph.component(other)));
    if (direct.size > 300) continue;
    for (const component of direct) {
      const mark = place.get(component);
      if (!mark || mark === own) continue;
      const [from, to] = direction === "imports" ? [own, mark] : [mark, own];
      const [x0, y0] = centre(from);
      const [x1, y1] = centre(to);
      const bend: [number, number] = [(x0 + x1) / 2, y0 + (y1 - y0) * 0.15];
      scene.links.push({
        from: [x0, y0],
        to: [x1, y1],
        bend,
        tone: direction,
        width: 1,
        dashed: false,
        badge: "",
      });
    }
  }
}

function extent(values: number[]): { least: number; most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}
