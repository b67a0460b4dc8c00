"""typewave's own options, and those that are mypy's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from support.answers import difference
from support.project import UNPRIVILEGED, Project, files_below, one_trouble, own_lines
from support.trace import Outcomes, outcomes_in


@pytest.mark.parametrize("words", [["-j2"], ["-j", "2"], ["-n2"], ["-n", "2"], ["--jobs=2"], ["--num-workers", "2"]])
def test_number_of_workers(shop: Project, words: list[str]) -> None:
    checked = shop.check(*words, ".")
    assert not difference(shop.cold("."), checked.answer)
    assert checked.summary["workers"] == 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--jobs=0"], "jobs"),
        (["-jmany"], "jobs"),
        (["-n", "-1"], "jobs"),
        (["--color=blue"], "--color"),
        (["--fallback=full"], "--fallback full does not say since when"),
        (["--jobs"], "--jobs needs a value"),
        (["--summary-json"], "--summary-json needs a value"),
    ],
)
def test_bad_value(shop: Project, words: list[str], named: str) -> None:
    answer = shop.call("check", ".", *words)
    assert named in one_trouble(answer)
    assert answer.stdout == ""
    assert len(own_lines(answer.stderr)) == len(answer.stderr.splitlines()) == 2  # the error and a hint


def test_all_after_two_dashes_is_mypys(project: Project) -> None:
    project.write({"-j.py": "x: int = ''\n"})
    checked = project.same("--", "-j.py")
    assert checked.answer.status == 1


def test_target_named_as_a_command(project: Project) -> None:
    project.write({"graph/a.py": "x: int = ''\n", "check/b.py": "y: int = ''\n"})
    assert "graph/a.py" in project.same("graph").answer.stdout
    assert "check/b.py" in project.same("check").answer.stdout


def test_verbose_is_mypys(shop: Project) -> None:
    assert "LOG: " in shop.check("-v", "tool.py").answer.stderr


def test_no_incremental_keeps_nothing(shop: Project) -> None:
    for words in (["--no-incremental"], ["--no-store"]):
        checked = shop.check(*words, ".")
        assert not difference(shop.cold("."), checked.answer)
        assert checked.summary["reused"] == 0
        assert list(files_below(shop.store)) == []


@pytest.mark.parametrize(
    "option",
    ["--cache-dir=cache", "--sqlite-cache", "--no-sqlite-cache", "--skip-version-check", "--skip-cache-mtime-checks"],
)
def test_options_of_mypys_cache_have_no_effect(shop: Project, option: str) -> None:
    checked = shop.check(option, ".")
    assert not difference(shop.cold("."), checked.answer)
    assert checked.summary["checked"] > 0
    assert not (shop.folder / "cache").exists()
    assert not (shop.folder / ".mypy_cache").exists()


def test_statistics(shop: Project) -> None:
    checked = shop.check("--stats", ".")
    for word in ("modules", "components", "store", "workers", "time"):
        assert re.search(rf"^{word} +\d", checked.answer.stderr, re.MULTILINE), checked.answer.stderr
    assert checked.answer.stdout == shop.check(".").answer.stdout


def test_trace(shop: Project) -> None:
    trace = shop.root / "trace.json"
    shop.check(f"--trace={trace}", "-j1", ".")
    events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    spans = [event for event in events if event["ph"] == "X"]
    assert {"shop.price", "tool"} <= {span["name"] for span in spans}
    assert all(span["dur"] >= 0 and span["ts"] >= 0 for span in spans)
    ends = 0
    for span in spans:  # of one worker: they do not overlap
        assert span["ts"] >= ends
        ends = span["ts"] + span["dur"]


def test_trace_tells_what_a_check_gave(shop: Project) -> None:
    """A change that dependents cannot see changes no interface; one line more moves the diagnostics below it."""

    def outcome() -> Outcomes:
        trace = shop.root / "trace.json"
        shop.check(f"--trace={trace}", "--no-store", ".")
        return outcomes_in(trace)

    before = outcome()
    source = shop.folder / "shop" / "price.py"
    source.write_text("# A comment.\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    after = outcome()
    assert after.keys() == before.keys()
    assert {name for name in before if before[name] != after[name]} <= {"shop.price"}
    assert before["shop.price"][0] == after["shop.price"][0]


@pytest.mark.parametrize("option", ["--trace", "--summary-json"])
def test_report_that_cannot_be_written(shop: Project, option: str) -> None:
    own = [f"--python={shop.python}", f"--store={shop.store}"]
    answer = shop.call("check", *own, f"{option}=/nonexistent/file", ".")
    assert "Found 2 errors" in answer.stdout
    assert "cannot write /nonexistent/file" in one_trouble(answer)


def test_dry_run(shop: Project) -> None:
    before = list(files_below(shop.root))
    planned = shop.call("check", f"--python={shop.python}", f"--store={shop.store}", "--dry-run", ".")
    assert (planned.status, planned.stderr) == (0, "")
    assert "wave 0\n" in planned.stdout
    assert "shop.order and 1 more in its cycle" in planned.stdout or "shop.customer and 1 more" in planned.stdout
    assert re.search(r"^(\d+) of \1 components would be checked$", planned.stdout, re.MULTILINE)
    after = [name for name in files_below(shop.root) if not name.startswith("project/.typewave_cache/")]
    assert after == before

    shop.check(".")
    assert "\n0 of " in "\n" + shop.check("--dry-run", ".").answer.stdout
    shop.write({"tool.py": "x: int = ''\n"})
    planned = shop.check("--dry-run", ".").answer
    assert "tool: its source changed: " in planned.stdout
    assert "\n1 of " in planned.stdout


def test_dry_run_of_what_mypy_runs_itself(shop: Project) -> None:
    planned = shop.check("--dry-run", "-v", ".").answer
    assert planned.status == 0
    assert "LOG: " not in planned.stderr


def test_colours(shop: Project) -> None:
    plain = shop.check("--color=never", ".").answer.stdout
    assert "\x1b" not in plain
    assert shop.check(".").answer.stdout == plain
    coloured = shop.check("--color=always", ".").answer.stdout
    assert "\x1b[" in coloured
    shop.variables = {"MYPY_FORCE_COLOR": "1", "TERM": "xterm-256color"}
    assert not difference(shop.cold("."), shop.check(".").answer)
    assert "\x1b[" in shop.check(".").answer.stdout
    assert shop.check("--color", "never", ".").answer.stdout == plain
    shop.variables = {"NO_COLOR": "1", "TERM": "xterm-256color"}
    assert shop.check(".").answer.stdout == plain


def test_version(shop: Project) -> None:
    shop.variables = {"VIRTUAL_ENV": str(shop.python.parent.parent)}
    answer = shop.call("--version")
    assert re.fullmatch(r"typewave \d+\.\d+\.\d+\S*\nmypy 2\.4\.\d+ \(.*python\)\n", answer.stdout)
    assert (answer.status, answer.stderr) == (0, "")


def test_version_without_mypy(shop: Project) -> None:
    shop.variables = {"PATH": "/nonexistent"}
    answer = shop.call("--version")
    assert re.fullmatch(r"typewave \d+\.\d+\.\d+\S*\nmypy: none found\n", answer.stdout)
    assert (answer.status, answer.stderr) == (0, "")


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["check", "-h"], ["graph", "--help"]])
def test_help(shop: Project, words: list[str]) -> None:
    answer = shop.call(*words)
    assert (answer.status, answer.stderr) == (0, "")
    assert "mypy" in answer.stdout
    if words[0] == "check":
        options = "--jobs --store --no-store --python --stats --summary-json --trace --dry-run --color"
        for option in options.split():
            assert option in answer.stdout


@pytest.mark.parametrize("word", ["chekc", "--jobs=2", ".", ""])
def test_unknown_command(shop: Project, word: str) -> None:
    answer = shop.call(word)
    assert "unknown command" in one_trouble(answer)
    assert "the commands are check" in answer.stderr


def test_no_command(shop: Project) -> None:
    answer = shop.call()
    assert answer.status == 2
    assert "Usage: typewave COMMAND" in answer.stderr


SHAPE = {
    "format": int,
    "mypy": str,
    "exit": int,
    "modules": {"own": int, "followed": int},
    "components": int,
    "waves": int,
    "reused": int,
    "checked": int,
    "failed": int,
    "checked_modules": list,
    "store": {"hits": int, "misses": int, "corrupt": int},
    "scan": {"mismatches": int},
    "workers": int,
    "seconds": {"total": float, "probe": float, "scan": float, "plan": float, "check": float},
}


def has_shape(value: object, shape: object) -> bool:
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and value.keys() == shape.keys()
            and all(has_shape(value[name], shape[name]) for name in shape)
        )
    return isinstance(value, (int, float) if shape is float else shape)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "words", "status"),
    [
        ({"a.py": "x = 1\n"}, ["."], 0),
        ({"a.py": "x: int = ''\n"}, ["."], 1),
        ({"a.py": "x: int = (\n"}, ["."], 2),
        ({"a.py": ""}, ["--no-such-option", "."], 2),
        ({"a.py": ""}, ["gone.py"], 2),
        ({"a.py": ""}, [], 2),
        ({"a.py": ""}, ["--version"], 0),
        ({"a.py": ""}, ["--python=/nonexistent", "."], 2),
        ({"a.py": "x: int = ''\n"}, ["-v", "."], 1),
        ({"a.py": "x = 1\n"}, ["--dry-run", "."], 0),
    ],
)
def test_summary_on_every_exit(project: Project, files: dict[str, str], words: list[str], status: int) -> None:
    project.write(files)
    checked = project.check(*words)
    assert checked.answer.status == status
    assert has_shape(checked.summary, SHAPE), checked.summary
    assert (checked.summary["format"], checked.summary["exit"]) == (1, status)


@pytest.mark.parametrize("words", [["--jobs=0"], ["--color", "blue"], ["--trace"]])
def test_summary_of_malformed_options(shop: Project, words: list[str]) -> None:
    checked = shop.check(".", *words)
    assert checked.answer.status == 2
    assert has_shape(checked.summary, SHAPE), checked.summary
    assert checked.summary["exit"] == 2


def test_summary_counts(shop: Project) -> None:
    first = shop.check(".").summary
    assert first["mypy"] == "2.4.1"
    assert first["modules"]["own"] == 5
    assert first["checked"] == first["components"] and first["reused"] == 0
    assert {"shop.price", "shop.order", "shop.customer", "shop", "tool"} <= set(first["checked_modules"])
    second = shop.check(".").summary
    assert (second["checked"], second["reused"], second["checked_modules"]) == (0, first["components"], [])
    assert second["workers"] == 0


def test_store_is_private(shop: Project) -> None:
    shop.check(".")
    assert shop.store.stat().st_mode & 0o777 == 0o700


def test_default_store(shop: Project) -> None:
    shop.call("check", f"--python={shop.python}", ".")
    assert list((shop.home / ".cache" / "typewave").rglob("*.pack"))
    shop.variables = {"XDG_CACHE_HOME": str(shop.root / "caches")}
    shop.call("check", f"--python={shop.python}", ".")
    assert list((shop.root / "caches" / "typewave").rglob("*.pack"))


def test_state_directory_is_invisible_to_others(shop: Project) -> None:
    shop.check(".")
    state = shop.folder / ".typewave_cache"
    assert (state / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == "*"
    assert (
        (state / "CACHEDIR.TAG").read_text(encoding="utf-8").startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_unwritable_checkout(shop: Project) -> None:
    shop.prefix = UNPRIVILEGED
    shop.folder.chmod(0o555)
    try:
        first = shop.check(".").answer
        assert not difference(shop.cold("."), first)
        again = shop.check(".")
        assert (again.answer, again.summary["checked"]) == (first, 0)
    finally:
        shop.folder.chmod(0o755)


def test_home_is_not_set(shop: Project) -> None:
    command = ["env", "-u", "HOME", *shop.prefix]
    shop.prefix = tuple(command)
    answer = shop.call("check", f"--python={shop.python}", ".")
    assert not difference(shop.cold("."), answer)
    assert "no place for a store" in own_lines(answer.stderr)[0]
    assert len(own_lines(answer.stderr)) == 1
    assert not Path(shop.folder / "typewave").exists()
