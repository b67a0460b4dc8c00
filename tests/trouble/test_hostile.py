"""What somebody plants in a repository, a store or a file name does not reach outside, run, hang or command."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.answers import difference
from support.project import SHOP, Project, own_lines
from support.promises import Promises

REPOSITORY = Path(__file__).resolve().parent.parent.parent
WORKER = REPOSITORY / "runner" / "worker"
PROMISE = "planted files"
NOBODY = 65534


def tree_below(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every path below a folder with its mode and content."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path)] = (status.st_mode, content)
    return found


class Outside:
    """A place that typewave has no business in, watched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        (folder / "passwd").write_text("root:x:0:0\n")
        (folder / "last-run").write_text("precious\n")
        self._before = tree_below(folder)

    def untouched(self) -> bool:
        return tree_below(self.folder) == self._before


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path / "outside")


@pytest.fixture
def checked_shop(shop: Project) -> Project:
    """A shop that was checked, so that every file of ours exists."""
    shop.same(".")
    time.sleep(2)  # The last run is remembered once the sources cannot have changed without a trace.
    shop.same(".")
    shop.write({"shop/price.py": SHOP["shop/price.py"] + "\n\nLATER = 1\n"})
    return shop


def same_here(project: Project, *arguments: str) -> None:
    """As Project.same, for trees whose files cannot all be read."""
    found = difference(project.cold_here(*arguments), project.check(*arguments).answer)
    assert not found, found


def state_files(project: Project) -> list[Path]:
    return sorted(path for path in (project.folder / ".typewave_cache").iterdir() if path.is_file())


def store_files(project: Project) -> list[Path]:
    return sorted(path for path in project.store.rglob("*") if path.is_file())


# -- links -----------------------------------------------------------------------------------------------------------


def test_a_planted_state_folder_is_not_followed(shop: Project, outside: Outside, promises: Promises) -> None:
    with promises.attempt(PROMISE):
        (shop.folder / ".typewave_cache").symlink_to(outside.folder)
        shop.same(".")
        assert outside.untouched()


def test_planted_links_in_the_state_folder_are_not_followed(
    checked_shop: Project, outside: Outside, promises: Promises
) -> None:
    files = state_files(checked_shop)
    assert {path.name for path in files} >= {"last-run", ".gitignore", "CACHEDIR.TAG"}
    for make in (os.symlink, os.link):
        for path in files:
            path.unlink()
            make(outside.folder / "last-run", path)
        with promises.attempt(PROMISE, "tried"):
            checked_shop.same(".")
            checked_shop.same(".")
            assert outside.untouched()
    for path in files:
        path.unlink(missing_ok=True)
        path.symlink_to(outside.folder / "new")
    with promises.attempt(PROMISE):
        checked_shop.same(".")
        assert outside.untouched()


@pytest.mark.parametrize("inside", ["v1", "v1/packs", "v1/tmp", "v1/lock", "CACHEDIR.TAG"])
def test_planted_links_in_the_store_are_not_followed(
    checked_shop: Project, outside: Outside, promises: Promises, inside: str
) -> None:
    place = next(iter(checked_shop.store.glob(inside.replace("v1", "v*"))), checked_shop.store / inside)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    place.symlink_to(outside.folder if "." not in inside and "lock" not in inside else outside.folder / "passwd")
    with promises.attempt(PROMISE):
        checked_shop.same(".")
        assert outside.untouched()


def test_packs_that_are_links_are_not_read(checked_shop: Project, tmp_path: Path, promises: Promises) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for pack in checked_shop.packs():
        shutil.move(pack, kept / pack.name)
        pack.symlink_to(kept / pack.name)
    before = tree_below(kept)
    with promises.attempt(PROMISE):
        assert checked_shop.same(".").summary["reused"] == 0
        assert tree_below(kept) == before


# -- owners ----------------------------------------------------------------------------------------------------------


