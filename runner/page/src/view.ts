// What is being looked at, and the same as a URL's fragment. Names stand in it, not numbers, so that a link still
// leads to the same thing when the page has been made anew.
import { type Graph, ROOT } from "./graph.ts";
import { isMeasure, type Measure, measuresOf } from "./measures.ts";

export type Mode = "packages" | "waves" | "cycles" | "module";
const MODES: readonly string[] = ["packages", "waves", "cycles", "module"];

export const NONE = -1;

export interface View {
  mode: Mode;
  /** The package whose content the packages view shows; null: where a page starts. */
  package: number | null;
  module: number;
  cycle: number;
  wave: number;
  measure: Measure;
  thirdParty: boolean;
  /** The table lists all modules below, not only what the package holds directly. */
  all: boolean;
  /** A column's key, with `-` in front: the largest first. Empty: as it comes. */
  sort: string;
}

export function firstView(graph: Graph): View {
  return {
    mode: "packages",
    package: null,
    module: NONE,
    cycle: NONE,
    wave: NONE,
    measure: measuresOf(graph)[0]!,
    thirdParty: !graph.data.modules.own.includes(1),
    all: false,
    sort: "",
  };
}

export function toFragment(graph: Graph, view: View): string {
  const usual = firstView(graph);
  const words = new URLSearchParams();
  if (view.mode !== usual.mode) words.set("view", view.mode);
  if (view.package !== null)
    words.set("package", view.package === ROOT ? "" : graph.packageName(view.package));
  if (view.module !== NONE) words.set("module", graph.name(view.module));
  if (view.cycle !== NONE) words.set("cycle", graph.name(graph.modulesOfCycle(view.cycle)[0]!));
  if (view.wave !== NONE) words.set("wave", String(view.wave));
  if (view.measure !== usual.measure) words.set("colour", view.measure);
  if (view.thirdParty !== usual.thirdParty) words.set("third-party", view.thirdParty ? "yes" : "no");
  if (view.all) words.set("list", "all");
  if (view.sort) words.set("sort", view.sort);
  return words.toString();
}

/** Reads a fragment; what it names and the graph does not have is left out. */
export function fromFragment(graph: Graph, fragment: string): View {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const view = firstView(graph);
  const mode = words.get("view");
  if (mode !== null && MODES.includes(mode)) view.mode = mode as Mode;
  const packageName = words.get("package");
  if (packageName !== null)
    view.package = packageName === "" ? ROOT : (graph.packageByName.get(packageName) ?? null);
  view.module = graph.moduleByName.get(words.get("module") ?? "") ?? NONE;
  const ofCycle = graph.moduleByName.get(words.get("cycle") ?? "");
  if (ofCycle !== undefined) view.cycle = graph.cycleOfComponent.get(graph.component(ofCycle)) ?? NONE;
  const wave = Number.parseInt(words.get("wave") ?? "", 10);
  if (wave >= 0 && wave < graph.data.waves.length) view.wave = wave;
  const measure = words.get("colour");
  if (isMeasure(measure) && measuresOf(graph).includes(measure)) view.measure = measure;
  if (words.has("third-party")) view.thirdParty = words.get("third-party") === "yes";
  view.all = words.get("list") === "all";
  view.sort = /^-?[a-z]+$/.test(words.get("sort") ?? "") ? words.get("sort")! : "";
  if (view.mode === "module" && view.module === NONE) view.mode = "packages";
  return view;
}
