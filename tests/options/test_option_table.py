"""The worker's table of options names every option of mypy, and none that mypy lacks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from mypy.config_parser import ini_config_types, toml_config_types
from mypy.defaults import REPORTER_NAMES
from mypy.main import define_options
from mypy.options import PER_MODULE_OPTIONS, Options
from typewave_worker import option_table
from typewave_worker.arguments import process_arguments
from typewave_worker.option_table import ATTRIBUTES, DESTINATIONS, EFFECTS, Effect, key_options, whole_run_option

from options.mypy_options import FILE as COMPLETED_FILE
from options.mypy_options import options_text
from options.option_reference import FILE, reference


def test_attributes() -> None:
    assert {name for names in ATTRIBUTES.values() for name in names} == set(Options().snapshot())


def test_command_line() -> None:
    parser, _, _ = define_options()
    others = {action.dest for action in parser._actions} - set(Options().snapshot())
    assert {name for names in DESTINATIONS.values() for name in names} == others


def test_nothing_is_named_twice() -> None:
    names = Counter(name for table in (ATTRIBUTES, DESTINATIONS) for names in table.values() for name in names)
    assert [name for name, count in names.items() if count > 1] == []
    for names_of_effect in (*ATTRIBUTES.values(), *DESTINATIONS.values()):
        assert list(names_of_effect) == sorted(names_of_effect)


def test_settings_of_the_configuration() -> None:
    assert {*ini_config_types, *toml_config_types} - set(EFFECTS) == {"strict"}
    assert "special-opts:strict" in EFFECTS
    reports = {f"special-opts:{name}_report" for name in REPORTER_NAMES if name != "memory-xml"}
    assert reports == {name for name in EFFECTS if name.endswith("_report")}


def test_what_sections_set_is_known() -> None:
    assert {EFFECTS[name] for name in PER_MODULE_OPTIONS - {"mypyc", "debug_cache"}} == {Effect.KEY}


def test_reference_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == reference(), f"run {Path(__file__).parent / 'option_reference.py'}"


def processed(*argv: str) -> tuple[Options, list[str]]:
    return process_arguments([*argv, "a.py"]).options, [*argv, "a.py"]


def test_unknown_attribute_is_part_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    options, _ = processed("--pretty", "--strict-equality")
    assert "strict_equality" in key_options(options)
    assert "pretty" not in key_options(options)
    monkeypatch.delitem(EFFECTS, "pretty")
    assert key_options(options)["pretty"] is True


def test_unknown_option_is_delegated(monkeypatch: pytest.MonkeyPatch) -> None:
    options, argv = processed("--no-site-packages")
    assert whole_run_option(options, argv) is None
    monkeypatch.delitem(option_table.EFFECTS, "special-opts:no_executable")
    assert whole_run_option(options, argv) == "--no-site-packages"


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        ([], None),
        (["--strict", "--pretty", "--no-install-types", "--native-parser"], None),
        (["-v"], "-v"),
        (["-vv"], "-v"),
        (["--verbose"], "--verbose"),
        (["--dump-graph"], "--dump-graph"),
        (["--dump-g"], "--dump-g"),
        (["--html-report=x"], "--html-report"),
        (["--any-exprs-report", "x"], "--any-exprs-report"),
        (["--find-occurrences", "A.b"], "--find-occurrences"),
        (["--inferstats"], "--inferstats"),
        (["--no-native-parser"], "--no-native-parser"),
        (["--soft-error-limit=3"], "--soft-error-limit"),
        (["-afile"], "-a"),
        (["--junit-xml", "x"], "--junit-xml"),
        (["--shadow-file", "a.py", "b.py"], "--shadow-file"),
        (["--allow-redefinition", "--allow-redefinition-old"], "--allow-redefinition"),
    ],
)
def test_what_is_delegated_is_named_as_written(
    argv: list[str], name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options, words = processed(*argv)
    assert whole_run_option(options, words) == name


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("[mypy]\nverbosity = 1\n", "verbosity in mypy.ini"),
        ("[mypy]\nhtml_report = x\n", "html_report in mypy.ini"),
        ("[mypy]\nfine_grained_incremental = True\n", "fine_grained_incremental in mypy.ini"),
        ("[mypy]\n[mypy-a.*]\nmypyc = True\n", "mypyc for a.* in mypy.ini"),
        ("[mypy]\nverbosity = 0\n[mypy-a.*]\nmypyc = False\n", None),
    ],
)
def test_settings_that_are_delegated(
    config: str, name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mypy.ini").write_text(config, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    options, words = processed()
    assert whole_run_option(options, words) == name


def test_options_for_completion_are_up_to_date() -> None:
    assert COMPLETED_FILE.read_text(encoding="utf-8") == options_text()