def test_folders_that_anybody_may_write_are_not_used(checked_shop: Project, promises: Promises) -> None:
    folders = [path for path in checked_shop.store.rglob("*") if path.is_dir() and path.name != "uses"]
    assert folders
    for number, folder in enumerate(folders):
        folder.chmod(0o777)
        checked_shop.write({"tool.py": f"x: int = {number}\n"})  # The last run's answer does not need the store.
        with promises.attempt(PROMISE):
            checked = checked_shop.same(".")
            assert checked.summary["reused"] == 0
            assert sum("can be written by anybody" in line for line in own_lines(checked.answer.stderr)) == 1
        folder.chmod(0o700)
    state = checked_shop.folder / ".typewave_cache"
    before = tree_below(state)
    state.chmod(0o777)
    with promises.attempt(PROMISE):
        checked_shop.same(".")
    state.chmod(0o700)
    assert tree_below(state) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of other users")
def test_what_belongs_to_another_user_is_not_used(checked_shop: Project, promises: Promises) -> None:
    state = checked_shop.folder / ".typewave_cache"
    for path in [checked_shop.store, *checked_shop.packs()[:1], state, state / "last-run"]:
        path.chmod(0o777)
        os.chown(path, NOBODY, NOBODY)
        before = path.lstat()
        with promises.attempt(PROMISE):
            checked_shop.same(".")
            if path.exists() and path.is_dir():
                assert path.lstat().st_mtime_ns == before.st_mtime_ns, "something was written into it"
        if path.exists():
            os.chown(path, 0, 0)
            path.chmod(0o700)


def test_our_own_folders_and_files_are_for_nobody_else(shop: Project) -> None:
    old = os.umask(0)
    try:
        shop.check(".")
    finally:
        os.umask(old)
    for top in (shop.store, shop.folder / ".typewave_cache"):
        for path in [top, *top.rglob("*")]:
            assert path.lstat().st_mode & 0o077 == 0, path


# -- sizes -----------------------------------------------------------------------------------------------------------


def test_files_with_holes_in_our_folders_cost_nothing(checked_shop: Project, promises: Promises) -> None:
    """A terabyte by its length, nothing on the disk."""
    for path in [*state_files(checked_shop), *store_files(checked_shop)]:
        os.truncate(path, 1 << 40)
    with promises.attempt(PROMISE):
        checked_shop.same(".")


def test_a_lying_pack_cannot_make_typewave_allocate(checked_shop: Project, promises: Promises) -> None:
    """Counts and sizes of the largest kind in every place where a pack has one."""
    for pack in checked_shop.packs():
        whole = pack.read_bytes()
        for at in (len(whole) - 56, len(whole) - 48, len(whole) - 44, len(whole) - 120):
            pack.write_bytes(whole[:at] + b"\xff" * 8 + whole[at + 8 :])
            with promises.attempt(PROMISE):
                checked_shop.same(".")
            pack.write_bytes(whole)


# -- what is run -----------------------------------------------------------------------------------------------------

DANGEROUS_MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "code", "ctypes", "subprocess"}
DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__", "execfile", "system", "popen", "load_module", "loads"}


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func
            if isinstance(name, ast.Attribute):
                owner = name.value.id if isinstance(name.value, ast.Name) else "?"
                yield f"{owner}.{name.attr}"
            elif isinstance(name, ast.Name):
                yield name.id


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


# Text that `python -c` is given: it makes the worker's modules of the bytes that the binary holds of them.
BOOTSTRAP = "bootstrap.py"


@pytest.mark.parametrize("source", sorted(path.name for path in WORKER.rglob("*.py")))
def test_the_worker_runs_nothing_that_it_reads(source: str) -> None:
    """Nothing that turns bytes into code: neither pickle nor marshal nor eval, whoever wrote the bytes."""
    tree = ast.parse((WORKER / source).read_text(encoding="utf-8"))
    modules = DANGEROUS_MODULES & set(imports(tree))
    # json gives data alone; compiling a regular expression runs nothing of it.
    harmless = {"json.loads", "re.compile"}
    used = {call for call in calls(tree) if call.rpartition(".")[2] in DANGEROUS_CALLS} - harmless
    if source == BOOTSTRAP:
        assert (modules, used) == ({"marshal"}, {"marshal.loads"})
        assert not {"open", "os.open", "Path", "pathlib.Path"} & set(calls(tree))  # it has no other source of bytes
    else:
        assert not modules
        assert not used


