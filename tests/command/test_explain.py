"""`typewave explain`: why a module was checked or reused, or would be."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from support.project import Project, one_trouble


def explain(project: Project, *arguments: str) -> str:
    answer = project.call("explain", *arguments, f"--python={project.python}", f"--store={project.store}")
    assert answer.status == 0, answer
    return answer.stdout


def document(project: Project, *arguments: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(explain(project, *arguments, "--json"))
    assert loaded["format"] == 1
    return loaded


def edit(project: Project, name: str, before: str, after: str) -> None:
    path = project.folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_before_any_run(shop: Project) -> None:
    text = explain(shop, "shop.price", ".")
    assert text.startswith("shop.price (shop/price.py)\nnow: would be checked\n")
    assert "no earlier ones to compare them with" in text
    assert "last time: no run here is remembered" in text


def test_nothing_changed(shop: Project) -> None:
    shop.check(".")
    text = explain(shop, "shop.price", ".")
    assert "now: would be reused\n  all it depends on is as it was when it was checked\n" in text
    assert re.search(r"^last time: checked at .*1 check here so far\)$", text, re.MULTILINE)
    shop.check(".")
    text = explain(shop, "shop.price", ".")
    assert re.search(r"^last time: reused\nits last check: .*1 check here so far\)$", text, re.MULTILINE)


def test_the_arguments_of_the_last_run(shop: Project) -> None:
    shop.check("shop", "tool.py")
    answer = shop.call("explain", "tool", f"--python={shop.python}", f"--store={shop.store}")
    assert answer.stdout.startswith("tool (tool.py)\nnow: would be reused\n")
    assert "as in the last run here: typewave check shop tool.py" in answer.stderr


def test_a_module_by_its_file(shop: Project) -> None:
    assert explain(shop, "./shop/price.py", ".").startswith("shop.price (shop/price.py)\n")


def test_edit_of_its_own_source(shop: Project) -> None:
    shop.check(".")
    edit(shop, "tool.py", "(1)", "(2)")
    now = document(shop, "tool", ".")["now"]
    assert (now["verdict"], now["reason"]) == ("check", "no-result")
    (change,) = now["changes"]
    assert (change["module"], change["input"]) == ("tool", "source")
    assert re.fullmatch("[0-9a-f]{16}", change["from"])
    assert change["text"] == f"its source changed: {change['from']} -> {change['to']}"

    shop.check(".")
    last = document(shop, "tool", ".")["last"]
    assert (last["verdict"], last["checks"]) == ("check", 2)
    assert last["changes"] == [change]
    assert document(shop, "shop.price", ".")["last"]["verdict"] == "reuse"


def test_the_way_from_a_change(shop: Project) -> None:
    """What would be checked because of an import of an import, and what was."""
    shop.check(".")
    edit(shop, "shop/price.py", "-> int:\n    return len(name)", '-> str:\n    return name + ""')
    now = document(shop, "shop.customer", ".")["now"]
    assert (now["verdict"], now["reason"], now["detail"]) == ("undecided", "waiting", "shop.price")
    assert now["origin"]["module"] == "shop.price"
    assert [change["input"] for change in now["origin"]["changes"]] == ["source"]
    assert now["imports"] == [
        {"path": "shop/order.py", "line": 2, "importer": "shop.order", "imported": "shop.price"},
        {"path": "shop/customer.py", "line": 1, "importer": "shop.customer", "imported": "shop.order"},
    ]
    text = explain(shop, "shop.customer", ".")
    assert "in an import cycle with shop.order" in text
    assert "would be checked, unless the interface of shop.price stays what it was" in text
    assert text.index("shop/order.py:2") < text.index("shop/customer.py:1")

    shop.check(".")
    last = document(shop, "shop.customer", ".")["last"]
    assert (last["verdict"], last["reason"], last["detail"]) == ("check", "interface-changed", "shop.price")
    (interface,) = last["interfaces"]
    assert interface["module"] == "shop.price"
    assert interface["from"] != interface["to"]
    assert "price" in interface["symbols"]
    assert last["origin"]["module"] == "shop.price"
    assert [change["input"] for change in last["origin"]["changes"]] == ["source"]
    assert [step["path"] for step in last["imports"]] == ["shop/order.py", "shop/customer.py"]


def test_another_option(shop: Project) -> None:
    shop.check(".")
    now = document(shop, "tool", "--strict", ".")["now"]
    changed = {change["input"]: (change["from"], change["to"]) for change in now["changes"]}
    assert changed["option disallow_untyped_defs"] == ("false", "true")


def test_options_of_one_module(shop: Project) -> None:
    shop.write({"mypy.ini": "[mypy]\n"})
    shop.check(".")
    shop.write({"mypy.ini": "[mypy]\n[mypy-tool]\nstrict_equality = True\n"})
    text = explain(shop, "tool", ".")
    assert 'its options changed: sections not set -> ["tool"], strict_equality not set -> true\n' in text
    assert "would be reused" in explain(shop, "shop.price", ".")


def test_an_import_more(shop: Project) -> None:
    shop.check(".")
    edit(shop, "tool.py", "import shop.price\n", "import shop.price\nimport shop.order\nimport nowhere\n")
    text = explain(shop, "tool", ".")
    assert "it imports shop.order now" in text
    assert "it imports nowhere, which is missing" in text


def test_a_store_that_was_lost(shop: Project) -> None:
    shop.check(".")
    answer = shop.call("explain", "tool", f"--python={shop.python}", f"--store={shop.root / 'other'}", ".")
    assert "the store has no result for it, though no input of its key changed" in answer.stdout


@pytest.mark.parametrize(("wanted", "near"), [("shop.prize", "shop.price"), ("price", "shop.price"), ("tol", "tool")])
def test_unknown_module(shop: Project, wanted: str, near: str) -> None:
    answer = shop.call("explain", wanted, f"--python={shop.python}", f"--store={shop.store}", ".")
    assert f"no module {wanted}" in one_trouble(answer)
    assert f"did you mean {near}" in answer.stderr


def test_a_module_by_its_whole_path(shop: Project) -> None:
    assert explain(shop, str(shop.folder / "tool.py"), ".").startswith("tool (tool.py)\n")
    assert explain(shop, "tool", "-p", "shop", "-m", "tool").startswith("tool (tool.py)\n")


def test_modules_that_are_not_there(shop: Project) -> None:
    """Imported and missing, imported and skipped, gone since the last run."""
    shop.write({"more.py": "import nowhere.deep\nimport tool\n", "mypy.ini": "[mypy]\nignore_missing_imports = True\n"})
    shop.check(".")
    own = [f"--python={shop.python}", f"--store={shop.store}"]
    missing = shop.call("explain", "nowhere.deep", *own, ".")
    assert "module nowhere.deep is imported in more.py:1, but mypy does not find it" in one_trouble(missing)
    skipped = shop.call("explain", "tool", *own, "--follow-imports=skip", "more.py")
    assert "module tool is imported in more.py:2 but not followed" in one_trouble(skipped)
    (shop.folder / "more.py").unlink()
    assert "module more was in the last run here, but is gone" in one_trouble(shop.call("explain", "more", *own, "."))


def test_nothing_to_explain(shop: Project) -> None:
    own = [f"--python={shop.python}", f"--store={shop.store}"]
    assert "--pdb" in one_trouble(shop.call("explain", "tool", *own, "--pdb", "."))
    assert "everything is checked" in one_trouble(shop.call("explain", "tool", *own, "--no-incremental", "."))


PLUGIN = "from mypy.plugin import Plugin\n\n\ndef plugin(version: str) -> type[Plugin]:\n    return Plugin\n"


def test_a_plugin(shop: Project) -> None:
    shop.write({"own_plugin.py": PLUGIN, "mypy.ini": "[mypy]\n"})
    shop.check("shop")
    shop.write({"mypy.ini": "[mypy]\nplugins = own_plugin.py\n"})
    text = explain(shop, "shop.price", "shop")
    assert "now: would be checked\n  plugin own_plugin.py is new\n" in text
    assert "shop.order, which a plugin may read, is new" in text
    shop.check("shop")
    edit(shop, "own_plugin.py", "-> type[Plugin]", "-> 'type[Plugin]'")
    now = document(shop, "shop.price", "shop")["now"]
    assert [(change["input"], change["item"]) for change in now["changes"]] == [("plugin content", "own_plugin.py")]
    assert re.search(r"^  plugin own_plugin\.py changed: ", explain(shop, "shop.price", "shop"), re.MULTILINE)


def test_what_a_change_did_not_reach(shop: Project) -> None:
    shop.check(".")
    edit(shop, "tool.py", "(1)", "(2)")
    edit(shop, "shop/price.py", "-> int:", "-> object:")
    (shop.root / "changed").write_text("tool.py\n", encoding="utf-8")
    shop.check(f"--changed-files={shop.root / 'changed'}", ".")
    assert document(shop, "tool", ".")["last"]["verdict"] == "check"
    assert document(shop, "shop.customer", ".")["last"]["verdict"] == "left-out"
    assert "last time: left out, as the change did not reach it\nits last check: " in explain(
        shop, "shop.customer", "."
    )


def test_no_question(shop: Project) -> None:
    assert "wants a module" in one_trouble(shop.call("explain"))
    assert "one question" in one_trouble(shop.call("explain", "--most-rechecked", "--slowest"))


def test_slowest(shop: Project) -> None:
    shop.check(".")
    lines = explain(shop, "--slowest", "2", ".").splitlines()
    assert lines[0] == "seconds  component"
    assert len(lines) == 3
    listed = document(shop, "--slowest", ".")["slowest"]
    assert len(listed) > 2
    seconds = [entry["seconds"] for entry in listed]
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[0] > 0


def test_most_rechecked(shop: Project) -> None:
    assert "no run is remembered" in one_trouble(shop.call("explain", "--most-rechecked"))
    shop.check(".")
    for number in "23":
        (shop.folder / "tool.py").write_text(f"x: int = {number}\n", encoding="utf-8")
        shop.check(".")
    first, second = document(shop, "--most-rechecked=2", ".")["most_rechecked"]
    assert (first["modules"], first["checks"]) == (["tool"], 3)
    assert second["checks"] == 1
    assert "      3  tool\n" in explain(shop, "--most-rechecked", ".")


def test_dry_run_has_the_reasons(shop: Project) -> None:
    shop.check(".")
    edit(shop, "shop/price.py", "-> int:", "-> object:")
    planned = shop.check("--dry-run", ".").answer.stdout
    assert re.search(r"^  shop\.price: its source changed: [0-9a-f]{16} -> [0-9a-f]{16}$", planned, re.MULTILINE)
    assert re.search(
        r"unless the interface of shop\.price stays what it was, imported in tool\.py:1; "
        r"in shop\.price, its source changed",
        planned,
    )


def test_dry_run_of_nothing_makes_no_plan(shop: Project) -> None:
    """What the last run said still holds; the counts are those of a plan that is made."""
    shop.check(".")
    kept = shop.folder / ".typewave_cache"
    edit(shop, "shop/price.py", "-> int:", "-> int:  # euros")
    (kept / "graph").write_bytes(b"damaged")
    repeated = shop.check("--dry-run", ".")
    assert (kept / "graph").read_bytes() == b"damaged"
    (kept / "last-run").unlink()
    made = shop.check("--dry-run", ".")
    assert repeated.answer.status == made.answer.status == 0
    assert repeated.answer.stdout == made.answer.stdout
    assert re.fullmatch(r"0 of \d+ components would be checked\n", repeated.answer.stdout)
    for count in ("modules", "components"):
        assert repeated.summary[count] == made.summary[count]


def test_dry_run_says_the_same_of_a_graph_that_is_known(shop: Project) -> None:
    """With the graph of the last run, and after it was forgotten."""
    shop.check(".")

    def planned() -> str:
        told = shop.check("--dry-run", ".").answer
        assert told.status == 0, told
        return told.stdout

    def planned_anew() -> str:
        kept = shop.folder / ".typewave_cache"
        remembered = {kept / name: (kept / name).read_bytes() for name in ("graph", "last-run")}
        for path in remembered:
            path.unlink()
        anew = planned()
        for path, content in remembered.items():
            path.write_bytes(content)
        return anew

    nothing = planned()
    assert nothing == planned_anew()
    edit(shop, "shop/price.py", "-> int:", "-> object:")
    body = planned()
    assert body == planned_anew()
    assert body != nothing
    edit(shop, "shop/price.py", "-> object:", "-> float:")
    edit(shop, "tool.py", "(1)", "(2)")
    two = planned()
    assert two == planned_anew()
    edit(shop, "tool.py", "import", "import json\nimport")
    imports = planned()
    assert imports == planned_anew()
    assert imports != two
    shop.same(".")


def test_what_is_remembered_is_small_and_may_be_damaged(shop: Project) -> None:
    shop.check(".")
    (history,) = (shop.folder / ".typewave_cache").glob("*.history")
    assert history.stat().st_size < 200_000
    history.write_bytes(history.read_bytes()[:1000])
    assert "no run here is remembered" in explain(shop, "tool", ".")
    edit(shop, "tool.py", "(1)", "(2)")
    shop.same(".")
    assert "last time: checked" in explain(shop, "tool", ".")
