"""Limits of the process (`ulimit`): the answer where that is possible, else what failed and what to do about it."""

from __future__ import annotations

import re
import signal
import subprocess

import pytest

from support.answers import difference
from support.oracle import Answer
from support.project import Project, one_trouble, own_lines
from support.promises import Promises

PROMISE = "limits of the process"
MEGABYTE = 1 << 20
LEAF = {"other.py": "from shop.order import total\n\ntotal([1])\n"}
COMMIT = ("git", "-c", "user.name=me", "-c", "user.email=me@example.org", "commit", "-qm", "all")


def call(project: Project, limit: str, *arguments: str) -> Answer:
    """`check` without a summary, which would be a file to write as well."""
    project.prefix = ("prlimit", limit) if limit else ()
    try:
        return project.call("check", f"--python={project.python}", f"--store={project.store}", *arguments)
    finally:
        project.prefix = ()


def hint_of(answer: Answer) -> str:
    hints = [line for line in own_lines(answer.stderr) if line.startswith("typewave: hint: ")]
    assert len(hints) == 1, answer.stderr
    return hints[0]


@pytest.mark.parametrize("size", [0, 100, 4096])
@pytest.mark.parametrize("state", ["cold", "edited", "as it was"])
def test_files_may_not_grow(shop: Project, size: int, state: str, promises: Promises) -> None:
    """As on a full disk: one warning, the same answer, and the next run without the limit is as any."""
    if state != "cold":
        call(shop, "", ".")
    if state == "edited":
        shop.write(LEAF)
    with promises.attempt(PROMISE, "limits"):
        answer = call(shop, f"--fsize={size}:{size}", ".")
        assert not difference(shop.cold("."), answer), difference(shop.cold("."), answer)
        said = own_lines(answer.stderr)
        if state != "as it was" and size == 0:
            assert len(said) == 1, answer.stderr
        for line in said:
            assert line.startswith("typewave: warning: ")
            assert "File too large" in line
            assert "ulimit -f" in line
        assert len(said) <= 1, answer.stderr
        again = shop.same(".")
        assert own_lines(again.answer.stderr) == []
        assert shop.same(".").summary["checked"] == 0


def test_large_requests_where_files_may_not_grow(project: Project, promises: Promises) -> None:
    """What goes to a worker beside the socket is in a file in memory, if it may be."""
    count = 4000
    project.write({"big.py": "".join(f"name_{n}: int\n" for n in range(count))})
    project.write({f"use_{n}.py": f"from big import *\n\nvalue: str = name_{n}\n" for n in range(8)})
    call(project, "", ".")
    project.write({f"use_{n}.py": f"from big import *\n\nother: str = name_{n}\n" for n in range(8)})
    with promises.attempt(PROMISE, "limits"):
        answer = call(project, "--fsize=0:0", "-j1", ".")
        assert not difference(project.cold("."), answer), difference(project.cold("."), answer)


def start_repository(project: Project) -> None:
    (project.folder / ".git").rmdir()
    for command in (("git", "init", "-q"), ("git", "add", "-A"), COMMIT):
        subprocess.run(command, cwd=project.folder, check=True, env=project.environment())


def test_git_and_mypy_are_heard_where_files_may_not_grow(shop: Project, promises: Promises) -> None:
    start_repository(shop)
    call(shop, "", ".")
    shop.write({"tool.py": "x: int = ''\n"})
    options = [["--verify"], ["--changed-since=HEAD"], ["--new-errors-since=HEAD"]]
    for chosen in options:
        with promises.attempt(PROMISE, "limits"):
            expected = call(shop, "", "--no-store", *chosen, ".")
            answer = call(shop, "--fsize=0:0", "--no-store", *chosen, ".")
            assert (answer.status, answer.stdout) == (expected.status, expected.stdout)
            assert "tool.py:1: error: " in answer.stdout


@pytest.mark.parametrize("ignored", [False, True])
def test_children_get_the_signal_of_a_file_that_is_too_large(shop: Project, ignored: bool) -> None:
    """As they would have without us."""
    start_repository(shop)
    programs = shop.root / "programs"
    programs.mkdir()
    git = programs / "git"
    seen = shop.root / "seen"
    git.write_text(f'#!/bin/sh\ngrep SigIgn /proc/self/status >> {seen}\nPATH="${{PATH#*:}}" exec git "$@"\n')
    git.chmod(0o755)
    environment = shop.environment()
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    number = signal.SIGXFSZ
    subprocess.run(
        [str(shop.binary), "check", f"--python={shop.python}", "--no-store", "--changed-since=HEAD", "."],
        cwd=shop.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL),
    )
    masks = [int(line.split()[1], 16) for line in seen.read_text(encoding="utf-8").splitlines()]
    assert masks
    assert all(bool(mask & 1 << (number - 1)) == ignored for mask in masks)