def test_modules_in_the_checked_folder_are_not_imported(shop: Project, promises: Promises) -> None:
    """Names of the standard library and of mypy: the worker must get its own."""
    trap = "open({!r}, 'w').close()\n"
    marker = shop.root / "imported"
    for name in ("json", "struct", "select", "threading", "mypy/__init__", "typewave_worker/__init__", "sitecustomize"):
        shop.write({f"{name}.py": trap.format(str(marker))})
    with promises.attempt(PROMISE):
        shop.check("shop")
        assert not marker.exists()


# -- what mypy would wait for ----------------------------------------------------------------------------------------


def test_pipes_among_the_sources_are_refused(shop: Project, promises: Promises) -> None:
    os.mkfifo(shop.folder / "pipe.py")
    for target in (".", "pipe.py"):
        with promises.attempt(PROMISE):
            answer = shop.check(target).answer
            assert answer.status == 2
            assert own_lines(answer.stderr)[0] == "typewave: error: pipe.py is a pipe, which cannot be checked"


def test_pipes_that_no_source_names_do_no_harm(shop: Project, promises: Promises) -> None:
    for name in ("data", "shop/pipe.pyi.old", "numbers.pyi"):
        os.mkfifo(shop.folder / name)
    with promises.attempt(PROMISE):
        same_here(shop, "shop", "tool.py")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/random"])
def test_endless_devices_are_refused(shop: Project, promises: Promises, device: str) -> None:
    (shop.folder / "device.py").symlink_to(device)
    with promises.attempt(PROMISE):
        answer = shop.check(".").answer
        assert answer.status == 2
        assert "typewave: error: device.py is a device" in answer.stderr


def test_sockets_among_the_sources_are_left_to_mypy(
    shop: Project, promises: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.folder)  # A socket's name is short.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.py")
        with promises.attempt(PROMISE):
            same_here(shop, ".")


def test_pipes_in_place_of_our_own_files_do_not_block(checked_shop: Project, promises: Promises) -> None:
    for path in [*state_files(checked_shop), *store_files(checked_shop)]:
        path.unlink()
        os.mkfifo(path)
        with promises.attempt(PROMISE):
            checked_shop.same(".")


# -- odd trees -------------------------------------------------------------------------------------------------------


def test_a_link_to_the_folder_above_is_walked_as_mypy_does(project: Project, promises: Promises) -> None:
    project.write({"a/__init__.py": "", "a/m.py": "x: int = ''\n"})
    (project.folder / "a" / "again").symlink_to(".")
    with promises.attempt("trees compared with mypy"):
        project.same(".")


@pytest.mark.parametrize("depth", [1900, pytest.param(10_000, marks=pytest.mark.slow)])
def test_folders_as_deep_as_can_be_need_no_stack(project: Project, promises: Promises, depth: int) -> None:
    """Paths end at 4,096 bytes, which are two thousand folders; what lies deeper cannot be named."""
    project.write({"n.py": "y: int = ''\n"})
    top = os.open(project.folder, os.O_RDONLY)
    here = os.dup(top)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    with os.fdopen(os.open("m.py", os.O_CREAT | os.O_WRONLY, dir_fd=here), "w") as file:
        file.write("x: int = ''\n")
    os.close(here)
    os.close(top)
    try:
        if depth < 2000:
            with promises.attempt("trees compared with mypy"):
                same_here(project, ".")
        project.prefix = ("sh", "-c", 'ulimit -s 256; exec "$@"', "sh")
        with promises.attempt("trees that mypy cannot check"):  # with so little stack mypy may crash, we may not
            answer = project.check(".").answer
            assert answer.status in (1, 2)
            if depth < 2000:
                assert "n.py:1: error: " in answer.stdout
    finally:
        subprocess.run(["rm", "-rf", project.folder / "d"], check=True)


def test_links_to_themselves_and_to_nothing(project: Project, promises: Promises) -> None:
    project.write({"a.py": "import lost, me\nx: int = ''\n"})
    (project.folder / "me").symlink_to("me")
    (project.folder / "lost").symlink_to("nowhere")
    with promises.attempt("trees compared with mypy"):
        project.same(".")
    (project.folder / "me.py").symlink_to("me.py")
    with promises.attempt("trees compared with mypy"):
        project.same(".")


