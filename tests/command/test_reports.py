"""`typewave check --report`: each format read by a program that others read it with, and compared with mypy's own."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import junitparser
import pytest
from actions_toolkit.command import Command
from mypy.errorcodes import error_codes
from mypy_gitlab_code_quality import generate_report
from sarif_pydantic import Sarif

from support.project import Project, one_trouble, own_lines

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "checkstyle")
CODE_PAGES = "https://mypy.readthedocs.io/en/stable/"

# What messages and paths may hold: markup of every format, control characters, text outside ASCII.
HOSTILE_MODULE = "odd %41 #;,'&<x>.py"
HOSTILE = {
    HOSTILE_MODULE: """\
from typing import Literal, overload
a: Literal["]]>&amp;<b>"] = "x"
b: Literal["\\x1b[31m::error::\\n\\t|`*_"] = "x"
c: Literal["ä😀\\ud800\\uffff"] = 1; d: int = "ä"
def call(first: int,
         second: int) -> None: ...
call(
  "one",
  2,
)
reveal_type(a)
@overload
def o(x: int) -> int: ...
@overload
def o(x: str) -> str: ...
def o(x: object) -> object: ...
o(b"", 1)
""",
    "plain.py": "x: int = ''\n",
}


def all_reports(project: Project) -> list[str]:
    return [f"--report={name}:{project.root}/report.{name}" for name in FORMATS]


def report(project: Project, name: str) -> str:
    return (project.root / f"report.{name}").read_text(encoding="utf-8")


def reports(project: Project) -> dict[str, bytes]:
    return {name: (project.root / f"report.{name}").read_bytes() for name in FORMATS}


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def cold_json(project: Project, *arguments: str) -> list[str]:
    """The lines of mypy --output json that are objects, file by file in the order of their names."""
    answer = project.cold_here("--output=json", *arguments)
    lines = [line for line in (answer.stdout + answer.stderr).splitlines() if line.startswith("{")]
    return sorted(lines, key=lambda line: json.loads(line)["file"].encode("utf-8", "surrogatepass"))


def parsed_sarif(project: Project) -> dict[str, Any]:
    text = report(project, "sarif")
    Sarif.model_validate_json(text)
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    (found,) = log["runs"]
    assert isinstance(found, dict)
    return found


def parsed_junit(project: Project) -> junitparser.JUnitXml:
    parsed = junitparser.JUnitXml.fromfile(str(project.root / "report.junit"))
    assert isinstance(parsed, junitparser.JUnitXml)
    return parsed


def parsed_checkstyle(project: Project) -> list[tuple[str, ElementTree.Element]]:
    root = ElementTree.parse(project.root / "report.checkstyle").getroot()
    assert root.tag == "checkstyle"
    return [(file.attrib["name"], error) for file in root.findall("file") for error in file.findall("error")]


def parsed_commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """As GitHub's runner reads workflow commands; written again by its toolkit they are the same."""

    def plain(escaped: str) -> str:
        for code, character in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            escaped = escaped.replace(code, character)
        return escaped

    for line in text.split("\n")[:-1]:
        assert line.startswith("::")
        head, message = line[2:].split("::", 1)
        kind, _, properties = head.partition(" ")
        values = {name: plain(value) for name, value in (one.split("=", 1) for one in properties.split(","))}
        message = message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert str(Command(kind, values, message)) == line
        yield kind, values, message


def messages_of(finding: dict[str, Any]) -> str:
    return "\n".join(text for text in (finding["message"], finding["hint"]) if text)


def shown(text: str) -> str:
    """As reports show text of unknown origin."""
    for character in {character for character in text if ord(character) < 0x20 and character not in "\n\t"}:
        text = text.replace(character, f"\\x{ord(character):02x}")
    return text


