"""Each option of mypy, for real: the answer with it is cold mypy's, and taking it away again costs nothing."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import mypy
import pytest
from mypy.main import define_options
from mypy.options import PER_MODULE_OPTIONS, Options
from typewave_worker.option_table import ATTRIBUTES, EFFECTS, Effect

from options.sample import SAMPLE, VALUES
from support.oracle import run
from support.project import Project, files_below

TYPESHED = str(Path(mypy.__file__).parent / "typeshed")
# typewave's options of the same name come first
OWN = {"-n", "--num-workers", "-h", "--help", "--stats", "--no-incremental"}
ALONE = {"special-opts:modules", "special-opts:packages", "special-opts:command"}  # no target beside them


def values_of(action: argparse.Action) -> list[str]:
    return ["reports"] if action.dest.endswith("_report") else VALUES[action.dest]


def command_line(effects: set[Effect]) -> Iterator[list[str]]:
    """Every option, with its value, under each of its names."""
    parser, _, _ = define_options()
    for action in parser._actions:
        if EFFECTS[action.dest] not in effects:
            continue
        for name in action.option_strings:
            if name not in OWN:
                yield [name, *(values_of(action) if action.nargs != 0 else [])]


def other_value(name: str) -> str:
    """Not the default, as a configuration file has it."""
    if name in VALUES:
        return ", ".join(VALUES[name])
    default = getattr(Options(), name)
    return str(not default) if isinstance(default, bool) else "1"


def settings(effects: set[Effect]) -> Iterator[str]:
    """What only a configuration file can set, and every option a section can set."""
    parser, _, _ = define_options()
    named = {action.dest for action in parser._actions}
    for effect in sorted(effects, key=lambda effect: effect.name):
        for name in sorted(ATTRIBUTES.get(effect, ())):
            if name not in named and isinstance(getattr(Options(), name), bool):
                yield f"[mypy]\n{name} = {other_value(name)}\n"
    for name in sorted(PER_MODULE_OPTIONS):
        if EFFECTS[name] in effects and name not in ("enabled_error_codes", "disabled_error_codes"):
            yield f"[mypy]\n[mypy-shapes]\n{name} = {other_value(name)}\n"


@pytest.fixture(scope="session")
def checked_sample(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The sample, with a store that has the results of a check without any option."""
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("options"))
    project.write(SAMPLE)
    project.variables = {"MYPYPATH": "stubs"}
    (project.root / "settings.ini").write_text("[mypy]\nwarn_unused_ignores = True\n", encoding="utf-8")
    assert project.same(".").answer.status == 1
    return project


@pytest.fixture
def sample(checked_sample: Project) -> Iterator[Project]:
    yield checked_sample
    (checked_sample.folder / "mypy.ini").unlink(missing_ok=True)


def filled(words: list[str], project: Project) -> list[str]:
    return [word.format(python=project.python, typeshed=TYPESHED) for word in words]


def dest_of(name: str) -> str:
    parser, _, _ = define_options()
    return next(action.dest for action in parser._actions if name in action.option_strings)


def assert_reused_after(project: Project, *words: str) -> set[str]:
    """The answer is cold mypy's, is found again, and so is the answer without the option; gives what was checked."""
    first = project.same(*words)
    assert project.same(*words).summary["checked"] == 0
    (project.folder / "mypy.ini").unlink(missing_ok=True)
    assert project.same(".").summary["checked"] == 0
    return set(first.summary["checked_modules"])


SPLIT = {Effect.KEY, Effect.PRINTING, Effect.SELECTION, Effect.ENVIRONMENT, Effect.NONE}
# Some of each kind, and which modules of the sample they make typewave check.
QUICK = [
    (["--strict", "--disable-error-code=type-arg"], {"shapes", "user"}),
    (["--python-version=3.13", "--platform=darwin", "--always-true=FLAG"], {"shapes", "user"}),
    (["--pretty", "--show-error-context", "--show-error-end", "--show-absolute-path", "--show-traceback"], set()),
    (["--no-error-summary", "-O", "json", "--cache-dir=../cache", "--sqlite-cache", "--debug-cache"], set()),
    (["--exclude=ns", "--exclude-gitignore", "--no-site-packages"], set()),
]  # fmt: skip


@pytest.mark.parametrize(("words", "modules"), QUICK, ids=lambda words: "+".join(sorted(words)) or "nothing")
def test_a_few_options(sample: Project, words: list[str], modules: set[str]) -> None:
    assert assert_reused_after(sample, *words, ".") & {"shapes", "user"} == modules


@pytest.mark.slow
@pytest.mark.parametrize("words", list(command_line(SPLIT)), ids=lambda words: words[0])
def test_every_option(sample: Project, words: list[str]) -> None:
    filled = [word.format(python=sample.python, typeshed=TYPESHED) for word in words]
    checked = assert_reused_after(sample, *filled, *([] if dest_of(words[0]) in ALONE else ["."]))
    if EFFECTS[dest_of(words[0])] in (Effect.PRINTING, Effect.NONE):
        assert not checked


@pytest.mark.slow
@pytest.mark.parametrize("config", list(settings(SPLIT)), ids=lambda config: re.sub(r"\s+", " ", config))
def test_every_setting(sample: Project, config: str) -> None:
    sample.write({"mypy.ini": config})
    assert_reused_after(sample, ".")


def made_by_mypy(project: Project) -> set[str]:
    return {name for name in files_below(project.folder) if not name.startswith(".typewave_cache/")} - set(SAMPLE)


def remove_what_was_made(project: Project) -> None:
    for name in made_by_mypy(project):
        (project.folder / name).unlink()


def last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""


def assert_delegated(project: Project, *words: str) -> None:
    packs = project.packs()
    checked = project.check(*words)
    note = f"typewave: note: {words[0].partition('=')[0]}: mypy itself runs, nothing is reused or kept"
    assert note in checked.answer.stderr.splitlines(), checked.answer.stderr
    assert checked.summary["checked"] == checked.summary["reused"] == 0
    assert len(project.packs()) <= len(packs) + 1  # what the probe was answered
    made = made_by_mypy(project)
    remove_what_was_made(project)
    command = [str(project.python.parent / "mypy"), *words]
    expected = run(command, project.folder, {**project.environment(), "PYTHONHASHSEED": "0"})
    assert checked.answer.status == expected.status
    if "stats" not in words[0]:
        assert last_line(checked.answer.stdout) == last_line(expected.stdout)
    assert made == made_by_mypy(project)
    remove_what_was_made(project)


@pytest.mark.parametrize(
    "words", [["--linecount-report=report"], ["--find-occurrences", "Base.side"]], ids=lambda words: words[0]
)
def test_a_few_delegated_options(sample: Project, words: list[str]) -> None:
    assert_delegated(sample, *words, ".")


@pytest.mark.slow
@pytest.mark.parametrize("words", list(command_line({Effect.DELEGATED})), ids=lambda words: words[0])
def test_every_delegated_option(sample: Project, words: list[str]) -> None:
    parser, _, _ = define_options()
    dest = dest_of(words[0])
    if dest == "version":
        return  # mypy prints it and stops: tests/command
    if vars(parser.parse_args(words))[dest] == parser.get_default(dest):
        assert_reused_after(sample, *words, ".")  # takes another option back
    else:
        assert_delegated(sample, *words, ".")
