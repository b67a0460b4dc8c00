// Graphs for tests, written as text: "shop.a -> shop.b, shop.c; shop.b -> shop.a".
import type { PageData } from "../src/data.ts";
import { Graph } from "../src/graph.ts";

export function dataOf(text: string, seconds: Record<string, number> = {}): PageData {
  const edges = text.split(";").map((part) => part.split("->").map((side) => side.trim()));
  const names = [...new Set(edges.flatMap(([from, to]) => [from!, ...(to ? to.split(", ") : [])]))].sort();
  const packages = [...new Set(names.flatMap(outer))].sort();
  const at = (name: string) => names.indexOf(name);
  const imports: PageData["imports"] = names.map(() => []);
  for (const [from, to] of edges)
    for (const one of to ? to.split(", ") : []) imports[at(from!)]!.push([at(one), 0, 1]);
  return {
    format: 1,
    project: "test",
    typewave: "0",
    modules: {
      name: names,
      path: names.map((name) => `${name.replaceAll(".", "/")}.py`),
      own: names.map((name) => (name.startsWith("lib") ? 0 : 1)),
      component: names.map((_, index) => index),
      package: names.map((name) => packages.indexOf(outer(name).pop()!)),
      bytes: names.map(() => 1),
      errors: names.map(() => null),
      seconds: names.map((name) => seconds[name] ?? null),
      fan_in: names.map(() => 0),
    },
    imports,
    components: {
      modules: names.map((_, index) => [index]),
      wave: names.map(() => 0),
      seconds: names.map(() => null),
      x: names.map((_, index) => index),
      y: names.map(() => 0),
    },
    packages: {
      name: packages,
      parent: packages.map((name) => packages.indexOf(name.split(".").slice(0, -1).join("."))),
      x: packages.map(() => 0),
      y: packages.map(() => 0),
    },
    cycles: [],
    waves: [{ components: names.length, modules: names.length, seconds: null }],
    affected: null,
  };
}

export function graphOf(text: string, seconds: Record<string, number> = {}): Graph {
  return new Graph(dataOf(text, seconds));
}

/** The packages around a module; a module without a dot is a package of its own. */
function outer(name: string): string[] {
  const parts = name.split(".");
  const inner = parts.length === 1 ? parts : parts.slice(0, -1);
  return inner.map((_, index) => inner.slice(0, index + 1).join("."));
}
