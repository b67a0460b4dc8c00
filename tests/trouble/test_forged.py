"""A store that somebody else may write to: packs made on purpose, with every checksum right.

What is told by such a store cannot be told from what typewave itself wrote. What can be seen to be wrong is a miss, and
whatever it says, nothing outside is touched, nothing is allocated without bound, and typewave does not crash.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support.project import SHOP, Project, own_lines
from support.promises import Promises
from trouble import forger
from trouble.forger import Kind, Record

PROMISE = "forged packs"
EDIT = {"other.py": "from shop.order import total\n\ntotal([1])\n"}
STATE = ".typewave_cache"
NAME = "01790000000000000000-0123456789abcdef.pack"

Forge = Callable[[Record], bytes]


class Forgery:
    """A store that was filled, to be replaced by what a forger makes of it. The checkout remembers nothing."""

    def __init__(self, project: Project, files: dict[str, str]) -> None:
        self.project = project
        project.write({**SHOP, **files})
        for _ in range(2):
            project.check(".")
        self.records = [record for pack in project.packs() for record in forger.read_pack(pack)]
        self.watched = project.root / "watched"
        self.watched.mkdir()
        (self.watched / "precious").write_text("mine\n", encoding="utf-8")

    def plant(self, records: list[Record]) -> None:
        """As it was, but for the store."""
        for pack in self.project.packs():
            pack.unlink()
        forger.write_pack(self.project.store / "v1" / "packs" / NAME, records)
        shutil.rmtree(self.project.folder / STATE, ignore_errors=True)
        for name in EDIT:
            (self.project.folder / name).unlink(missing_ok=True)

    def replace(self, kind: Kind, forge: Forge) -> int:
        """How many records there are of this kind."""
        forged = [record._replace(content=forge(record)) if record.kind == kind else record for record in self.records]
        self.plant(forged)
        return sum(record.kind == kind for record in self.records)

    def untouched(self) -> bool:
        return [path.read_text(encoding="utf-8") for path in self.watched.iterdir()] == ["mine\n"]


PLUGIN = """
from mypy.plugin import Plugin


class Adding(Plugin):
    def get_additional_deps(self, file):
        return [(10, "shop.price", -1)] if file.fullname == "tool" else []


def plugin(version):
    return Adding
