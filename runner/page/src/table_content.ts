// What the table beside the picture lists in each view.
import { AFFECTED, CHANGED, type Graph, ROOT, type Totals } from "./graph.ts";
import { count, counted, seconds, shown, within } from "./measures.ts";
import { contentOf, nameOf } from "./package_scene.ts";
import type { PackageTotals } from "./package_totals.ts";
import type { Cell, Column, Row } from "./table.ts";
import { NONE, type View } from "./view.ts";

export interface Listing {
  title: string;
  columns: Column[];
  rows: Row[];
  /** Said when there are no rows. */
  empty: string;
}

/** Gives the address of the view with something changed. */
export type Address = (changes: Partial<View>) => string;

const number = (value: number | null): Cell => ({ text: count(value), value });
const time = (value: number | null): Cell => ({ text: seconds(value), value });
const word = (text: string, title = ""): Cell => ({ text, value: text, ...(title ? { title } : {}) });

export function listing(
  graph: Graph,
  totals: PackageTotals,
  view: View,
  inside: number,
  address: Address,
): Listing {
  if (view.mode === "waves") return waves(graph, view, address);
  if (view.mode === "cycles") return cycles(graph, totals, view, address);
  if (view.mode === "module") return neighbours(graph, view, graph.packageName(totals.start()), address);
  return view.all
    ? allModules(graph, totals, view, inside, address)
    : content(graph, totals, view, inside, address);
}

function moduleColumns(graph: Graph): Column[] {
  const columns: Column[] = [
    { key: "name", title: "Name", numeric: false },
    { key: "modules", title: "Modules", numeric: true },
    { key: "time", title: "Check time", numeric: true, bar: true },
    { key: "errors", title: "Errors", numeric: true },
    { key: "fanin", title: "Imported by", numeric: true },
  ];
  if (graph.data.affected) columns.push({ key: "change", title: "Affected", numeric: true });
  return columns;
}

function content(graph: Graph, totals: PackageTotals, view: View, inside: number, address: Address): Listing {
  const rows = contentOf(totals, inside).map((target): Row => {
    const name = word(nameOf(graph, target, inside));
    if (target.kind === "module") {
      return {
        cells: [name, ...moduleFigures(graph, target.index)],
        href: address({ module: target.index }),
        selected: target.index === view.module,
      };
    }
    return {
      holds: true,
      cells: [name, ...packageFigures(graph, totals.of(target.index))],
      href: address({ package: target.index, module: NONE }),
      selected: false,
    };
  });
  return {
    title: `In ${inside === ROOT ? "all packages" : shown(graph.packageName(inside))}`,
    columns: moduleColumns(graph),
    rows,
    empty: "Nothing that is shown.",
  };
}

function packageFigures(graph: Graph, of: Totals): Cell[] {
  const cells = [number(of.modules), time(of.seconds), number(of.errors), number(of.fanIn)];
  if (graph.data.affected) cells.push(number(of.affected));
  return cells;
}

function moduleFigures(graph: Graph, module: number): Cell[] {
  const { seconds: times, errors, fan_in: fanIn } = graph.data.modules;
  const cells = [
    number(1),
    time(times[module] ?? null),
    number(errors[module] ?? null),
    number(fanIn[module] ?? null),
  ];
  if (graph.data.affected) cells.push(changeCell(graph, module));
  return cells;
}

function changeCell(graph: Graph, module: number): Cell {
  const change = graph.change[module]!;
  return { text: change === CHANGED ? "changed" : change === AFFECTED ? "affected" : "", value: change };
}

function allModules(
  graph: Graph,
  totals: PackageTotals,
  view: View,
  inside: number,
  address: Address,
): Listing {
  const rows: Row[] = [];
  for (const module of graph.modulesBelow(inside)) {
    if (!totals.shows(module)) continue;
    const full = shown(graph.name(module));
    const [, ...figures] = moduleFigures(graph, module);
    rows.push({
      cells: [word(within(full, shown(graph.packageName(inside))), full), ...figures],
      href: address({ module }),
      selected: module === view.module,
    });
  }
  return {
    title: `${counted(rows.length, "module")} in ${inside === ROOT ? "all packages" : shown(graph.packageName(inside))}`,
    columns: moduleColumns(graph).filter((column) => column.key !== "modules"),
    rows,
    empty: "Nothing that is shown.",
  };
}

function waves(graph: Graph, view: View, address: Address): Listing {
  const rows = graph.data.waves.map(
    (wave, index): Row => ({
      cells: [
        { text: `Wave ${index}`, value: index },
        number(wave.components),
        number(wave.modules),
        time(wave.seconds),
      ],
      href: address({ wave: index === view.wave ? NONE : index, module: NONE }),
      selected: index === view.wave,
    }),
  );
  const columns: Column[] = [
    { key: "wave", title: "Wave", numeric: false },
    { key: "components", title: "Components", numeric: true, bar: true },
    { key: "modules", title: "Modules", numeric: true },
    { key: "time", title: "Check time", numeric: true, bar: true },
  ];
  return { title: counted(rows.length, "wave"), columns, rows, empty: "There are no modules." };
}

function cycles(graph: Graph, totals: PackageTotals, view: View, address: Address): Listing {
  const root = graph.packageName(totals.start());
  const rows = totals.cycles().map((index): Row => {
    const cycle = graph.cycle(index);
    const modules = graph.modulesOfCycle(index);
    const first = shown(within(graph.name(modules[0]!), root));
    return {
      cells: [
        word(
          `${first} + ${modules.length - 1}`,
          modules
            .slice(0, 12)
            .map((module) => shown(graph.name(module)))
            .join(", "),
        ),
        number(modules.length),
        time(cycle.seconds),
        number(cycle.cuts.length),
      ],
      href: address({ cycle: index, module: NONE }),
      selected: index === view.cycle,
    };
  });
  const columns: Column[] = [
    { key: "name", title: "Cycle", numeric: false },
    { key: "modules", title: "Modules", numeric: true, bar: true },
    { key: "time", title: "Check time", numeric: true, bar: true },
    { key: "cuts", title: "Cuts", numeric: true },
  ];
  return {
    title: counted(rows.length, "cycle"),
    columns,
    rows,
    empty: "No module imports itself, however indirectly.",
  };
}

const SHORT_KINDS = ["", ", function", ", types", "implied"] as const;

function neighbours(graph: Graph, view: View, root: string, address: Address): Listing {
  const rows = (["imports", "importers"] as const).flatMap((direction) =>
    graph[direction](view.module).map(([other, kind, line]): Row => {
      const times = graph.data.modules.seconds[other] ?? null;
      return {
        cells: [
          word(shown(within(graph.name(other), root)), shown(graph.name(other))),
          word(direction === "imports" ? "imports" : "imported by"),
          {
            text: kind === 3 ? SHORT_KINDS[3] : `line ${line}${SHORT_KINDS[kind]}`,
            value: kind * 1e7 + line,
          },
          time(times),
        ],
        href: address({ module: other }),
        selected: false,
      };
    }),
  );
  const columns: Column[] = [
    { key: "name", title: "Module", numeric: false },
    { key: "side", title: "How", numeric: false },
    { key: "kind", title: "Import", numeric: false },
    { key: "time", title: "Check time", numeric: true, bar: true },
  ];
  return {
    title: `Neighbours of ${shown(graph.name(view.module))}`,
    columns,
    rows,
    empty: "It imports nothing, and nothing imports it.",
  };
}