@pytest.mark.slow
def test_links_that_make_a_tree_endless_are_named(project: Project, promises: Promises) -> None:
    project.write({"a/m.py": ""})
    for name in ("x", "y", "z"):
        (project.folder / "a" / name).symlink_to(".")
    with promises.attempt("trees that mypy cannot check"):
        answer = project.check(".").answer
        assert answer.status == 2
        assert "typewave: error: the sources cannot be listed" in answer.stderr


NOT_UTF8 = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize("name", [f"{NOT_UTF8}.py", f"{NOT_UTF8}/m.py", f"{NOT_UTF8}/__init__.py", f"{NOT_UTF8}.txt"])
def test_names_that_are_not_utf8(shop: Project, promises: Promises, name: str) -> None:
    shop.write({name: "x: int = ''\n"})
    for targets in ((".",), ("shop", name)):
        with promises.attempt("trees compared with mypy"):
            same_here(shop, *targets)


@pytest.mark.parametrize("name", ["red\x1b[31m", "bell\x07", "title\x1b]0;owned\x07", "csi\u009b31m"])
def test_names_with_control_characters_are_mypys_to_print_and_escaped_in_our_words(
    shop: Project, promises: Promises, name: str
) -> None:
    shop.write({f"{name}.py": "x: int = ''\nimport shop.price\n"})
    with promises.attempt("trees compared with mypy"):
        shop.same(".")
    with promises.attempt(PROMISE):
        shop.write({f"{name}.py": "x: int = 1\n"})
        plan = shop.call("check", *shop.own_arguments(), "--dry-run", ".").stdout
        assert "would be checked" in plan
        os.mkfifo(shop.folder / f"{name}_pipe.py")
        refused = shop.check(".").answer.stderr
        assert "is a pipe" in refused
        for text in (plan, refused):
            assert not {"\x1b", "\x07", "\u009b"} & set(text), text


def test_a_working_folder_that_is_gone(shop: Project, promises: Promises) -> None:
    command = f"mkdir gone && cd gone && rmdir ../gone && exec {shop.binary} check --python={shop.python} ."
    with promises.attempt("trees that mypy cannot check"):
        done = subprocess.run(["sh", "-c", command], cwd=shop.folder, capture_output=True, text=True)
        assert done.returncode == 2
        assert done.stderr.startswith("typewave: error: ")
        assert "terminate" not in done.stderr


# -- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 1, 4_102_444_800, -86_400, (1 << 33) + 5])
def test_files_from_1970_and_2100(shop: Project, promises: Promises, seconds: int) -> None:
    """An edit that leaves time and size as they were is still noticed."""
    tool = shop.folder / "tool.py"

    def write(text: str) -> None:
        shop.write({"tool.py": text})
        for path in shop.folder.rglob("*.py"):
            os.utime(path, (seconds, seconds))

    for text in ("x: int = 111\n", "x: int = '1'\n", "x: str = '1'\n", "x: str = 111\n"):
        write(text)
        assert tool.stat().st_size == 13
        with promises.attempt("clocks that jump"):
            shop.same(".")


@pytest.mark.skipif(not shutil.which("faketime"), reason="needs libfaketime")
def test_a_clock_that_jumps(shop: Project, promises: Promises) -> None:
    """Runs in 2100, 1970 and today take turns with one store; the files' times are the disk's."""
    times = ("2099-12-31 23:59:58", "1970-01-02 00:00:00", "", "2030-01-01 00:00:00", "")
    for round_number, when in enumerate((*times, *times)):
        shop.write({"tool.py": f"x: int = {round_number % 2 or repr('')}\n"})
        shop.prefix = ("faketime", "-f", f"@{when}") if when else ()
        shop.variables = {"NO_FAKE_STAT": "1"} if when else {}
        checked = shop.check(".")
        shop.prefix, shop.variables = (), {}
        with promises.attempt("clocks that jump"):
            found = difference(shop.cold("."), checked.answer)
            assert not found, found
