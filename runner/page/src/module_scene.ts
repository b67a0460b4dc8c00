// One module between those that import it, on the left, and those that it imports, on the right.
import type { ImportKind, ImportRecord } from "./data.ts";
import { type Graph, ROOT, strongestKind } from "./graph.ts";
import { counted, type Measure, ofModule, Scale, shown, within } from "./measures.ts";
import { measureWords } from "./package_scene.ts";
import { blank, emptyScene, type Link, type Mark, type Scene, type Target } from "./scene.ts";
import { NONE } from "./view.ts";

const ROW = 24;
const LEAST_ROWS = 12;

interface Row {
  target: Target;
  modules: number[];
  kinds: ImportKind[];
  label: string;
}

export function moduleScene(
  graph: Graph,
  root: string,
  module: number,
  measure: Measure,
  width: number,
  height: number,
): Scene {
  if (module === NONE) return emptyScene(width, height, "Choose a module.");
  const most = Math.max(LEAST_ROWS, Math.floor(height / ROW) - 3);
  const left = rowsOf(graph, root, graph.importers(module), most);
  const right = rowsOf(graph, root, graph.imports(module), most);
  const tall = Math.max(height, (Math.max(left.length, right.length) + 3) * ROW);
  const gap = Math.max(24, width * 0.07);
  const column = Math.max(96, (width - 2 * gap - 16) / 3);
  const rows = [...left, ...right];
  const heat = (row: Row) =>
    row.modules.reduce<number | null>((most, one) => larger(most, ofModule(graph, one, measure)), null);
  const scale = new Scale(measure, [...rows.map(heat), ofModule(graph, module, measure)]);
  const own: Mark = {
    target: { kind: "module", index: module },
    shape: "box",
    x: 8 + column + gap,
    y: tall / 2 - 22,
    w: column,
    h: 44,
    label: shown(graph.name(module)),
    note: measureWords(measure, ofModule(graph, module, measure)),
    heat: scale.place(ofModule(graph, module, measure)),
  };
  const scene: Scene = { ...blank(width, tall), marks: [own], scale };
  for (const [list, side] of [
    [left, "importers"],
    [right, "imports"],
  ] as const) {
    const x = side === "importers" ? 8 : 8 + 2 * (column + gap);
    const top = tall / 2 - (list.length * ROW) / 2;
    list.forEach((row, index) => {
      const value = heat(row);
      const mark: Mark = {
        target: row.target,
        shape: "box",
        x,
        y: top + index * ROW + 2,
        w: column,
        h: ROW - 4,
        label: row.label,
        note: row.modules.length > 1 ? counted(row.modules.length, "module") : measureWords(measure, value),
        heat: scale.place(value),
      };
      scene.marks.push(mark);
      scene.links.push(curve(own, mark, side, row));
    });
    const counts = new Set(graph[side](module).map(([other]) => other)).size;
    const text =
      side === "importers"
        ? `Imported by ${counts.toLocaleString("en-US")}`
        : `Imports ${counts.toLocaleString("en-US")}`;
    scene.captions.push({ x, y: (list.length > 0 ? top : tall / 2) - 10, text, align: "left", room: 0 });
  }
  return scene;
}

function larger(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function curve(own: Mark, mark: Mark, side: "imports" | "importers", row: Row): Link {
  const outside: [number, number] = [side === "imports" ? mark.x : mark.x + mark.w, mark.y + mark.h / 2];
  const inside: [number, number] = [side === "imports" ? own.x + own.w : own.x, own.y + own.h / 2];
  const [from, to] = side === "imports" ? [inside, outside] : [outside, inside];
  const kind = strongestKind(row.kinds);
  const width = 1 + Math.log2(row.modules.length);
  return {
    from,
    to,
    bend: [(from[0] + to[0]) / 2, outside[1]],
    tone: side,
    width,
    dashed: kind === 1 || kind === 2,
    badge: "",
  };
}

/**
 * Each module on a row of its own; where there are too many, by packages: those with the most modules by themselves,
 * the others with the package around them.
 */
function rowsOf(graph: Graph, root: string, records: ImportRecord[], most: number): Row[] {
  const single = group(records, (module) => ({ kind: "module", index: module }));
  if (single.length <= most) return labelled(graph, root, single, "");
  let finer = single;
  let rows = single;
  for (let depth = 6; rows.length > most && depth > 0; depth--) {
    finer = rows;
    rows = group(records, (module) => packageAt(graph, module, depth));
  }
  const few = finer
    .sort((a, b) => b.modules.length - a.modules.length)
    .slice(0, Math.max(0, most - rows.length));
  const shownAlone = new Set(few.flatMap((row) => row.modules));
  const others = rows
    .map((row) => ({ ...row, modules: row.modules.filter((module) => !shownAlone.has(module)) }))
    .filter((row) => row.modules.length > 0);
  return [
    ...labelled(graph, root, few, ""),
    ...labelled(graph, root, others, few.length > 0 ? " others" : ""),
  ];
}

function packageAt(graph: Graph, module: number, depth: number): Target {
  const path = graph.packagePath(graph.data.modules.package[module]!);
  const found = path[Math.min(depth, path.length) - 1] ?? ROOT;
  return found === ROOT ? { kind: "module", index: module } : { kind: "package", index: found };
}

function labelled(graph: Graph, root: string, rows: Row[], others: string): Row[] {
  for (const row of rows) {
    if (row.modules.length === 1) row.target = { kind: "module", index: row.modules[0]! };
    const name =
      row.target.kind === "module" ? graph.name(row.target.index) : graph.packageName(row.target.index);
    row.label =
      shown(within(name, root)) + (row.modules.length > 1 ? `  (${row.modules.length}${others})` : "");
  }
  return rows.sort((a, b) => b.modules.length - a.modules.length || (a.label < b.label ? -1 : 1));
}

function group(all: ImportRecord[], targetOf: (module: number) => Target): Row[] {
  const made = new Map<string, Row>();
  for (const [module, kind] of all) {
    const target = targetOf(module);
    const key = `${target.kind} ${target.index}`;
    const row = made.get(key) ?? { target, modules: [], kinds: [], label: "" };
    row.modules.push(module);
    row.kinds.push(kind);
    made.set(key, row);
  }
  for (const row of made.values()) row.modules = [...new Set(row.modules)];
  return [...made.values()];
}
