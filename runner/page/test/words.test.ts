// What is found, written, coloured and ordered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, LabelRoom } from "../src/label_room.ts";
import { Scale, seconds, shown } from "../src/measures.ts";
import { SearchIndex } from "../src/search_index.ts";
import { type Row, sorted } from "../src/table.ts";
import { graphOf } from "./small_graph.ts";

test("the best match is found first", () => {
  const index = new SearchIndex(graphOf("shop.order.line; shop.orders; shop.reorder; shop.x.order"));
  const { found, total } = index.find("Order", 3);
  assert.deepEqual(
    found.map((one) => `${one.kind} ${one.name}`),
    ["package shop.order", "module shop.x.order", "module shop.orders"],
  );
  assert.equal(total, 5);
});

test("every word has to match", () => {
  const index = new SearchIndex(graphOf("a.light; b.light"));
  assert.deepEqual(
    index.find("light b", 9).found.map((one) => one.name),
    ["b.light"],
  );
  assert.equal(index.find("  ", 9).total, 0);
});

test("no control character reaches the page as such", () => {
  assert.equal(shown("a\nb\u001b[31m\u202e\u007f</script>"), "a\u240ab\u241b[31m\\u{202e}\u2421</script>");
});

test("seconds are as exact as they are short", () => {
  const written = [0, 0.0004, 0.0512, 0.21, 12.4, 119, 3725, null].map(seconds);
  assert.deepEqual(written, ["0 s", "1 ms", "51 ms", "0.2 s", "12 s", "119 s", "62 min 5 s", "\u2013"]);
});

test("nothing is at the cold end of a scale, the unknown nowhere", () => {
  const scale = new Scale("time", [0, 4, 1, null]);
  assert.deepEqual([scale.place(0), scale.place(4), scale.place(null)], [0, 1, null]);
  assert.ok(scale.place(0.001)! > 0);
  assert.equal(new Scale("time", [0.001]).place(0.001)! < 0.2, true);
});

test("a text that is too long keeps its telling end", () => {
  const width = (text: string) => text.length;
  assert.equal(fitted("abc.def", 7, width, "end"), "abc.def");
  assert.equal(fitted("abc.def", 5, width, "end"), "\u2026.def");
  assert.equal(fitted("abc.def", 5, width, "start"), "abc.\u2026");
  assert.equal(fitted("abc.def", 2, width, "end"), "");
});

test("no label over another", () => {
  const room = new LabelRoom();
  assert.deepEqual(
    [room.take(0, 0, 10, 10), room.take(9, 9, 5, 5), room.take(10, 0, 5, 5)],
    [true, false, true],
  );
});

test("the unknown is last, however a table is sorted", () => {
  const rows = [2, null, 1].map(
    (value): Row => ({ cells: [{ text: "", value }], href: "", selected: false }),
  );
  const columns = [{ key: "n", title: "", numeric: true }];
  const order = (sort: string) => sorted(columns, rows, sort).map((row) => row.cells[0]!.value);
  assert.deepEqual(
    [order("n"), order("-n"), order("")],
    [
      [1, 2, null],
      [2, 1, null],
      [2, null, 1],
    ],
  );
});
