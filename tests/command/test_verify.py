"""`typewave check --verify`: the answer beside that of a cold mypy run."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path
from typing import Any

import pytest

from support.oracle import run
from support.project import Project, files_below, one_trouble, own_lines

SAME = "typewave: note: verified: cold mypy gives the same answer"
NOTHING = "typewave: note: nothing to verify: the answer is mypy's own"

# A plugin that answers by the environment, which no key can know of.
MOODY = {
    "mypy.ini": "[mypy]\nplugins = moody.py\n",
    "moody.py": """\
import os
from mypy.plugin import Plugin


class Moody(Plugin):
    def get_function_hook(self, fullname):
        if fullname == "source.value":
            return lambda context: context.api.named_generic_type("builtins." + os.environ["MOOD"], [])
        return None


def plugin(version):
    return Moody
""",
    "source.py": "def value() -> object:\n    return 1\n",
    "user.py": "import json\nimport source\n\nnumber: int = source.value()\nwrong: bytes = ''\n",
    "other.py": "class Elsewhere: ...\n",
}
DIFFERENCE = """\
--- mypy
+++ typewave
@@ -1,4 +1,3 @@
-user.py:4: error: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]
 user.py:5: error: Incompatible types in assignment (expression has type "str", variable has type "bytes")  [assignment]
-Found 2 errors in 1 file (checked 4 source files)
+Found 1 error in 1 file (checked 4 source files)
 exit status 1
