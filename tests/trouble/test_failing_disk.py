"""Disks that are full, broken or not to be written: nothing is kept, one warning says so, the answer is the same."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.answers import difference
from support.oracle import Answer
from support.project import SHOP, UNPRIVILEGED, Project, own_lines
from support.promises import Promises
from trouble.damage import STATE
from trouble.interposing import Failure, Interposed, build_interposer, is_root

DISK = "full, failing or read-only disk"
LEAF = {"other.py": "from shop.order import total\n\ntotal([1])\n"}
WRITING = "create,mkdir,write,sync,rename"


@pytest.fixture(scope="module")
def interposer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_interposer(tmp_path_factory.mktemp("interposer"))


@pytest.fixture(scope="module")
def settled(
    tmp_path_factory: pytest.TempPathFactory, typewave: Path, checker_python: Path, interposer: Path
) -> Interposed:
    """A project whose store is filled, and which was edited since; `root/filled` has what typewave wrote before."""
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("disk"))
    project.write(SHOP)
    time.sleep(0.05)
    for _ in range(2):
        project.check(".")
    shutil.copytree(project.store, project.root / "filled" / "store")
    shutil.copytree(project.folder / STATE, project.root / "filled" / "state")
    project.write(LEAF)
    return Interposed(project, interposer)


def put_back(project: Project) -> None:
    for folder, name in ((project.store, "store"), (project.folder / STATE, "state")):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(project.root / "filled" / name, folder)


def one_warning(stderr: str) -> None:
    lines = own_lines(stderr)
    assert len(lines) == 1, stderr
    assert lines[0].startswith("typewave: warning: "), stderr
    assert "Traceback" not in stderr


def fail_and_recover(settled: Interposed, failure: Failure, promises: Promises) -> tuple[bool, bool]:
    """Whether any call failed, and whether a warning said so: it has to when results were lost."""
    project = settled.project
    put_back(project)
    with promises.attempt(DISK, "failures"):
        expected = project.cold(".")
        checked, calls = settled.failing(failure, ".")
        assert not difference(expected, checked.answer), (failure, difference(expected, checked.answer))
        failed = calls >= failure.first
        warned = own_lines(checked.answer.stderr) != []
        if warned:
            assert failed
            one_warning(checked.answer.stderr)
        again = project.same(".")
        assert own_lines(again.answer.stderr) == []
        assert warned or again.summary["checked"] == 0 or failure.calls in ("unlink", "read", "list")
        assert project.same(".").summary["checked"] == 0
    return failed, warned


QUICK = [
    Failure("write", errno.ENOSPC),
    Failure("write", errno.ENOSPC, 3),
    Failure("create", errno.EDQUOT),
    Failure("sync", errno.EIO),
    Failure("rename", errno.EIO),
    Failure("create,mkdir,rename,unlink", errno.EROFS),
    Failure("read", errno.EIO),
    Failure("read", errno.EIO, 4),
    Failure("list", errno.EIO),
]


@pytest.mark.parametrize("failure", QUICK, ids=str)
def test_failing_calls(settled: Interposed, failure: Failure, promises: Promises) -> None:
    failed, warned = fail_and_recover(settled, failure, promises)
    assert failed, "no such call was made"
    assert warned or failure.calls in ("read", "list")


@pytest.mark.slow
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("calls", [*WRITING.split(","), WRITING, "unlink", "read", "list"])
def test_failing_from_every_call_on(settled: Interposed, calls: str, error: int, promises: Promises) -> None:
    first = 1
    while fail_and_recover(settled, Failure(calls, error, first), promises)[0]:
        first += 1


def test_first_run_on_a_full_disk(project: Project, interposer: Path, promises: Promises) -> None:
    project.write(SHOP)
    with promises.attempt(DISK, "failures"):
        expected = project.cold(".")
        checked, _ = Interposed(project, interposer).failing(Failure(WRITING, errno.ENOSPC), ".")
        assert not difference(expected, checked.answer), difference(expected, checked.answer)
        one_warning(checked.answer.stderr)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system of its own at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if not is_root():
        pytest.skip("only root can mount")
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"cannot mount here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def same_answer(project: Project, *arguments: str) -> str:
    """What typewave itself says, beside the right answer."""
    return "\n".join(own_lines(project.same(*arguments).answer.stderr))


def test_a_small_disk_that_fills_up(project: Project, promises: Promises) -> None:
    project.write(SHOP)
    with mounted(project.store, "-t", "tmpfs", "-o", "size=8m", "typewave-test"):
        with promises.attempt(DISK, "failures"):
            project.same(".")
            ballast = project.store / "ballast"
            with pytest.raises(OSError), ballast.open("wb") as file:
                while True:
                    file.write(bytes(4096))
                    file.flush()
            project.write(LEAF)
            one_warning(same_answer(project, "."))
        with promises.attempt(DISK, "failures"):
            ballast.unlink()
            project.write({"other.py": LEAF["other.py"] + "x = 1\n"})
            assert same_answer(project, ".") == ""
            assert project.same(".").summary["checked"] == 0


@pytest.mark.parametrize("what", ["store", "checkout", "both"])
def test_read_only_mount(project: Project, what: str, promises: Promises) -> None:
    project.write(SHOP)
    project.check(".")
    project.write(LEAF)
    places = {"store": [project.store], "checkout": [project.folder], "both": [project.store, project.folder]}[what]
    with promises.attempt(DISK, "failures"), mounted(places[0], "--bind", "-o", "ro", str(places[0])):
        if len(places) == 2:
            with mounted(places[1], "--bind", "-o", "ro", str(places[1])):
                one_warning(same_answer(project, "."))
        else:
            one_warning(same_answer(project, "."))
    with promises.attempt(DISK, "failures"):
        assert same_answer(project, ".") == ""
        assert project.same(".").summary["checked"] == 0


def test_checkout_without_the_right_to_write(project: Project, promises: Promises) -> None:
    project.write(SHOP)
    project.prefix = UNPRIVILEGED
    project.folder.chmod(0o555)
    try:
        with promises.attempt(DISK, "failures"):
            one_warning(same_answer(project, "."))
            assert not (project.folder / STATE).exists()
            assert project.same(".").summary["checked"] == 0
    finally:
        project.folder.chmod(0o755)


def test_store_of_another_user(project: Project, promises: Promises) -> None:
    if not is_root():
        pytest.skip("only root can give files away")
    project.write(SHOP)
    project.check(".")
    before = project.packs()
    for path in (project.store, *project.store.rglob("*")):
        os.chown(path, 12345, 12345)
    project.write(LEAF)
    with promises.attempt(DISK, "failures"):
        warning = same_answer(project, ".")
        one_warning(warning)
        assert "belongs to another user" in warning
        assert project.packs() == before


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("-v",), ("--report", "json:/dev/stdout")], ids=" ".join)
def test_an_answer_that_cannot_be_printed(project: Project, options: tuple[str, ...], promises: Promises) -> None:
    """As mypy does: the status says that it was not told."""
    project.write(SHOP)
    with promises.attempt(DISK, "failures"), open("/dev/full", "wb") as full:
        command = [str(project.binary), "check", *project.own_arguments(), *options, "."]
        done = subprocess.run(
            command, cwd=project.folder, env=project.environment(), stdout=full, stderr=subprocess.PIPE, text=True
        )
        assert done.returncode == 2 if "-v" not in options else done.returncode != 0  # mypy's own
        assert "No space left on device" in done.stderr
        assert "terminate" not in done.stderr
        assert project.summary()["exit"] == done.returncode


def test_a_pipe_that_does_not_block_is_written_to_its_end(project: Project) -> None:
    """Whoever shares standard output may have made it so."""
    project.write({"many.py": "".join(f"x{number}: int = ''\n" for number in range(3000))})
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [str(project.binary), "check", *project.own_arguments(), "."]
    with subprocess.Popen(command, cwd=project.folder, env=project.environment(), stdout=writing) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            time.sleep(1)
            printed = pipe.read()
    assert process.returncode == 1
    assert printed.count(b": error: ") == 3000


@pytest.mark.parametrize("home", [None, "", "/proc/nobody"])
def test_no_home(project: Project, home: str | None, promises: Promises) -> None:
    project.write(SHOP)
    variables = {name: value for name, value in project.environment().items() if name != "HOME"}
    if home is not None:
        variables["HOME"] = home
    command = [str(project.binary), "check", f"--python={project.python}", "."]
    with promises.attempt(DISK, "failures"):
        done = subprocess.run(
            command, cwd=project.folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        answer = Answer(done.returncode, done.stdout, done.stderr)
        assert not difference(project.cold("."), answer), difference(project.cold("."), answer)
        one_warning(done.stderr)