def test_an_answer_in_a_file_that_may_not_grow(shop: Project, promises: Promises) -> None:
    with promises.attempt(PROMISE, "limits"), (shop.root / "answer").open("wb") as file:
        done = subprocess.run(
            ["prlimit", "--fsize=0:0", str(shop.binary), "check", f"--python={shop.python}", "--no-store", "."],
            cwd=shop.folder,
            env=shop.environment(),
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 2
        assert "typewave: error: cannot write to standard output: File too large" in done.stderr


def test_settings_from_a_pipe_that_may_not_be_kept(shop: Project, promises: Promises) -> None:
    """Half of them would give another answer."""
    command = '"$@" --config-file <(printf "[mypy]\\nstrict = True\\n") .'
    typewave = [str(shop.binary), "check", f"--python={shop.python}", "--no-store"]
    with promises.attempt(PROMISE, "limits"):
        done = subprocess.run(
            ["prlimit", "--fsize=8:8", "bash", "-c", command, "bash", *typewave],
            cwd=shop.folder,
            env=shop.environment(),
            capture_output=True,
            text=True,
        )
        answer = Answer(done.returncode, done.stdout, done.stderr)
        assert re.search("cannot keep what comes from /dev/fd/[0-9]+: File too large", one_trouble(answer))
        assert "ulimit -f" in hint_of(answer)


def test_no_thread_can_be_started(shop: Project, promises: Promises) -> None:
    """Each takes as much room as the limit of the stack says."""
    shop.prefix = ("prlimit", f"--stack={1 << 30}:{1 << 30}", f"--as={1 << 30}")
    for command in ("check", "waves"):
        with promises.attempt(PROMISE, "limits"):
            answer = shop.call(command, f"--python={shop.python}", f"--store={shop.store}", ".")
            if command == "check" or answer.status != 0:  # others can do without
                assert "cannot start a thread" in one_trouble(answer)
                assert "ulimit" in hint_of(answer)


@pytest.mark.parametrize("command", ["check", "graph"])
def test_memory_runs_out(shop: Project, command: str, promises: Promises) -> None:
    """At every place of a run that has nothing to check: there is no other process that could be short of it."""
    for _ in range(2):
        expected = shop.call(command, f"--python={shop.python}", f"--store={shop.store}", ".")
    refused = 0
    for kilobytes in range(18_000, 40_000, 1000):
        shop.prefix = ("prlimit", f"--as={kilobytes * 1000}")
        answer = shop.call(command, f"--python={shop.python}", f"--store={shop.store}", ".")
        if answer.status == 127 and "shared libraries" in answer.stderr:
            continue
        with promises.attempt(PROMISE, "limits"):
            if answer.status == expected.status:
                assert answer.stdout == expected.stdout
                continue
            refused += 1
            assert "no memory left" in one_trouble(answer) or "cannot start a thread" in one_trouble(answer)
            assert "raise the limit" in hint_of(answer)
    assert refused > 0


def test_too_few_open_files(shop: Project, promises: Promises) -> None:
    call(shop, "", ".")
    for number in range(16, 20):
        shop.write({"other.py": f"{LEAF['other.py']}x = {number}\n"})
        with promises.attempt(PROMISE, "limits"):
            answer = call(shop, f"--nofile={number}", ".")
            if answer.status != 2:
                assert not difference(shop.cold("."), answer), difference(shop.cold("."), answer)
            assert "crash of mypy" not in answer.stderr


def test_no_descriptor_for_a_worker(shop: Project, promises: Promises) -> None:
    """It is not mypy that crashed then."""
    source = shop.root / "no_sockets.c"
    source.write_text("#include <errno.h>\nint socketpair(void) {\n  errno = EMFILE;\n  return -1;\n}\n")
    library = source.with_suffix(".so")
    subprocess.run(["cc", "-shared", "-fPIC", "-fno-builtin", "-o", str(library), str(source)], check=True)
    call(shop, "", ".")
    shop.write(LEAF)
    with promises.attempt(PROMISE, "limits"):
        shop.prefix = ("env", f"LD_PRELOAD={library}")
        answer = shop.call("check", f"--python={shop.python}", f"--store={shop.store}", ".")
        error = one_trouble(answer)
        assert "checking other failed: no worker starts: " in error
        assert "Too many open files" in error
        assert "ulimit -n" in hint_of(answer)
        assert "crash of mypy" not in hint_of(answer)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("-1", "is not a size"),
        ("0", "is not a size"),
        ("much", "is not a size"),
        ("4X", "is not a size"),
        ("1", "give at least 160MiB"),
        ("4", "give at least 160MiB"),
        ("100M", "give at least 160MiB"),
    ],
)
def test_a_limit_of_memory_that_is_none(shop: Project, size: str, words: str) -> None:
    for arguments in (["--max-memory", size], [f"--max-memory={size}"]):
        answer = shop.check(*arguments, ".").answer
        error = one_trouble(answer)
        assert error.startswith("typewave: error: --max-memory: ")
        assert f'"{size}"' in error
        assert words in error
        assert "typewave check --help" in hint_of(answer)
        assert shop.summary()["exit"] == 2


@pytest.mark.parametrize("size", ["160MiB", "1.5G", "2GiB", "800 MB", "400000000"])
def test_sizes_of_memory(shop: Project, size: str) -> None:
    answer = shop.check(f"--max-memory={size}", ".").answer
    assert not difference(shop.cold("."), answer)
    assert own_lines(answer.stderr) == []
