"""Whatever is damaged of what typewave wrote is a miss: said once, mended by the same run, and never a wrong answer."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.project import SHOP, Project, own_lines
from support.promises import Promises
from trouble.damage import DAMAGES, PACK_BLOCK, PACK_FOOTER, STATE, Settled, flip_a_bit

CORRUPTION = "corruption of files typewave wrote"
LEAF = {"other.py": "from shop.order import total\n\ntotal([1])\n"}
MAY_GO_UNNOTICED = {"first page zero", "middle page zero", "last page zero", "random magic", "two objects swapped"}

READ_IN_CHECKOUT = ("last-run", "probe", "scans", "graph")

MakeProject = Callable[[], Project]


@pytest.fixture(scope="module")
def make_project(tmp_path_factory: pytest.TempPathFactory, typewave: Path, checker_python: Path) -> MakeProject:
    return lambda: Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("damaged"))


def settle(project: Project) -> Settled:
    """Two packs in the store; what the last run said is remembered."""
    project.write({**SHOP, "tool.py": "x: int = ''\n"})
    project.check(".")
    project.write(SHOP)
    time.sleep(0.05)
    for _ in range(2):
        project.check(".")
    settled = Settled(project)
    settled.remember()
    settled.answers["."] = project.cold(".")
    return settled


@pytest.fixture(scope="module")
def resting(make_project: MakeProject) -> Settled:
    """Nothing of the project has changed since it was checked."""
    return settle(make_project())


@pytest.fixture(scope="module")
def edited(make_project: MakeProject) -> Settled:
    """A module was added since: checking it needs much of what is stored."""
    settled = settle(make_project())
    settled.project.write(LEAF)
    settled.answers["."] = settled.project.cold(".")
    return settled


def paths_of(settled: Settled, kind: str) -> list[Path]:
    return [path for name, paths in sorted(settled.kinds().items()) if name.endswith(kind) for path in paths]


def warnings_in(stderr: str) -> list[str]:
    return [line for line in own_lines(stderr) if "damaged" in line]


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_file(resting: Settled, edited: Settled, name: str, promises: Promises) -> None:
    """Each file alone, so that what the run says is about this one. Some are looked at only after an edit."""
    chance = random.Random(name)
    at_rest = [(resting, kind) for kind in (".pack", "last-run", "probe")]
    read = at_rest + [(edited, kind) for kind in ("scans", "graph", ".history", ".recent")]
    for settled, kind in read:
        settled.put_back()
        DAMAGES[name](chance.choice(paths_of(settled, kind)), chance)
        with promises.attempt(CORRUPTION, "files_damaged"):
            checked = settled.survives(settled.answers["."])
            if kind != ".pack" or name not in MAY_GO_UNNOTICED:
                assert len(warnings_in(checked.answer.stderr)) == 1, (kind, checked.answer.stderr)
        for outside in settled.project.root.glob("**/outside"):
            assert outside.read_text(encoding="utf-8") == "outside\n"


@pytest.mark.parametrize("name", ["half", "empty", "a full folder", "a pipe", "a link to a file"])
def test_damaged_notes(resting: Settled, name: str, promises: Promises) -> None:
    """What typewave leaves for backup programs and git, and what nobody reads: no word, and whole again afterwards."""
    resting.put_back()
    kept = [path for path in resting.written if path.suffix != ".pack" and path.name not in READ_IN_CHECKOUT]
    notes = [path for path in kept if path.name in ("CACHEDIR.TAG", ".gitignore")]
    assert len(notes) == 3
    for path in kept:
        DAMAGES[name](path, random.Random(name))
    with promises.attempt(CORRUPTION, "files_damaged"):
        resting.survives(resting.answers["."])
        for path in notes:
            assert path.is_file() and not path.is_symlink() and path.read_bytes() == resting.written[path]


@pytest.mark.parametrize("name", ["empty", "half", "random", "a folder", "another version"])
def test_whole_store_damaged(edited: Settled, name: str, promises: Promises) -> None:
    """With everything gone the run is as the first one."""
    edited.put_back()
    shutil.rmtree(edited.project.folder / STATE)
    chance = random.Random(name)
    packs = paths_of(edited, ".pack")
    for path in packs:
        DAMAGES[name](path, chance)
    with promises.attempt(CORRUPTION, "files_damaged"):
        checked = edited.survives(edited.answers["."])
        assert re.search(rf"warning: {len(packs)} damaged records? or packs? in the store w", checked.answer.stderr)


def flipped(settled: Settled, chance: random.Random, promises: Promises) -> None:
    """A bit of every kind of file at once: what only one of them would hide is looked at too."""
    settled.put_back()
    targets = [chance.choice(paths_of(settled, kind)) for kind in (".pack", *READ_IN_CHECKOUT)]
    for path in targets:
        flip_a_bit(path, chance)
    with promises.attempt(CORRUPTION, "bits_flipped"):
        settled.survives(settled.answers["."])
    promises.count(CORRUPTION, bits_flipped=len(targets) - 1)


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits(resting: Settled, edited: Settled, seed: int, promises: Promises) -> None:
    chance = random.Random(seed)
    for settled in (resting, resting, resting, edited):
        flipped(settled, chance, promises)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 134))
def test_many_flipped_bits(resting: Settled, edited: Settled, seed: int, promises: Promises) -> None:
    chance = random.Random(seed)
    for settled in [resting, edited] * 10:
        flipped(settled, chance, promises)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [".pack", *READ_IN_CHECKOUT])
def test_truncated_at_any_length(resting: Settled, edited: Settled, kind: str, promises: Promises) -> None:
    """At every length near the ends, and with a stride between; the decoders' unit tests try all."""
    settled = edited if kind in ("scans", "graph") else resting
    path = paths_of(settled, kind)[0]
    size = len(settled.written[path])
    for length in sorted({*range(24), *range(24, size, max(1, size // 40)), *range(size - 12, size)}):
        settled.put_back()
        path.write_bytes(settled.written[path][:length])
        with promises.attempt(CORRUPTION, "truncated"):
            checked = settled.survives(settled.answers["."])
            assert len(warnings_in(checked.answer.stderr)) == 1


def test_files_of_another_checkout(resting: Settled, edited: Settled, promises: Promises) -> None:
    """Whole files, but about other sources."""
    for settled, other in ((resting, edited), (edited, resting)):
        settled.put_back()
        for kind in READ_IN_CHECKOUT:
            paths_of(settled, kind)[0].write_bytes(other.written[paths_of(other, kind)[0]])
        with promises.attempt(CORRUPTION, "files_swapped"):
            assert own_lines(settled.survives(settled.answers["."]).answer.stderr) == []


# -- every byte is under a checksum ------------------------------------------------------------------------------


def verified_in_pack(content: bytes) -> int:
    """How many bytes are under a checksum that holds; runner/pack_index.h has the layout."""
    index, blocks = struct.unpack_from("<QI", content, len(content) - PACK_FOOTER)
    digest = content[-PACK_FOOTER + 16 : -8]
    assert hashlib.sha256(content[:16] + content[index : -PACK_FOOTER + 16]).digest() == digest
    end = 16
    for offset, size, _, start in sorted(PACK_BLOCK.unpack_from(content, index + 32 * one) for one in range(blocks)):
        assert offset == end, "a gap between blocks"
        assert hashlib.sha256(content[offset : offset + size]).digest()[:16] == start
        end = offset + size
    assert end == index
    assert content.startswith(b"TWPACK\r\n") and content.endswith(b"TWPKEND\n")
    return len(content)


def verified_by_its_end(content: bytes) -> int:
    assert hashlib.sha256(content[:-32]).digest() == content[-32:]
    return len(content)


def verified_by_its_start(content: bytes) -> int:
    assert hashlib.sha256(content[32:]).digest() == content[:32]
    return len(content)


def verified_behind_magic(content: bytes) -> int:
    assert content.startswith(b"TWG\x02") and hashlib.sha256(content[36:]).digest() == content[4:36]
    return len(content)


def verified_in_scans(content: bytes) -> int:
    """runner/stat_cache_file.h has the layout."""
    digest, size = content[12:44], int.from_bytes(content[44:52], "little")
    checked, bodies = content[52 : 52 + size], content[52 + size :]
    assert content.startswith(b"TWSCANS\n") and hashlib.sha256(checked).digest() == digest
    entry = struct.Struct("<QqqQQQIIIII16sI")
    end = 0
    for number in range(int.from_bytes(checked[:4], "little")):
        fields = entry.unpack_from(checked, 12 + entry.size * number)
        offset, length, start = fields[5], fields[10], fields[11]
        assert offset == end and hashlib.sha256(bodies[offset : offset + length]).digest()[:16] == start
        end = offset + length
    assert end == len(bodies)
    return len(content)


def test_every_byte_is_under_a_checksum(resting: Settled, promises: Promises) -> None:
    """A flipped bit anywhere is found, or is in a file whose content nobody reads."""
    verified = {
        ".pack": verified_in_pack,
        "last-run": verified_by_its_end,
        "probe": verified_by_its_end,
        "scans": verified_in_scans,
        "graph": verified_behind_magic,
        "surroundings": verified_by_its_start,
        ".history": verified_by_its_end,
        ".recent": verified_by_its_end,
        ".use": verified_by_its_end,
    }
    unread = {"CACHEDIR.TAG", ".gitignore", "lock", "claims", "room"}
    for path, content in resting.written.items():
        if path.name.partition("-")[0] in unread:
            continue
        if path.suffix == ".repeated":  # whose bytes are counters for `store status`
            continue
        name = next((kind for kind in verified if path.name.endswith(kind)), None)
        assert name is not None, f"{path.name} is a new kind of file: say here what vouches for its bytes"
        assert verified[name](content) == len(content)
        promises.count("bytes typewave wrote that are under a checksum", bytes=len(content))
