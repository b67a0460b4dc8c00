// What the colours and lines of the picture mean.
import { element } from "./dom.ts";
import type { Graph } from "./graph.ts";
import { MEASURE_NAMES, type Scale, shown, written } from "./measures.ts";
import { css, type Palette, rampColour } from "./palette.ts";
import type { Mode, View } from "./view.ts";
import { NONE } from "./view.ts";

const WORDS: Record<Mode, string> = {
  packages: "Area: more modules, more room",
  waves: "Left to right: what has to be checked first",
  cycles: "Lines: imports inside the cycle",
  module: "Lines: imports; dashed: in a function or for type checking only",
};

export function showLegend(
  frame: HTMLElement,
  graph: Graph,
  view: View,
  palette: Palette,
  scale: Scale | null,
): void {
  const bar = element("span", { class: "ramp", "aria-hidden": "true" });
  const stops = [0, 0.25, 0.5, 0.75, 1].map((part) => css(rampColour(palette, view.measure, part)));
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const [least, most] =
    view.measure === "change"
      ? view.mode === "packages"
        ? ["none of it", "all of it"]
        : ["not affected", "changed"]
      : [
          written(view.measure, 0),
          written(view.measure, scale?.most ?? 0) + (scale?.exceeded ? " and more" : ""),
        ];
  const since =
    view.measure === "change" && graph.data.affected ? ` since ${shown(graph.data.affected.since)}` : "";
  const items: Node[] = [
    element("span", {}, `${MEASURE_NAMES[view.measure]}${since}: ${least} `, bar, ` ${most}`),
    key("unknown", "unknown"),
  ];
  if (view.module !== NONE) items.push(key("imports", "it imports"), key("importers", "imports it"));
  else if (view.mode === "cycles" && view.cycle !== NONE) items.push(key("cut", "to cut, by number"));
  items.push(element("span", {}, WORDS[view.mode]));
  frame.replaceChildren(...items);
}

function key(name: string, words: string): Node {
  return element("span", {}, element("span", { class: `key ${name}`, "aria-hidden": "true" }), words);
}
