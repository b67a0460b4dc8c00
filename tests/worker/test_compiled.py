"""Compiled code is kept between workers, used only when this user alone can have written it, and never needed."""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typewave_worker.compiled import KEPT

from worker_process import WorkerProcess

PLANTED = 77


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    folder = tmp_path / "caches"
    folder.mkdir()
    return folder


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    folder = tmp_path / "checked"
    folder.mkdir()
    return folder


def run(checked: Path, caches: Path | str, home: str = "") -> int:
    """A worker's exit status."""
    return WorkerProcess(checked, {"XDG_CACHE_HOME": str(caches), "HOME": home}).stop()


def kept(caches: Path) -> Path:
    (file,) = (caches / "typewave-worker").iterdir()
    return file


def plant(file: Path) -> None:
    """Code that ends with a status of its own, in the form in which a worker leaves it."""
    code = compile(f"import os; os._exit({PLANTED})", "<planted>", "exec")
    data = marshal.dumps({"typewave_worker": code})
    file.write_bytes(hashlib.sha256(data).digest() + data)


def test_the_next_worker_uses_it(checked: Path, caches: Path) -> None:
    assert run(checked, caches) == 0
    file = kept(caches)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    before = file.stat()
    assert run(checked, caches) == 0
    assert kept(caches).stat().st_ino == before.st_ino
    plant(file)
    assert run(checked, caches) == PLANTED


def test_it_lies_in_the_home_folder_by_default(checked: Path, tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    assert run(checked, "", str(tmp_path)) == 0
    assert kept(tmp_path / ".cache").is_file()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[: len(data) // 2],
        lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
    ],
)
def test_damage_is_mended(checked: Path, caches: Path, damage: Callable[[bytes], bytes]) -> None:
    assert run(checked, caches) == 0
    file = kept(caches)
    intact = file.read_bytes()
    file.write_bytes(damage(intact))
    assert run(checked, caches) == 0
    assert kept(caches).read_bytes() == intact


def open_folder_to_others(file: Path) -> None:
    file.parent.chmod(0o750)


def open_file_to_others(file: Path) -> None:
    file.chmod(0o620)


def link_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))
    file.parent.symlink_to("elsewhere")


def link_file(file: Path) -> None:
    elsewhere = file.parent.with_name("elsewhere")
    file.rename(elsewhere)
    file.symlink_to(elsewhere)


def give_folder_away(file: Path) -> None:
    os.chown(file.parent, 1, -1)


def give_file_away(file: Path) -> None:
    os.chown(file, 1, -1)


@pytest.mark.parametrize(
    "spoil", [open_folder_to_others, open_file_to_others, link_folder, link_file, give_folder_away, give_file_away]
)
def test_what_others_can_have_written_is_not_run(checked: Path, caches: Path, spoil: Callable[[Path], None]) -> None:
    if os.geteuid() != 0 and "away" in spoil.__name__:
        pytest.skip("only root can give files away")
    assert run(checked, caches) == 0
    plant(kept(caches))
    spoil(kept(caches))
    assert run(checked, caches) == 0


def test_what_the_checked_folder_brings_along_is_not_run(checked: Path) -> None:
    inside = checked / ".cache"
    inside.mkdir()
    for caches, home in ((str(inside), ""), (".cache", ""), ("", str(checked)), ("", ".")):
        assert run(checked, caches, home) == 0
    assert not list(inside.iterdir())


def test_a_worker_starts_where_nothing_can_be_kept(checked: Path, caches: Path, tmp_path: Path) -> None:
    (caches / "typewave-worker").write_text("in the way")
    assert run(checked, caches) == 0
    assert run(checked, tmp_path / "missing") == 0
    assert run(checked, "/proc/self") == 0
    assert run(checked, "", "") == 0
    assert not (tmp_path / "missing").exists()


def test_only_the_newest_stay(checked: Path, caches: Path) -> None:
    folder = caches / "typewave-worker"
    folder.mkdir(0o700)
    for number in range(KEPT + 3):
        (folder / f"old{number}").write_text("")
        os.utime(folder / f"old{number}", (number, number))
    assert run(checked, caches) == 0
    names = {file.name for file in folder.iterdir()}
    assert len(names) == KEPT
    assert {name for name in names if name.startswith("old")} == {f"old{number}" for number in range(4, KEPT + 3)}
