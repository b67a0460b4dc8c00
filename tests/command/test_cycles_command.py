"""`typewave cycles` and `typewave waves`: what they tell, that a cut is one, and the ratchet."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from command.test_graph_command import LAYERED, own, validated
from support.import_cutter import cut_imports
from support.project import Project, one_trouble


def cycles(project: Project, *arguments: str) -> Any:
    answer = project.call("cycles", *own(project), "--json", *arguments, ".")
    assert (answer.status, answer.stderr) == (0, ""), answer
    return validated(answer.stdout, "cycles")["cycles"]


def test_cut_with_file_and_line(project: Project) -> None:
    project.write(LAYERED)
    answer = project.call("cycles", *own(project), ".")
    assert answer.status == 0
    assert answer.stdout.startswith("1 import cycle, and ")
    assert (
        "import cycle of 3 modules\n"
        "  app.core.engine, app.core.wheel, app.main\n"
        "  an edit of one has all of them checked, and may have 1 module checked that import them\n"
    ) in answer.stdout
    assert (
        "  to break it, remove 2 imports (1 for type checkers only, 1 inside of functions, 0 at run time):\n"
    ) in answer.stdout
    assert "    app/core/engine.py:4: app.core.wheel, for type checkers only: leaves " in answer.stdout
    assert "    app/core/wheel.py:5: app.main, inside of a function: leaves " in answer.stdout
    (told,) = cycles(project)
    assert told["modules"] and told["size"] == 3
    assert told["left_after_cut"] == 1
    assert told["seconds"] is None
    assert {(cut["path"], cut["line"], cut["use"]) for cut in told["cut"]} == {
        ("app/core/engine.py", 4, "type-checking"),
        ("app/core/wheel.py", 5, "function"),
    }


def test_measured_cycles_come_first(shop: Project) -> None:
    shop.check(".")
    (told,) = cycles(shop)
    assert told["seconds"] > 0
    assert sorted(told["modules"]) == ["shop.customer", "shop.order"]
    assert told["checks"] == 1
    shop.write({"shop/customer.py": "from shop import order\n\norder.total([])\n"})
    (edited,) = cycles(shop)  # no result holds now, but the last check here was measured
    assert (edited["seconds"], edited["checks"]) == (told["seconds"], 1)
    everything = cycles(shop, "--all")
    assert len(everything) > 1
    seconds = [cycle["seconds"] for cycle in everything]
    assert seconds == sorted(seconds, reverse=True)
    assert all(cycle["cut"] == [] for cycle in everything if not cycle["own"])


def random_package(seed: int) -> dict[str, str]:
    """Modules that import each other in every way there is."""
    chosen = random.Random(seed)
    names = [f"p.m{i}" for i in range(12)] + ["p.q.__init__", *(f"p.q.n{i}" for i in range(6))]
    files = {"p/__init__.py": ""}
    for name in names:
        here = name.removesuffix(".__init__")
        lines = ["from typing import TYPE_CHECKING"]
        for target in chosen.sample(names, 3):
            target = target.removesuffix(".__init__")
            if target == here:
                continue
            above, _, last = target.rpartition(".")
            statement = chosen.choice(
                [f"import {target}", f"from {above} import (\n    {last},\n)", f"from {above} import {last} as x"]
            )
            place = chosen.choice(["plain", "types", "function"])
            inside = statement.replace("\n", "\n    ")
            if place == "plain":
                lines.append(statement)
            elif place == "types":
                lines.append(f"if TYPE_CHECKING:\n    {inside}")
            else:
                lines.append(f"def f{len(lines)}() -> None:\n    {inside}")
        files[name.replace(".", "/") + ".py"] = "\n".join(lines) + "\n"
    return files


@pytest.mark.parametrize("seed", range(6))
def test_cut_that_is_applied_splits_the_cycle(project: Project, seed: int) -> None:
    project.write(random_package(seed))
    before = cycles(project)
    assert before
    largest = before[0]
    half = largest["cut"][: len(largest["cut"]) // 2]
    originals = {path: path.read_text(encoding="utf-8") for path in project.folder.rglob("*.py")}
    cut_imports(project.folder, half)
    left = half[-1]["left"] if half else largest["size"]
    among = set(largest["modules"])
    after_half = [cycle for cycle in cycles(project) if among & set(cycle["modules"])]
    # A statement may lead to more than one module, so there may be even less.
    assert max((cycle["size"] for cycle in after_half), default=1) <= left
    for path, text in originals.items():
        path.write_text(text, encoding="utf-8")
    cut_imports(project.folder, [cut for cycle in before for cut in cycle["cut"]])
    assert cycles(project) == []


def ratchet(project: Project, *arguments: str) -> tuple[int, str, str]:
    file = project.root / "known.json"
    answer = project.call("cycles", *own(project), f"--fail-on-new={file}", *arguments, ".")
    return answer.status, answer.stdout, answer.stderr


def test_ratchet(shop: Project) -> None:
    file = shop.root / "known.json"
    assert "cannot read" in one_trouble(shop.call("cycles", *own(shop), f"--fail-on-new={file}", "."))
    assert ratchet(shop, "--update")[0] == 0
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "format": 1,
        "cycles": [["shop.customer", "shop.order"]],
    }
    status, printed, told = ratchet(shop)
    assert (status, printed) == (0, "")
    assert "no import cycle is new, 1 is known" in told

    shop.write({"shop/price.py": "from shop import order\n\ndef price(name: str) -> int:\n    return len(name)\n"})
    status, printed, told = ratchet(shop)
    assert status == 1
    assert "note: 1 import cycle is new or has grown since " in told
    assert printed.startswith("an import cycle has grown by 1 module\n  shop.price\nimport cycle of 3 modules\n")
    assert "shop/order.py:2: shop.price: leaves 2 of 3" in printed
    news = shop.call("cycles", *own(shop), f"--fail-on-new={file}", "--json", ".")
    assert validated(news.stdout, "cycles")["new"] == [{"cycle": 0, "grown": True, "joined": ["shop.price"]}]

    shop.write({"shop/price.py": LAYERED["tool.py"].replace("app.main", "tool"), "tool.py": "import shop.price\n"})
    status, printed, told = ratchet(shop)
    assert status == 1
    assert printed.startswith("a new import cycle: 2 modules\n  shop.price, tool\n")
    assert ratchet(shop, "--update")[0] == 0
    assert ratchet(shop)[0] == 0

    shop.write({"shop/customer.py": "", "tool.py": ""})
    status, printed, told = ratchet(shop)
    assert status == 0
    assert "2 have shrunk or are gone" in told


@pytest.mark.parametrize("content", ["", "[]", '{"format": 9, "cycles": []}', '{"format": 1, "cycles": 3}'])
def test_ratchet_file_that_is_none(shop: Project, content: str) -> None:
    file = shop.root / "known.json"
    file.write_text(content, encoding="utf-8")
    answer = shop.call("cycles", *own(shop), f"--fail-on-new={file}", ".")
    assert "cannot use" in one_trouble(answer)


@pytest.mark.parametrize("cuts", ["-1", "many"])
def test_number_of_cuts_that_is_none(shop: Project, cuts: str) -> None:
    assert "--cuts" in one_trouble(shop.call("cycles", *own(shop), "--cuts", cuts, "."))


def test_update_without_file(shop: Project) -> None:
    assert "--update" in one_trouble(shop.call("cycles", *own(shop), "--update", "."))


def test_names_of_cycles_are_text(project: Project) -> None:
    odd = 'we"ird\x1b[31m\nname'
    project.write({f"{odd}.py": "import good\n", "good.py": ""})
    answer = project.call("cycles", *own(project), "--all", f"{odd}.py", "good.py")
    assert answer.status == 0
    assert "\x1b" not in answer.stdout
    answer = project.call("waves", *own(project), f"{odd}.py", "good.py")
    assert answer.status == 0
    assert "\x1b" not in answer.stdout


def test_waves(shop: Project) -> None:
    answer = shop.call("waves", *own(shop), ".")
    assert answer.status == 0
    assert "nothing is measured yet" in answer.stdout
    unmeasured = validated(shop.call("waves", *own(shop), "--json", ".").stdout, "waves")
    assert unmeasured["unit"] == "bytes"
    shop.check(".")
    told = validated(shop.call("waves", *own(shop), "--json", ".").stdout, "waves")
    assert told["unit"] == "seconds"
    assert told["measured"] == told["components"]
    assert sum(wave["components"] for wave in told["waves"]) == told["components"]
    assert sum(wave["modules"] for wave in told["waves"]) == told["modules"]
    assert sum(wave["work"] for wave in told["waves"]) == pytest.approx(told["work"])
    path = told["critical_path"]
    assert sum(one["work"] for one in path["components"]) == pytest.approx(path["work"])
    for speed in told["speed"]:
        share = told["work"] / speed["processors"] if speed["processors"] else 0
        assert speed["time_at_least"] == pytest.approx(max(path["work"], share))
        assert speed["speed_at_most"] == pytest.approx(told["work"] / speed["time_at_least"])
        assert speed["limit"] >= speed["speed_at_most"] - 1e-9
    text = shop.call("waves", *own(shop), ".").stdout
    assert f"critical path: {len(path['components'])} components" in text
