// Who imports whom, and what packages hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AFFECTED, CHANGED, Graph, UNAFFECTED } from "../src/graph.ts";
import { contentOf } from "../src/package_scene.ts";
import { PackageTotals } from "../src/package_totals.ts";
import { dataOf, graphOf } from "./small_graph.ts";

const names = (graph: Graph, modules: number[]) => modules.map((module) => graph.name(module)).sort();

test("importers are imports the other way round", () => {
  const graph = graphOf("p.a -> p.b, p.c; p.c -> p.b");
  const b = graph.moduleByName.get("p.b")!;
  const importers = graph.importers(b).map(([from]) => from);
  assert.deepEqual(names(graph, importers), ["p.a", "p.c"]);
});

test("the reach of a module is everything behind it, once, without itself", () => {
  const graph = graphOf("p.a -> p.b; p.b -> p.c; p.c -> p.a; p.d -> p.a");
  assert.deepEqual(names(graph, graph.reach(graph.moduleByName.get("p.a")!, "imports")), ["p.b", "p.c"]);
  assert.deepEqual(names(graph, graph.reach(graph.moduleByName.get("p.c")!, "importers")), [
    "p.a",
    "p.b",
    "p.d",
  ]);
});

test("a changed module is changed, though it is affected as well", () => {
  const data = dataOf("p.a -> p.b; p.c");
  data.affected = { since: "main", changed: [1], affected: [0, 1] };
  assert.deepEqual([...new Graph(data).change], [AFFECTED, CHANGED, UNAFFECTED]);
});

test("a page starts where there is something to choose from", () => {
  const graph = graphOf("deep.er.a; deep.er.b; lib.x");
  const start = (thirdParty: boolean) => graph.packageName(new PackageTotals(graph, thirdParty).start());
  assert.equal(start(false), "deep.er");
  assert.equal(start(true), "all packages");
});

test("what is unknown adds nothing, and all unknown stays unknown", () => {
  const graph = graphOf("p.a; p.b; p.q.c", { "p.a": 2 });
  const totals = new PackageTotals(graph, false);
  assert.equal(totals.of(graph.packageByName.get("p")!).seconds, 2);
  assert.equal(totals.of(graph.packageByName.get("p.q")!).seconds, null);
});

test("a package of a single module is shown as the module", () => {
  const graph = graphOf("p.a; p.q.c; p.r.d; p.r.e");
  const content = contentOf(new PackageTotals(graph, false), graph.packageByName.get("p")!);
  const kinds = content.map(
    ({ kind, index }) => `${kind} ${kind === "module" ? graph.name(index) : graph.packageName(index)}`,
  );
  assert.deepEqual(kinds.sort(), ["module p.a", "module p.q.c", "package p.r"]);
});
