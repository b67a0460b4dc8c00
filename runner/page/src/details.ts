// The words about what is selected: figures, where it is, where to go from there.
import { KIND_NAMES } from "./data.ts";
import { element } from "./dom.ts";
import { AFFECTED, CHANGED, type Graph, ROOT } from "./graph.ts";
import { bytes, count, counted, seconds, shown, shownPath } from "./measures.ts";
import type { PackageTotals } from "./package_totals.ts";
import { SHOWN_CUTS } from "./ring_scene.ts";
import type { Address } from "./table_content.ts";
import { NONE, type View } from "./view.ts";

const FEW = SHOWN_CUTS;

export class Details {
  readonly #graph: Graph;
  readonly #frame: HTMLElement;
  readonly #address: Address;
  #opened = "";

  constructor(frame: HTMLElement, graph: Graph, address: Address) {
    this.#frame = frame;
    this.#graph = graph;
    this.#address = address;
  }

  show(view: View, totals: PackageTotals, inside: number): void {
    this.#frame.replaceChildren(...this.#content(view, totals, inside));
  }

  #content(view: View, totals: PackageTotals, inside: number): Node[] {
    if (view.mode === "cycles" && view.cycle !== NONE) {
      return [...(view.module === NONE ? [] : this.#module(view.module, view)), ...this.#cycle(view.cycle)];
    }
    if (view.module !== NONE) return this.#module(view.module, view);
    if (view.mode === "waves") return this.#wave(view.wave, totals);
    if (view.mode === "cycles") return [];
    return this.#package(inside, totals);
  }

  #module(module: number, view: View): Node[] {
    const graph = this.#graph;
    const { path, bytes: sizes, errors, seconds: times } = graph.data.modules;
    const cycle = graph.cycleOfComponent.get(graph.component(module));
    const direct = (direction: "imports" | "importers") =>
      new Set(graph[direction](module).map(([other]) => other)).size;
    const change = graph.change[module]!;
    const facts: [string, string][] = [
      ["Check time", seconds(times[module] ?? null)],
      ["Errors", count(errors[module] ?? null)],
      [
        "Imported by",
        `${count(direct("importers"))}, ${count(graph.reach(module, "importers").length)} in all`,
      ],
      ["Imports", `${count(direct("imports"))}, ${count(graph.reach(module, "imports").length)} in all`],
      ["Wave", String(graph.wave(module))],
      ["Size", bytes(sizes[module] ?? null)],
    ];
    if (graph.data.affected) {
      const word = change === CHANGED ? "changed" : change === AFFECTED ? "affected" : "not affected";
      facts.push([`Since ${shown(graph.data.affected.since)}`, word]);
    }
    const links: [string, string][] = [];
    const home = graph.data.modules.package[module]!;
    if (view.mode !== "module") links.push(["Its imports", this.#address({ mode: "module", module })]);
    if (view.mode !== "packages")
      links.push(["In its package", this.#address({ mode: "packages", package: home, module })]);
    if (view.mode !== "waves") links.push(["In the waves", this.#address({ mode: "waves", module })]);
    if (cycle !== undefined && view.mode !== "cycles") {
      const size = graph.modulesOfCycle(cycle).length;
      links.push([`Its cycle of ${count(size)} modules`, this.#address({ mode: "cycles", cycle, module })]);
    }
    links.push([
      "Clear",
      this.#address(view.mode === "module" ? { mode: "packages", module: NONE } : { module: NONE }),
    ]);
    return [
      element("h2", {}, shown(graph.name(module))),
      element("p", { class: "path" }, shownPath(path[module] ?? "")),
      this.#facts(facts),
      this.#links(links),
    ];
  }

  #package(inside: number, totals: PackageTotals): Node[] {
    const graph = this.#graph;
    const of = totals.of(inside);
    const facts: [string, string][] = [
      ["Modules", count(of.modules)],
      ["Check time", seconds(of.seconds)],
      ["Errors", count(of.errors)],
    ];
    if (graph.data.affected)
      facts.push([`Affected since ${shown(graph.data.affected.since)}`, count(of.affected)]);
    const title = inside === ROOT ? "All packages" : shown(graph.packageName(inside));
    const nodes: Node[] = [element("h2", {}, title), this.#facts(facts)];
    if (inside !== ROOT) nodes.push(...this.#packageLinks(inside, totals));
    return nodes;
  }

  /** The packages outside that a package imports most from, and that import most from it. */
  #packageLinks(inside: number, totals: PackageTotals): Node[] {
    const graph = this.#graph;
    const own = new Set(graph.modulesBelow(inside));
    return (["imports", "importers"] as const).flatMap((direction) => {
      const counts = new Map<number, number>();
      for (const module of own) {
        for (const [other] of graph[direction](module)) {
          if (own.has(other) || !totals.shows(other)) continue;
          const home = graph.data.modules.package[other]!;
          counts.set(home, (counts.get(home) ?? 0) + 1);
        }
      }
      const most = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      const items = most
        .slice(0, 6)
        .map(([home, imports]) =>
          element(
            "li",
            {},
            element(
              "a",
              { href: this.#address({ package: home, module: NONE }) },
              shown(graph.packageName(home)),
            ),
            element("span", { class: "count" }, counted(imports, "import")),
          ),
        );
      if (items.length === 0) return [];
      const title = direction === "imports" ? "Imports most from" : "Imported most by";
      return [element("h3", { class: direction }, title), element("ul", { class: "plain" }, ...items)];
    });
  }

  #wave(wave: number, totals: PackageTotals): Node[] {
    const graph = this.#graph;
    if (wave === NONE) {
      const { waves } = graph.data;
      const widest = waves.reduce((best, one) => Math.max(best, one.components), 0);
      return [
        element("h2", {}, "Waves"),
        element(
          "p",
          {},
          "What stands in one wave can be checked at the same time, as soon as the waves to its left are done. Each mark is a component: a module, or a whole cycle, which is larger.",
        ),
        this.#facts([
          ["Waves", count(waves.length)],
          ["Widest", counted(widest, "component")],
          ["Cycles", count(totals.cycles().length)],
        ]),
      ];
    }
    const { components } = graph.data;
    const inWave = components.modules
      .map((modules, component) => ({ modules, component }))
      .filter(({ component }) => components.wave[component] === wave)
      .sort((a, b) => (components.seconds[b.component] ?? -1) - (components.seconds[a.component] ?? -1));
    const items = inWave
      .slice(0, FEW)
      .map(({ modules, component }) =>
        element(
          "li",
          {},
          element(
            "a",
            { href: this.#address({ module: modules[0]! }) },
            shown(graph.name(modules[0]!)) + (modules.length > 1 ? ` + ${modules.length - 1}` : ""),
          ),
          element("span", { class: "count" }, seconds(components.seconds[component] ?? null)),
        ),
      );
    const one = graph.data.waves[wave]!;
    return [
      element("h2", {}, `Wave ${wave}`),
      this.#facts([
        ["Components", count(one.components)],
        ["Modules", count(one.modules)],
        ["Check time", seconds(one.seconds)],
      ]),
      element("h3", {}, "What takes longest"),
      element("ul", { class: "plain" }, ...items),
      this.#links([["Clear", this.#address({ wave: NONE })]]),
    ];
  }

  #cycle(index: number): Node[] {
    const graph = this.#graph;
    const cycle = graph.cycle(index);
    const modules = graph.modulesOfCycle(index);
    const facts: [string, string][] = [
      ["Modules", count(modules.length)],
      ["Check time", seconds(cycle.seconds)],
      ["Adds to the longest chain", counted(cycle.chain, "module")],
    ];
    const nodes: Node[] = [
      element("h2", {}, `Cycle of ${counted(modules.length, "module")}`),
      this.#facts(facts),
    ];
    if (cycle.cuts.length === 0) {
      nodes.push(
        element("p", {}, "No import in it stands in a source of yours, so there is nothing to cut."),
      );
      return nodes;
    }
    const key = `cycle ${index}`;
    const limit = this.#opened === key ? cycle.cuts.length : FEW;
    nodes.push(element("h3", { class: "cut" }, "Cheapest cut: remove these imports, in this order"));
    const items = cycle.cuts
      .slice(0, limit)
      .map((cut) =>
        element(
          "li",
          {},
          element("code", {}, `${shownPath(cut.path)}:${cut.lines.join(", ")}`),
          element(
            "span",
            {},
            element("a", { href: this.#address({ module: cut.from }) }, shown(graph.name(cut.from))),
            " imports ",
            element("a", { href: this.#address({ module: cut.to }) }, shown(graph.name(cut.to))),
          ),
          element("span", { class: "count" }, `${KIND_NAMES[cut.kind]}; ${leftWords(cut.left)}`),
        ),
      );
    nodes.push(element("ol", { class: "cuts" }, ...items));
    if (limit < cycle.cuts.length) {
      const button = element(
        "button",
        { type: "button" },
        `Show all ${count(cycle.cuts.length)} imports to cut`,
      );
      button.addEventListener("click", () => {
        this.#opened = key;
        const place = this.#frame.querySelectorAll("ol.cuts li").length;
        this.#frame.replaceChildren(...this.#cycle(index));
        this.#frame.querySelectorAll<HTMLElement>("ol.cuts li a")[2 * place]?.focus();
      });
      nodes.push(button);
    }
    return nodes;
  }

  #facts(facts: [string, string][]): Node {
    const parts = facts.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)),
    );
    return element("dl", {}, ...parts);
  }

  #links(links: [string, string][]): Node {
    return element("p", { class: "links" }, ...links.map(([text, href]) => element("a", { href }, text)));
  }
}

function leftWords(left: number): string {
  return left <= 1 ? "no cycle is left then" : `largest cycle then: ${counted(left, "module")}`;
}