"""


MakeProject = Callable[[], Project]


@pytest.fixture(scope="module")
def make_project(tmp_path_factory: pytest.TempPathFactory, typewave: Path, checker_python: Path) -> MakeProject:
    return lambda: Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("forged"))


@pytest.fixture(scope="module")
def forgery(make_project: MakeProject) -> Forgery:
    return Forgery(make_project(), {})


@pytest.fixture(scope="module")
def plugged(make_project: MakeProject) -> Forgery:
    """With what a plugin adds, which is a kind of record of its own."""
    return Forgery(make_project(), {"mypy.ini": "[mypy]\nplugins = adding.py\n", "adding.py": PLUGIN})


def other_bit(record: Record) -> bytes:
    middle = len(record.content) // 2
    return record.content[:middle] + bytes([record.content[middle] ^ 1]) + record.content[middle + 1 :]


CONTENTS: dict[str, Forge] = {
    "nothing": lambda record: b"",
    "rubbish": lambda record: random.Random(record.key).randbytes(len(record.content)),
    "largest numbers": lambda record: b"\xff" * 4096,
    "its first half": lambda record: record.content[: len(record.content) // 2],
    "more than there is": lambda record: record.content + b"\0",
    "its start and the largest numbers": lambda record: record.content[:45] + b"\xff\xff\xff\xff\x0f" * 20,
    "deep lists": lambda record: b"[" * 100_000,
    "sixty megabytes": lambda record: bytes(60 << 20),
}


def test_the_forger_knows_the_format(forgery: Forgery) -> None:
    assert {record.kind for record in forgery.records} == {*Kind} - {Kind.PLUGINS}
    forgery.plant(forgery.records)
    project = forgery.project
    project.write(EDIT)
    checked = project.same(".")
    assert checked.summary["checked_modules"] == ["other"]
    assert own_lines(checked.answer.stderr) == []


QUICK = ("rubbish", "its start and the largest numbers")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in CONTENTS]
)
def test_contents_that_are_none(forgery: Forgery, name: str, promises: Promises) -> None:
    """Every record of a kind at once: nothing of it may be believed."""
    for kind in sorted({record.kind for record in forgery.records}):
        if name == "sixty megabytes" and kind == Kind.INTERFACE:
            continue  # each of fifty: told by their digests as all others are
        number = forgery.replace(Kind(kind), CONTENTS[name])
        with promises.attempt(PROMISE, "kinds_of_record"):
            forgery.project.same(".")
            assert forgery.untouched()
        promises.count(PROMISE, records=number)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CONTENTS if name != "sixty megabytes"])
def test_dependencies_that_are_none(plugged: Forgery, name: str, promises: Promises) -> None:
    number = plugged.replace(Kind.PLUGINS, CONTENTS[name])
    assert number
    with promises.attempt(PROMISE, "kinds_of_record"):
        plugged.project.same(".")
        assert plugged.untouched()
    promises.count(PROMISE, records=number)


@pytest.mark.parametrize("kind", [Kind.INTERFACE, Kind.PATHS], ids=lambda kind: kind.name.lower())
def test_contents_that_their_names_do_not_fit(forgery: Forgery, kind: Kind, promises: Promises) -> None:
    """One bit, or the content of another record: said with a count, computed again, and right."""
    contents = {record.key: record.content for record in forgery.records if record.kind == kind}
    keys = sorted(contents)
    others = {key: contents[keys[number - 1]] for number, key in enumerate(keys)}
    forges: list[Forge] = [other_bit, lambda record: others[record.key] + b"!"]
    for forge in forges:
        number = forgery.replace(kind, forge)
        forgery.project.write(EDIT)
        with promises.attempt(PROMISE, "kinds_of_record"):
            checked = forgery.project.same(".")
            if kind == Kind.INTERFACE:
                assert checked.summary["store"]["corrupt"] > 0
            assert forgery.project.same(".").summary["checked"] == 0
        promises.count(PROMISE, records=number)


@pytest.mark.slow
def test_results_of_others(forgery: Forgery, promises: Promises) -> None:
    """Each result under the key of another one: of other modules, of more, of fewer. Whatever is believed of it."""
    manifests = [record for record in forgery.records if record.kind == Kind.MANIFEST]
    rest = [record for record in forgery.records if record.kind not in (Kind.MANIFEST, Kind.ANSWER)]
    for shift in range(1, len(manifests)):
        moved = [
            record._replace(content=manifests[(number + shift) % len(manifests)].content)
            for number, record in enumerate(manifests)
        ]
        forgery.plant([*rest, *moved])
        with promises.attempt(PROMISE, "results_swapped"):
            answer = forgery.project.check(".").answer
            assert answer.status in (0, 1, 2)
            assert "Traceback" not in answer.stderr
            assert "INVARIANT" not in answer.stderr
            assert forgery.untouched()


@pytest.mark.slow
def test_results_that_name_interfaces_of_others(forgery: Forgery, promises: Promises) -> None:
    """The digests are those of real interfaces, but of other modules, or of none."""
    interfaces = sorted(record.key for record in forgery.records if record.kind == Kind.INTERFACE)
    others = dict(zip(interfaces, interfaces[1:] + interfaces[:1], strict=True))

    def exchanged(record: Record, new: Callable[[bytes], bytes]) -> bytes:
        content = record.content
        for interface in interfaces:
            if (at := record.content.find(interface)) >= 0:
                content = content[:at] + new(interface) + content[at + 32 :]
        return content

    news: list[Callable[[bytes], bytes]] = [
        lambda digest: others[digest],
        lambda digest: hashlib.sha256(digest).digest(),
        lambda digest: bytes(32),
    ]
    for new in news:
        forgery.replace(Kind.MANIFEST, lambda record, new=new: exchanged(record, new))  # type: ignore[misc]
        forgery.project.write(EDIT)
        with promises.attempt(PROMISE, "results_with_wrong_digests"):
            answer = forgery.project.check(".").answer
            assert answer.status in (1, 2)
            assert "Traceback" not in "\n".join(own_lines(answer.stderr))
            assert forgery.untouched()


PATHS = ("../../watched/precious", "/dev/zero", "/proc/self/mem", "\0", "a/" * 3000, "..", "", "x" * 100_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [Kind.PATHS, Kind.PROBE, Kind.PLUGINS, Kind.ANSWER], ids=lambda kind: kind.name.lower()
)
def test_paths_that_lead_elsewhere(forgery: Forgery, plugged: Forgery, kind: Kind, promises: Promises) -> None:
    """Every path and name in a record becomes a hostile one, also in records whose keys are digests of them."""
    forgery = plugged if kind == Kind.PLUGINS else forgery
    watched = str(forgery.watched / "precious")
    for path in (watched, *PATHS):
        new = path.encode()

        def hostile(record: Record, new: bytes = new) -> bytes:
            return record.content.replace(b"shop", new).replace(b"typeshed", new)

        renamed = {
            record.key: hashlib.sha256(hostile(record)).digest()
            for record in forgery.records
            if record.kind == kind == Kind.PATHS
        }
        forged = []
        for record in forgery.records:
            content = hostile(record) if record.kind == kind else record.content
            for old, digest in renamed.items():
                content = content.replace(old, digest)
            forged.append(record._replace(key=renamed.get(record.key, record.key), content=content))
        forgery.plant(forged)
        with promises.attempt(PROMISE, "hostile_paths"):
            answer = forgery.project.check(".").answer
            assert answer.status in (0, 1, 2)
            assert "Traceback" not in answer.stderr
            assert forgery.untouched()


def megabytes_of(project: Project) -> float:
    """What the largest process of a run held."""
    project.prefix = ("sh", "-c", 'ulimit -v 6000000; exec "$@"', "sh")  # the machine is not ours alone
    process = project.start(".")
    project.prefix = ()
    assert process.stdout is not None and process.stderr is not None
    output = process.stdout.read()
    process.stdout.close()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 1, output
    return usage.ru_maxrss / 1024


@pytest.mark.parametrize(
    "kind",
    [
        Kind.MANIFEST,
        pytest.param(Kind.PROBE, marks=pytest.mark.slow),
        pytest.param(Kind.SIGHTINGS, marks=pytest.mark.slow),
    ],
    ids=lambda kind: kind.name.lower(),
)
def test_records_without_number(forgery: Forgery, kind: Kind, promises: Promises) -> None:
    """A hundred records under a key, each as large as can be: six gigabytes for a pack of one megabyte."""
    bomb = bytes(forger.LARGEST_BLOCK)
    key = next(record.key for record in forgery.records if record.kind == kind)
    forgery.plant([*(one for one in forgery.records if one.kind != Kind.ANSWER), *[Record(kind, key, bomb)] * 100])
    with promises.attempt(PROMISE, "bombs"):
        held = megabytes_of(forgery.project)
        assert held < 1000, held


def test_words_that_grow(forgery: Forgery, promises: Promises) -> None:
    """A word of a megabyte that a hundred thousand diagnostics repeat, in each a byte: a hundred gigabytes."""
    first = forger.diagnostic(b"m", b"\x01" + forger.text(b"w" * (1 << 20)))
    record = forger.manifest(bytes(32), [first, *[forger.diagnostic(b"m", b"\x02")] * 100_000])
    keys = {record.key for record in forgery.records if record.kind == Kind.MANIFEST}
    rest = [record for record in forgery.records if record.kind not in (Kind.MANIFEST, Kind.ANSWER)]
    forgery.plant([*rest, *(Record(Kind.MANIFEST, key, record) for key in keys)])
    with promises.attempt(PROMISE, "bombs"):
        held = megabytes_of(forgery.project)
        assert held < 1000, held
        assert Path(forgery.watched / "precious").exists()
