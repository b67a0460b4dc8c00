// The components by waves, from left to right: what stands in one wave can be checked at the same time.
import type { Graph } from "./graph.ts";
import { counted, type Measure, ofModule, Scale, shown, within } from "./measures.ts";
import { measureWords } from "./package_scene.ts";
import type { PackageTotals } from "./package_totals.ts";
import { blank, centre, emptyScene, type Link, type Mark, type Overlay, type Scene } from "./scene.ts";
import { NONE } from "./view.ts";

const TOP = 44;
const MARGIN = 14;
const MOST_LINKS = 300;

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
  const root = graph.packageName(totals.start());
  const base = Math.max(1.5, Math.min(18, Math.min(stepX, stepY) * 0.78));

  const values = numbers.map((component) => componentValue(graph, component, measure));
  const scale = new Scale(measure, values);
  const marks = numbers.map((component, at): Mark => {
    const modules = components.modules[component]!;
    // A cycle is larger, but not so much that it hides what is around it.
    const side = base * Math.min(4.5, 1 + Math.log2(modules.length) / 2);
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
      label: shown(within(graph.name(first), root)) + (modules.length > 1 ? ` + ${modules.length - 1}` : ""),
      note: `${more}wave ${components.wave[component]}, ${measureWords(measure, values[at]!)}`,
      heat: scale.place(values[at]!),
      ...(side > 2.6 * base || side > 15 ? { angle: 0 } : {}),
    };
  });
  marks.sort((a, b) => a.w - b.w);
  const scene: Scene = { ...blank(width, height), marks, scale };
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
    return [{ x, y: 16, text: String(wave), below: count.toLocaleString("en-US"), align: "center", room }];
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
export function selectInWaves(graph: Graph, scene: Scene, module: number, wave: number): void {
  const place = new Map<number, Mark>();
  for (const mark of scene.marks) place.set(graph.component(mark.target.index), mark);
  const overlay: Overlay = { links: [], tones: new Map(), bright: null };
  if (module === NONE) {
    if (wave === NONE) return;
    overlay.bright = new Set(scene.marks.filter((mark) => graph.wave(mark.target.index) === wave));
    scene.overlay = overlay;
    return;
  }
  const own = place.get(graph.component(module));
  if (!own) return;
  overlay.bright = new Set([own]);
  for (const direction of ["imports", "importers"] as const) {
    const components = (modules: number[]) =>
      [...new Set(modules.map((other) => graph.component(other)))].flatMap((component) => {
        const mark = place.get(component);
        return mark && mark !== own ? [mark] : [];
      });
    const reached = components(graph.reach(module, direction));
    const direct = components(graph[direction](module).map(([other]) => other));
    for (const mark of reached) overlay.bright.add(mark);
    // Where thousands are reached, only the first step is framed: brightness shows the others.
    for (const mark of reached.length <= MOST_LINKS ? reached : direct) {
      if (!overlay.tones.has(mark)) overlay.tones.set(mark, direction);
    }
    if (direct.length <= MOST_LINKS) overlay.links.push(...direct.map((mark) => arc(own, mark, direction)));
  }
  scene.overlay = overlay;
}

function arc(own: Mark, mark: Mark, direction: "imports" | "importers"): Link {
  const [from, to] = direction === "imports" ? [centre(own), centre(mark)] : [centre(mark), centre(own)];
  const bend: [number, number] = [(from[0] + to[0]) / 2, from[1] + (to[1] - from[1]) * 0.15];
  return { from, to, bend, tone: direction, width: 1.2, dashed: false, badge: "" };
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