"""


def no_trace_of_a_cache(project: Project) -> bool:
    return not any(".mypy_cache" in name for name in files_below(project.root))


@pytest.mark.parametrize(
    "words", [[], ["--pretty", "--show-error-end"], ["-O", "json"], ["-n", "2", "--cache-dir=kept", "--incremental"]]
)
def test_same_answer(shop: Project, words: list[str]) -> None:
    for _ in range(2):
        verified = shop.check("--verify", *words, ".")
        assert verified.answer.stderr.splitlines() == [SAME]
        assert verified.summary["verified"] is True
        plain = shop.check(*words, ".")
        assert (verified.answer.stdout, verified.answer.status) == (plain.answer.stdout, 1)
        assert "verified" not in plain.summary
    assert no_trace_of_a_cache(shop)
    assert not (shop.folder / "kept").exists()


def test_several_processes_of_mypy(shop: Project) -> None:
    shop.write({"mypy.ini": "[mypy]\nnum_workers = 2\nbogus = 1\n"})
    shop.variables = {"MYPY_NUM_WORKERS": "2"}
    checked = shop.check("--verify", ".")
    assert checked.answer.stderr.splitlines() == ["mypy.ini: [mypy]: Unrecognized option: bogus = 1", SAME]
    shop.write({"tool.py": "def (\n"})
    blocked = shop.check("--verify", ".").answer
    assert blocked.status == 2
    assert "tool.py:1: error: " in blocked.stdout
    assert blocked.stderr.splitlines() == [NOTHING, "mypy.ini: [mypy]: Unrecognized option: bogus = 1"]
    assert no_trace_of_a_cache(shop)


def test_colours(shop: Project) -> None:
    shop.variables = {"MYPY_FORCE_COLOR": "1", "TERM": "xterm-256color"}
    for words in ([], ["--color=never"], ["--color=always"]):
        answer = shop.check("--verify", *words, ".").answer
        assert ("\x1b[" in answer.stdout) == (words != ["--color=never"])
        assert answer.stderr.splitlines() == [SAME]


def on_terminal(project: Project, columns: int, *arguments: str) -> str:
    """What typewave writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [str(project.binary), "check", *project.own_arguments(), *arguments]
    child = subprocess.Popen(
        command,
        cwd=project.folder,
        env={**project.environment(), "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        text += part
    os.close(ours)
    child.wait(timeout=60)
    return text.decode()


def test_on_a_terminal(shop: Project) -> None:
    text = on_terminal(shop, 50, "--verify", "--pretty", ".")
    assert "\x1b[" in text
    assert SAME in text


def provoke(project: Project, *words: str) -> Any:
    project.write(MOODY)
    project.variables = {"MOOD": "int"}
    assert project.check("--verify", ".").answer.stderr.splitlines() == [SAME]
    project.variables = {"MOOD": "str"}
    return project.check("--verify", *words, ".")


def test_difference(project: Project) -> None:
    checked = provoke(project)
    given = project.check(".").answer.stdout
    assert checked.answer.stdout == given + DIFFERENCE
    assert checked.answer.status == 2
    assert "differs from that of cold mypy" in one_trouble(checked.answer)
    assert own_lines(checked.answer.stderr)[-1].startswith("typewave: hint: --verify-bundle FILE")
    assert (checked.summary["verified"], checked.summary["exit"]) == (False, 2)


def test_bundle(project: Project) -> None:
    path = project.root / "bundle.json"
    provoke(project)
    assert not path.exists()
    checked = project.check(f"--verify-bundle={path}", ".")
    assert checked.answer.status == 2
    assert own_lines(checked.answer.stderr)[-1] == (
        f"typewave: note: wrote {path}, with source text of the files involved"
    )
    bundle = json.loads(path.read_text(encoding="utf-8"))
    assert bundle["format"] == 1
    assert bundle["mypy"]["version"] == "2.4.1"
    assert (bundle["python"], bundle["directory"]) == (str(project.python), str(project.folder))
    assert (bundle["arguments"], bundle["configuration"]) == (["."], "mypy.ini")
    assert bundle["difference"] == DIFFERENCE
    assert [bundle["answers"][one]["exit"] for one in ("mypy", "typewave")] == [1, 1]
    assert bundle["answers"]["mypy"]["stdout"] == project.cold_here(".").stdout
    own = {name: one for one in bundle["components"] for name in one["modules"] if len(one["modules"]) == 1}
    assert (own["user"]["state"], own["user"]["reason"]) == ("reused", "unchanged")
    assert len(own["user"]["key"]) == 64
    assert [len(digest) for digest in own["user"]["interfaces"]] == [64]
    texts = {Path(name).name: text for name, text in bundle["files"].items()}
    involved = ("mypy.ini", "moody.py", "source.py", "user.py")
    assert texts == {name: MOODY[name] for name in involved}


def test_bundle_reproduces_the_difference(project: Project, tmp_path: Path) -> None:
    path = project.root / "bundle.json"
    provoke(project, f"--verify-bundle={path}")
    bundle = json.loads(path.read_text(encoding="utf-8"))
    elsewhere = tmp_path / "elsewhere"
    for name, text in bundle["files"].items():
        file = elsewhere / os.path.relpath(project.folder / name, bundle["directory"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    mypy = [str(project.python.parent / "mypy"), "--cache-dir=/dev/null", *bundle["arguments"]]
    answer = run(mypy, elsewhere, project.environment())
    assert answer.stdout.splitlines()[:2] == bundle["answers"]["mypy"]["stdout"].splitlines()[:2]


def test_bundle_only_of_a_difference(shop: Project) -> None:
    path = shop.root / "bundle.json"
    answer = shop.check("--verify-bundle", str(path), ".").answer
    assert answer.stderr.splitlines() == [SAME]
    assert not path.exists()


def test_bundle_that_cannot_be_written(project: Project) -> None:
    answer = provoke(project, "--verify-bundle=/nonexistent/bundle.json").answer
    assert answer.status == 2
    assert answer.stdout.endswith(DIFFERENCE)
    assert "cannot write /nonexistent/bundle.json" in answer.stderr


def test_source_that_is_no_text(project: Project) -> None:
    path = project.root / "bundle.json"
    project.write({**MOODY, "latin.py": ""})
    (project.folder / "latin.py").write_bytes(b"# encoding: latin-1\nname = '\xe9'\n")
    project.write({"user.py": "import latin\n" + MOODY["user.py"]})
    project.variables = {"MOOD": "int"}
    project.check(".")
    project.variables = {"MOOD": "str"}
    project.check(f"--verify-bundle={path}", ".")
    files = json.loads(path.read_text(encoding="utf-8"))["files"]
    hexadecimal = next(text["hex"] for name, text in files.items() if name.endswith("latin.py"))
    assert bytes.fromhex(hexadecimal) == (project.folder / "latin.py").read_bytes()


@pytest.mark.parametrize(
    ("words", "files", "status"),
    [
        (["-v", "tool.py"], {}, 1),
        (["--no-such-option"], {}, 2),
        (["gone.py"], {}, 2),
        (["."], {"tool.py": "x = (\n"}, 2),
    ],
)
def test_nothing_to_verify(shop: Project, words: list[str], files: dict[str, str], status: int) -> None:
    shop.write(files)
    checked = shop.check("--verify", *words)
    assert checked.answer.status == status
    assert NOTHING in own_lines(checked.answer.stderr)
    assert checked.summary["verified"] is None


@pytest.mark.parametrize("word", ["--verify", "--verify-bundle=bundle.json"])
def test_no_dry_run(shop: Project, word: str) -> None:
    checked = shop.check(word, "--dry-run", ".")
    assert "--dry-run" in one_trouble(checked.answer)
    assert checked.answer.stdout == ""
    assert checked.summary["exit"] == 2


def test_reference_that_dies(shop: Project) -> None:
    wrapper = shop.root / "python"
    killer = 'case "$*" in *--no-incremental*) kill -9 $$;; esac'
    wrapper.write_text(f'#!/bin/sh\n{killer}\nexec "{shop.python}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    checked = shop.check(f"--python={wrapper}", "--verify", ".")
    assert "mypy was killed by signal 9" in one_trouble(checked.answer)
    assert checked.answer.stdout == shop.check(".").answer.stdout
    assert checked.summary["verified"] is None


def test_crash_of_mypy(project: Project) -> None:
    raising = MOODY["moody.py"].replace('os.environ["MOOD"]', "1 // 0")
    project.write({**MOODY, "moody.py": raising})
    checked = project.check("--verify", ".")
    assert checked.answer.status == 2
    errors = [line for line in own_lines(checked.answer.stderr) if line.startswith("typewave: error: ")]
    assert errors[0].startswith("typewave: error: checking user failed: ")
    assert checked.answer.stderr.count("INTERNAL ERROR") == 1
