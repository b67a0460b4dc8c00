"""Stores and state directories that are damaged, read-only or no directories: the answer stays, one line says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support.project import UNPRIVILEGED, Project, own_lines

Damage = Callable[[Path], None]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_at(fraction: float) -> Damage:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[min(int(len(content) * fraction), len(content) - 1)] ^= 0x10
        path.write_bytes(content)

    return flip


def flip_everywhere(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(40, len(content), 256):
        content[place] ^= 0x01
    path.write_bytes(content)


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


DAMAGES = {
    "truncated": truncate,
    "empty": empty,
    "everywhere": flip_everywhere,
    "longer": grow,
    **{f"bit at {place}": flip_at(place) for place in (0.0, 0.02, 0.2, 0.5, 0.8, 0.97, 1.0)},
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_store(shop: Project, damage: Damage) -> None:
    first = shop.check(".").answer
    shop.write({"tool.py": "x: int = ''\n"})
    shop.check(".")  # a second pack
    shop.write({"tool.py": "import shop.price\n\nshop.price.price(1)\n"})
    for pack in shop.packs():
        damage(pack)
    shutil.rmtree(shop.folder / ".typewave_cache")
    # An edit makes a worker load what is stored.
    shop.write({"other.py": "from shop.order import total\n\ntotal([1])\n"})
    damaged = shop.same(".")
    assert first.stdout.splitlines()[0] in damaged.answer.stdout
    assert len(own_lines(damaged.answer.stderr)) <= 1
    assert all("typewave: warning: " in line for line in own_lines(damaged.answer.stderr))
    for _ in range(2):
        healed = shop.same(".")
        assert own_lines(healed.answer.stderr) == []
        assert healed.summary["checked"] == 0


@pytest.mark.parametrize("damage", [truncate, empty, flip_everywhere, grow, flip_at(0.0), flip_at(0.5), flip_at(1.0)])
def test_damaged_state_directory(shop: Project, damage: Damage) -> None:
    first = shop.check(".").answer
    for path in (shop.folder / ".typewave_cache").iterdir():
        if path.is_file():
            damage(path)
    again = shop.check(".")
    assert (again.answer.status, again.answer.stdout) == (first.status, first.stdout)
    assert ["damaged" in line for line in own_lines(again.answer.stderr)] == [True]
    assert again.summary["checked"] == 0
    assert shop.check(".").answer == first


def test_state_directory_that_is_a_file(shop: Project) -> None:
    (shop.folder / ".typewave_cache").write_text("mine\n", encoding="utf-8")
    shop.same(".")
    assert (shop.folder / ".typewave_cache").read_text(encoding="utf-8") == "mine\n"


def test_read_only_store(shop: Project) -> None:
    shop.same(".")
    before = shop.packs()
    shop.prefix = UNPRIVILEGED
    folders = [shop.store, *(path for path in shop.store.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        assert shop.same(".").summary["checked"] == 0
        shop.write({"tool.py": "x: int = ''\n"})
        changed = shop.same(".")
        assert changed.summary["checked_modules"] == ["tool"]
        assert len(own_lines(changed.answer.stderr)) == 1
        assert "typewave: warning: " in changed.answer.stderr
        assert shop.packs() == before
    finally:
        for folder in folders:
            folder.chmod(0o700)


@pytest.mark.parametrize("below", ["", "/deeper"])
def test_store_that_is_a_file(shop: Project, below: str) -> None:
    (shop.root / "file").write_text("mine\n", encoding="utf-8")
    answer = shop.call("check", f"--python={shop.python}", f"--store={shop.root / 'file'}{below}", ".")
    assert answer.stdout == shop.check(".").answer.stdout
    assert answer.status == 1
    assert len(own_lines(answer.stderr)) == 1
    assert str(shop.root / "file") in answer.stderr
    assert (shop.root / "file").read_text(encoding="utf-8") == "mine\n"


def test_store_without_a_name(shop: Project) -> None:
    answer = shop.call("check", f"--python={shop.python}", "--store=", ".")
    assert answer.stdout == shop.check(".").answer.stdout or answer.status == 2
    assert len(own_lines(answer.stderr)) >= 1
