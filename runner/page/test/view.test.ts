// Views and the fragments that lead to them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstView, fromFragment, NONE, toFragment } from "../src/view.ts";
import { graphOf } from "./small_graph.ts";

const graph = graphOf("p.a -> p.b&c=d; p.q.e -> p.a", { "p.a": 1 });

test("the first view has no fragment", () => {
  assert.equal(toFragment(graph, firstView(graph)), "");
  assert.deepEqual(fromFragment(graph, "#"), firstView(graph));
});

test("a view comes back from its fragment", () => {
  const view = {
    ...firstView(graph),
    mode: "module" as const,
    package: graph.packageByName.get("p.q")!,
    module: graph.moduleByName.get("p.b&c=d")!,
    wave: 0,
    measure: "fan-in" as const,
    thirdParty: true,
    all: true,
    sort: "-time",
  };
  assert.deepEqual(fromFragment(graph, `#${toFragment(graph, view)}`), view);
});

test("what a fragment names and the graph lacks is left out", () => {
  const view = fromFragment(
    graph,
    "#view=module&module=gone&package=gone&wave=99&colour=smell&sort=1%20or%201&cycle=x",
  );
  assert.deepEqual(view, firstView(graph));
  assert.equal(view.module, NONE);
});