def check_all(project: Project, findings: list[dict[str, Any]]) -> None:
    """Every report has these findings, each in its own words."""
    errors = [finding for finding in findings if finding["severity"] == "error"]

    results = parsed_sarif(project)["results"]
    assert [result["message"]["text"] for result in results] == [shown(messages_of(one)) for one in findings]
    assert [result["level"] for result in results] == [one["severity"] for one in findings]
    for result, finding in zip(results, findings):
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == finding["file"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        if finding["line"] > 0:
            assert place["region"]["startLine"] == finding["line"]
            assert place["region"]["startColumn"] == finding["column"] + 1
    prints = [tuple(sorted(result["partialFingerprints"].items())) for result in results]
    assert len(set(prints)) == len(prints)

    junit = parsed_junit(project)
    failed = [
        case for suite in junit for case in suite if any(isinstance(one, junitparser.Failure) for one in case.result)
    ]
    assert [case.name for case in failed] == list(dict.fromkeys(one["file"] for one in errors))
    assert junit.failures == len(failed)
    written = "".join(one.text for suite in junit for case in suite for one in case.result if one.text)
    for finding in errors:
        code = f"  [{finding['code']}]" if finding["code"] else ""
        assert f": error: {shown(finding['message'])}{code}\n" in written
        assert all(f": note: {shown(line)}\n" in written for line in (finding["hint"] or "").splitlines())

    expected = generate_report([json.dumps({**one, "line": max(one["line"], 1)}) for one in findings])
    for issue, other, finding in zip(json.loads(report(project, "gitlab")), expected, findings, strict=True):
        assert issue["description"] == shown(other["description"])
        assert issue["check_name"] == (other["check_name"] or "mypy")
        assert issue["severity"] == other["severity"].value
        assert issue["location"] == other["location"], finding
    assert len({issue["fingerprint"] for issue in json.loads(report(project, "gitlab"))}) == len(findings)

    styled = parsed_checkstyle(project)
    assert [file for file, _ in styled] == [one["file"] for one in findings]
    assert [error.attrib["message"] for _, error in styled] == [shown(messages_of(one)) for one in findings]
    assert [error.attrib["line"] for _, error in styled] == [str(max(one["line"], 0)) for one in findings]

    commands = list(parsed_commands(report(project, "github")))
    assert [message for kind, _, message in commands if kind == "error"] == [
        shown(messages_of(one)) for one in errors[:10]
    ]
    assert [values["file"] for kind, values, _ in commands if kind == "error"] == [one["file"] for one in errors[:10]]


@pytest.fixture
def hostile(project: Project) -> Project:
    project.write(HOSTILE)
    return project


def test_all_reports_of_a_repository(project: Project) -> None:
    shutil.copytree(REPOSITORY / "testdata" / "shop", project.folder, dirs_exist_ok=True)
    plain = project.check()
    checked = project.check(*all_reports(project))
    assert checked.answer == plain.answer
    assert report(project, "text") == plain.answer.stdout
    assert report(project, "json").splitlines() == cold_json(project)
    check_all(project, json_lines(report(project, "json")))
    run_of = parsed_sarif(project)
    assert run_of["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    pages = {rule["id"]: rule["helpUri"] for rule in run_of["tool"]["driver"]["rules"]}
    assert pages["union-attr"] == f"{CODE_PAGES}error_code_list.html#code-union-attr"
    for result in run_of["results"]:
        assert run_of["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_the_same_run_gives_the_same_bytes(hostile: Project) -> None:
    hostile.check(*all_reports(hostile), ".")
    first = reports(hostile)
    again = hostile.check(*all_reports(hostile), ".")
    assert again.summary["checked"] == 0
    assert reports(hostile) == first
    hostile.check("--no-store", "-j1", *all_reports(hostile), ".")
    assert reports(hostile) == first


def test_text_of_unknown_origin_stays_text(hostile: Project) -> None:
    checked = hostile.check(*all_reports(hostile), ".")
    assert checked.answer.status == 1
    assert report(hostile, "json").splitlines() == cold_json(hostile, ".")
    findings = json_lines(report(hostile, "json"))
    assert {one["file"] for one in findings} == {HOSTILE_MODULE, "plain.py"}
    check_all(hostile, findings)
    for name in FORMATS[2:]:
        assert "\x1b" not in report(hostile, name)


def test_a_crash_of_mypy(project: Project) -> None:
    """mypy 2.4 cannot name a file whose name is no UTF-8."""
    name = os.fsdecode(b"bad\xff.py")
    (project.folder / name).write_text("x: int = ''\n", encoding="utf-8")
    checked = project.check(*all_reports(project), name)
    assert checked.answer.status == 2
    assert report(project, "json") == ""
    (notification,) = parsed_sarif(project)["invocations"][0]["toolExecutionNotifications"]
    assert "INTERNAL ERROR" in notification["message"]["text"]
    ((_, error),) = parsed_checkstyle(project)
    assert "INTERNAL ERROR" in error.attrib["message"]


def test_nothing_found(project: Project) -> None:
    project.write({"a.py": "x = 1\n"})
    checked = project.check(*all_reports(project), ".")
    assert checked.answer.status == 0
    assert report(project, "text") == checked.answer.stdout
    assert report(project, "json") == report(project, "github") == ""
    assert json.loads(report(project, "gitlab")) == []
    assert parsed_sarif(project)["results"] == []
    assert parsed_checkstyle(project) == []
    junit = parsed_junit(project)
    assert (junit.tests, junit.failures, junit.errors) == (1, 0, 0)


def test_a_blocking_error(project: Project) -> None:
    project.write({"a.py": "x = (\n", "b.py": "x: int = ''\n"})
    checked = project.check(*all_reports(project), ".")
    assert checked.answer.status == 2
    assert report(project, "text") == checked.answer.stdout
    assert report(project, "json").splitlines() == cold_json(project, ".")
    findings = json_lines(report(project, "json"))
    assert findings
    check_all(project, findings)
    assert parsed_sarif(project)["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]
    assert parsed_junit(project).errors == 1


def test_an_error_without_a_line(project: Project) -> None:
    project.write({"a.py": "", "d/a.py": ""})
    checked = project.check(*all_reports(project), "a.py", "d/a.py")
    assert checked.answer.status == 2
    findings = json_lines(report(project, "json"))
    assert [one["line"] for one in findings] == [-1]
    check_all(project, findings)


def test_a_check_that_never_began(project: Project) -> None:
    checked = project.check(*all_reports(project), "--no-such-option")
    assert checked.answer.status == 2
    assert report(project, "json") == ""
    (notification,) = parsed_sarif(project)["invocations"][0]["toolExecutionNotifications"]
    assert "unrecognized arguments: --no-such-option" in notification["message"]["text"]
    assert parsed_junit(project).errors == 1
    (command,) = parsed_commands(report(project, "github"))
    assert command[:2] == ("error", {"title": "typewave"})
    (issue,) = json.loads(report(project, "gitlab"))
    assert issue["severity"] == "blocker"
    ((_, error),) = parsed_checkstyle(project)
    assert "--no-such-option" in error.attrib["message"]


def test_where_mypy_itself_runs(hostile: Project) -> None:
    own = hostile.root / "own.xml"
    checked = hostile.check(*all_reports(hostile), f"--junit-xml={own}", ".")
    assert checked.answer.status == 1
    assert own_lines(checked.answer.stderr) == [
        "typewave: note: --junit-xml: mypy itself runs, nothing is reused or kept"
    ]
    assert report(hostile, "text") == checked.answer.stdout
    assert sorted(report(hostile, "json").splitlines()) == sorted(cold_json(hostile, "."))
    check_all(hostile, json_lines(report(hostile, "json")))
    assert "severity" not in own.read_text(encoding="utf-8")  # mypy's own report is of its text


def test_notes_are_lines_of_their_own_in_junit(project: Project) -> None:
    project.write(
        {
            "a.py": "class Base:\n    def f(self, x: int) -> int:\n        return x\n\n\n"
            "class Sub(Base):\n    def f(self, x: str) -> int:\n        return 1\n"
        }
    )
    project.check(*all_reports(project), ".")
    (text,) = [one.text for suite in parsed_junit(project) for case in suite for one in case.result]
    error, *notes = text.splitlines()
    assert error.startswith('a.py:7:17: error: Argument 1 of "f" is incompatible with supertype "Base"; ')
    assert error.endswith("  [override]")
    (finding,) = json_lines(report(project, "json"))
    assert finding["hint"] and notes == [f"a.py:7:17: note: {line}" for line in finding["hint"].splitlines()]


def test_json_has_what_the_run_was_asked_to_show(hostile: Project) -> None:
    arguments = ("--show-error-context", "--show-absolute-path", "--pretty", "--hide-error-codes", ".")
    hostile.check(*all_reports(hostile), *arguments)
    shown_json = report(hostile, "json").replace(str(hostile.folder), "<tree>")  # as in mypy's answer
    assert shown_json.splitlines() == cold_json(hostile, *arguments)
    assert "At top level" not in report(hostile, "sarif")
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in parsed_sarif(hostile)["results"]
    ]
    assert {unquote(uri["uri"]) for uri in uris} == {HOSTILE_MODULE, "plain.py"}


def test_fingerprints_survive_moved_lines(hostile: Project) -> None:
    def prints() -> list[Any]:
        hostile.check(*all_reports(hostile), ".")
        gitlab = [issue["fingerprint"] for issue in json.loads(report(hostile, "gitlab"))]
        return [gitlab, [result["partialFingerprints"] for result in parsed_sarif(hostile)["results"]]]

    before = prints()
    for name, text in HOSTILE.items():
        hostile.write({name: "\n# moved\n\n" + text})
    assert prints() == before


def test_standard_output_in_place_of_the_answer(hostile: Project) -> None:
    plain = hostile.check(".")
    for arguments in ((), ("--linecount-report=lines",)):
        checked = hostile.check("--report=json:-", *arguments, ".")
        assert checked.answer.status == 1
        assert sorted(checked.answer.stdout.splitlines()) == sorted(cold_json(hostile, "."))
    assert hostile.check("--report=text:-", ".").answer.stdout == plain.answer.stdout


def test_the_text_has_no_colours(hostile: Project) -> None:
    target = hostile.root / "report.txt"
    coloured = hostile.check("--color=always", f"--report={target}", ".")
    assert "\x1b[" in coloured.answer.stdout
    assert target.read_text(encoding="utf-8") == hostile.check("--color=never", ".").answer.stdout


def test_mistakes_are_refused(shop: Project) -> None:
    ambiguous = one_trouble(shop.check("--report=a.json", ".").answer)
    assert "may be json, sarif or gitlab" in ambiguous
    assert "unknown format sarf" in one_trouble(shop.check("--report=sarf:a.sarif", ".").answer)
    assert "another report goes there" in one_trouble(
        shop.check("--report=json:a.json", "--report", "sarif:a.json", ".").answer
    )
    assert shop.check("--report=json:a.json", "--dry-run", ".").answer.status == 2
    assert shop.check("--report=json:-", "--verify", ".").answer.status == 2
    assert not (shop.folder / "a.json").exists()


def test_a_report_that_cannot_be_written(shop: Project) -> None:
    plain = shop.check(".")
    for place in ("missing/folder/a.json", "."):
        checked = shop.check(f"--report=json:{place}", f"--report=sarif:{shop.root}/report.sarif", ".")
        assert checked.answer.stdout == plain.answer.stdout
        assert "cannot write" in one_trouble(checked.answer)
        assert checked.summary["exit"] == 2
        assert len(parsed_sarif(shop)["results"]) == 2


def test_a_report_appears_complete(shop: Project) -> None:
    folder = shop.root / "out"
    folder.mkdir()
    (folder / "old.json").write_text("old\n", encoding="utf-8")
    (folder / "old.json").chmod(0o640)
    (folder / "link.json").symlink_to("old.json")
    shop.check(f"--report=json:{folder}/link.json", f"--report=sarif:{folder}/new.sarif", ".")
    assert (folder / "link.json").is_symlink()
    assert len(json_lines((folder / "old.json").read_text(encoding="utf-8"))) == 2
    assert stat.S_IMODE((folder / "old.json").stat().st_mode) == 0o640
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((folder / "new.sarif").stat().st_mode) == 0o666 & ~mask
    assert sorted(path.name for path in folder.iterdir()) == ["link.json", "new.sarif", "old.json"]


def test_devices_and_pipes_are_written_to(shop: Project) -> None:
    assert shop.check("--report=json:/dev/null", ".").answer.status == 1
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    checked = shop.check("--report=json:/dev/stderr", ".")
    assert len(json_lines(checked.answer.stderr)) == 2
    assert "Found 2 errors" in checked.answer.stdout


def actions(project: Project, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**project.environment(), "GITHUB_ACTIONS": "true", **variables}
    return subprocess.run(
        [str(project.binary), "check", *project.own_arguments(), *arguments],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_annotations_on_github_actions(hostile: Project) -> None:
    plain = hostile.check(".")
    summary = hostile.root / "summary.md"
    summary.write_text("before", encoding="utf-8")
    done = actions(hostile, ".", GITHUB_STEP_SUMMARY=str(summary), GITHUB_WORKSPACE=str(hostile.root))
    assert done.stdout == plain.answer.stdout
    commands = list(parsed_commands(done.stderr))
    assert {values["file"] for _, values, _ in commands} == {f"project/{HOSTILE_MODULE}", "project/plain.py"}
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n### typewave: ")
    assert "| project/plain&#46;py | 1 | Incompatible types in assignment" in text
    assert "\x1b" not in text and "]]>" not in text and "<b>" not in text

    file = hostile.root / "commands"
    asked = actions(hostile, f"--report=github:{file}", ".")
    assert asked.stderr == ""
    assert list(parsed_commands(file.read_text(encoding="utf-8")))
    assert actions(hostile, "--dry-run", ".").stderr == ""


def test_annotations_keep_to_githubs_limits(project: Project) -> None:
    project.write({f"m{number:02}.py": "x: int = ''\nreveal_type(x)\n" for number in range(15)})
    summary = project.root / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 2000))
    done = actions(project, ".", GITHUB_STEP_SUMMARY=str(summary))
    kinds = [kind for kind, _, _ in parsed_commands(done.stderr)]
    assert (kinds.count("error"), kinds.count("notice")) == (10, 10)
    assert summary.stat().st_size <= 1024 * 1024
    assert "messages more\n" in summary.read_text(encoding="utf-8")
    done = actions(project, ".", GITHUB_STEP_SUMMARY=str(project.root / "no" / "summary.md"))
    assert done.returncode == 1
    assert "typewave: warning: cannot write" in done.stderr


def test_every_code_of_mypy_has_its_page(project: Project, typewave: Path) -> None:
    """By the pages of the installed version's documentation: optional codes have one of their own."""
    source = (REPOSITORY / "runner" / "error_code_page.cc").read_text(encoding="utf-8")
    usual, optional = source.split("kOptional", 1)
    for code in error_codes:
        assert (f'"{code}"sv' in usual) != (f'"{code}"sv' in optional), code


@pytest.mark.slow
@pytest.mark.parametrize("corpus", ["rich", "httpx", "sphinx"])
def test_json_is_mypys_own_on_real_packages(corpus: str, project: Project) -> None:
    folder = Path(os.environ.get("TYPEWAVE_CORPORA", REPOSITORY / "build" / "corpora")) / corpus
    if not folder.exists():
        pytest.skip(f"{folder} is not there")
    shutil.copytree(folder, project.folder, dirs_exist_ok=True)
    arguments = ("--strict", "--ignore-missing-imports", corpus)
    project.check(*all_reports(project), *arguments)
    assert report(project, "json").splitlines() == cold_json(project, *arguments)
    check_all(project, json_lines(report(project, "json")))
