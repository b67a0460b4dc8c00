// Puts the parts of the page together: the URL's fragment says what is looked at, everything else follows from it.
import { Details } from "./details.ts";
import { byId, element } from "./dom.ts";
import { type Graph, ROOT } from "./graph.ts";
import { showLegend } from "./legend.ts";
import { count, counted, MEASURE_NAMES, measuresOf, seconds, shown } from "./measures.ts";
import { moduleScene } from "./module_scene.ts";
import { packageScene, selectInPackages } from "./package_scene.ts";
import { PackageTotals } from "./package_totals.ts";
import { Picture } from "./picture.ts";
import { ringScene } from "./ring_scene.ts";
import type { Mark, Scene } from "./scene.ts";
import { SearchBox } from "./search_box.ts";
import { type Found, SearchIndex } from "./search_index.ts";
import { Table } from "./table.ts";
import { listing } from "./table_content.ts";
import { Theme } from "./theme.ts";
import { fromFragment, type Mode, NONE, toFragment, type View } from "./view.ts";
import { selectInWaves, waveScene } from "./wave_scene.ts";

const MODE_NAMES: Record<Mode, string> = {
  packages: "Packages",
  waves: "Waves",
  cycles: "Cycles",
  module: "Module",
};

export class App {
  readonly #graph: Graph;
  readonly #theme: Theme;
  readonly #picture: Picture;
  readonly #table: Table;
  readonly #details: Details;
  readonly #totals: Map<boolean, PackageTotals> = new Map();
  #view: View;
  #drawn = "";

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#view = fromFragment(graph, location.hash);
    this.#theme = new Theme(byId("theme"), () => this.#draw(true));
    this.#details = new Details(byId("details"), graph, (changes) => this.#address(changes));
    this.#table = new Table(byId("rows"), (sort) => this.#replace({ sort }));
    this.#picture = new Picture(byId("picture"), byId("canvas"), byId("nothing"), {
      open: (mark) => this.#open(mark),
      leave: () => this.#leave(),
      resized: () => this.#draw(false),
      say: (words) => this.#say(words),
    });
    new SearchBox(byId("search"), byId("found"), byId("search-status"), new SearchIndex(graph), (found) =>
      this.#choose(found),
    );
    this.#head();
    this.#controls();
    window.addEventListener("hashchange", () => {
      this.#view = fromFragment(graph, location.hash);
      this.#show();
    });
    this.#show();
  }

  get #shownTotals(): PackageTotals {
    return this.#totalsOf(this.#view.thirdParty);
  }

  #totalsOf(thirdParty: boolean): PackageTotals {
    const known = this.#totals.get(thirdParty);
    if (known) return known;
    const totals = new PackageTotals(this.#graph, thirdParty);
    this.#totals.set(thirdParty, totals);
    return totals;
  }

  get #inside(): number {
    return this.#view.package ?? this.#shownTotals.start();
  }

  #address(changes: Partial<View>): string {
    return `#${toFragment(this.#graph, { ...this.#view, ...changes })}`;
  }

  #go(changes: Partial<View>): void {
    const address = this.#address(changes);
    if (address === location.hash || (address === "#" && location.hash === "")) this.#show();
    else location.hash = address;
  }

  /** Like #go, but nothing that the way back should lead to. */
  #replace(changes: Partial<View>): void {
    this.#view = { ...this.#view, ...changes };
    history.replaceState(null, "", this.#address({}));
    this.#show();
  }

  #head(): void {
    const { data } = this.#graph;
    const own = this.#totalsOf(false);
    const { modules, seconds: time } = own.of(ROOT);
    document.title = `${shown(data.project)}: import graph`;
    byId("project").textContent = shown(data.project);
    const imports = data.imports.reduce(
      (sum, records, at) => sum + (data.modules.own[at] ? records.length : 0),
      0,
    );
    const words = [
      counted(modules, "module"),
      counted(imports, "import"),
      counted(own.cycles().length, "cycle"),
      ...(time === null ? [] : [`${seconds(time)} of checking`]),
    ];
    byId("summary").textContent = words.join(" \u00b7 ");
    byId("made").textContent = `typewave ${shown(data.typewave)}`;
  }

  #controls(): void {
    const measure = byId<HTMLSelectElement>("measure");
    for (const one of measuresOf(this.#graph))
      measure.append(element("option", { value: one }, MEASURE_NAMES[one]));
    measure.addEventListener("change", () => this.#replace({ measure: measure.value as View["measure"] }));
    const thirdParty = byId<HTMLInputElement>("third-party");
    thirdParty.addEventListener("change", () => this.#replace({ thirdParty: thirdParty.checked }));
    const all = byId<HTMLInputElement>("all");
    all.addEventListener("change", () => this.#replace({ all: all.checked }));
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("rows").querySelector<HTMLElement>("tr[tabindex='0']")?.focus();
    });
    byId("zoom-in").addEventListener("click", () => this.#picture.zoomBy(1.5));
    byId("zoom-out").addEventListener("click", () => this.#picture.zoomBy(1 / 1.5));
    byId("zoom-home").addEventListener("click", () => this.#picture.zoomHome());
  }

  #open(mark: Mark): void {
    const { kind, index } = mark.target;
    if (kind === "package") this.#go({ mode: "packages", package: index, module: NONE });
    else if (kind === "module") this.#go({ module: index });
  }

  /** One step back outwards: first what is selected is let go, then the package is left. */
  #leave(): void {
    const { mode, module, wave } = this.#view;
    if (module !== NONE) this.#go(mode === "module" ? { mode: "packages", module: NONE } : { module: NONE });
    else if (wave !== NONE) this.#go({ wave: NONE });
    else if (mode === "packages" && this.#inside !== this.#shownTotals.start()) {
      this.#go({ package: this.#graph.parent(this.#inside) });
    }
  }

  #choose(found: Found): void {
    if (found.kind === "package") this.#go({ mode: "packages", package: found.index, module: NONE });
    else this.#go({ mode: "module", module: found.index });
    byId("picture").focus();
  }

  #say(words: string): void {
    byId("live").textContent = words;
  }

  #show(): void {
    const view = this.#view;
    if (view.mode === "cycles" && view.cycle === NONE) view.cycle = this.#shownTotals.cycles()[0] ?? NONE;
    this.#tabs();
    this.#path();
    byId<HTMLSelectElement>("measure").value = view.measure;
    byId<HTMLInputElement>("third-party").checked = view.thirdParty;
    byId<HTMLInputElement>("all").checked = view.all;
    byId("all-label").hidden = view.mode !== "packages";
    this.#details.show(view, this.#shownTotals, this.#inside);
    const list = listing(this.#graph, this.#shownTotals, view, this.#inside, (changes) =>
      this.#address(changes),
    );
    byId("list-title").textContent = list.title;
    byId("list-count").textContent = list.rows.length > 0 ? counted(list.rows.length, "row") : list.empty;
    this.#table.show(list.columns, list.rows, view.sort, list.title);
    this.#draw(true);
    this.#say(`${MODE_NAMES[view.mode]}: ${list.title}`);
  }

  #tabs(): void {
    const { module } = this.#view;
    const modes: Mode[] = ["packages", "waves", "cycles", ...(module === NONE ? [] : ["module" as const])];
    const tabs = modes.map((mode) => {
      const tab = element("a", { href: this.#address({ mode, sort: "" }) }, MODE_NAMES[mode]);
      if (mode === "cycles")
        tab.append(element("span", { class: "count" }, count(this.#shownTotals.cycles().length)));
      if (mode === this.#view.mode) tab.setAttribute("aria-current", "page");
      return tab;
    });
    byId("views").replaceChildren(...tabs);
  }

  #path(): void {
    const path = byId("path");
    path.hidden = this.#view.mode !== "packages";
    const inside = this.#inside;
    const packages = [ROOT, ...this.#graph.packagePath(inside)];
    const items = packages.map((index) => {
      const name = index === ROOT ? "all packages" : this.#graph.packageName(index).split(".").pop()!;
      const item = element("a", { href: this.#address({ package: index, module: NONE }) }, shown(name));
      if (index === inside) item.setAttribute("aria-current", "location");
      return element("li", {}, item);
    });
    path.replaceChildren(element("ol", {}, ...items));
  }

  #scene(): Scene {
    const { mode, module, measure, cycle, wave } = this.#view;
    const { width, height } = this.#picture.size;
    const root = this.#graph.packageName(this.#shownTotals.start());
    if (mode === "waves") {
      const scene = waveScene(this.#graph, this.#shownTotals, measure, width, height);
      selectInWaves(this.#graph, scene, module, wave);
      return scene;
    }
    if (mode === "cycles") return ringScene(this.#graph, root, cycle, measure, module, width, height);
    if (mode === "module") return moduleScene(this.#graph, root, module, measure, width, height);
    const scene = packageScene(this.#graph, this.#shownTotals, this.#inside, measure, width, height);
    if (module !== NONE) selectInPackages(this.#graph, scene, module);
    return scene;
  }

  #draw(keepZoom: boolean): void {
    if (!this.#picture) return; // The picture tells its size while it is being made.
    const { mode, module, cycle, measure } = this.#view;
    const place = [mode, this.#inside, mode === "module" ? module : "", cycle].join(" ");
    const selected = module === NONE ? null : ({ kind: "module", index: module } as const);
    const { palette } = this.#theme;
    const scene = this.#scene();
    this.#picture.show(scene, measure, palette, selected, keepZoom && place === this.#drawn);
    this.#drawn = place;
    showLegend(byId("legend"), this.#graph, this.#view, palette, scene.scale);
  }
}
