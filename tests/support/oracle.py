"""The oracle: one cold run of plain mypy on a folder, remembered by everything that decides its answer.

Answers that the quick tests need are recorded in testdata/answers.jsonl, so that they cost nothing anywhere; with
`--slow` they are asked for anew. To renew the record, empty build/oracle-cache, run the tests with
TYPEWAVE_FRESH_ANSWERS=1 and then, in the folder tests, `python -m support.oracle`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CACHE = REPOSITORY / "build" / "oracle-cache"
RECORD = REPOSITORY / "testdata" / "answers.jsonl"
OWN_FOLDERS = {".typewave_cache", ".mypy_cache"}
TREE = "<tree>"


@dataclass(frozen=True)
class Answer:
    """What a checker said about a folder; the folder's own path reads `<tree>`."""

    status: int
    stdout: str
    stderr: str


def environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the caller's but PATH: neither mypy's variables nor a configuration in the home folder."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8", **extra}


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str], timeout: float = 900) -> Answer:
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
    )

    def portable(text: bytes) -> str:
        return text.decode("utf-8", "backslashreplace").replace(str(folder), TREE)

    return Answer(done.returncode, portable(done.stdout), portable(done.stderr))


def fingerprint(folder: Path) -> str:
    """A digest of all names, links and bytes below a folder, whatever its own path and times are."""
    digest = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in OWN_FOLDERS)
        for name in sorted([*files, *folders]):
            path = Path(parent, name)
            if path.is_symlink():
                content = b"link " + os.fsencode(path.readlink())
            elif path.is_dir():
                content = b"folder"
            else:
                content = b"file " + hashlib.sha256(path.read_bytes()).digest()
            entry = os.fsencode(path.relative_to(folder))
            digest.update(b"%d %s %d %s" % (len(entry), entry, len(content), content))
    return digest.hexdigest()


def cold_mypy(python: Path, folder: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> Answer:
    """The reference for "the same answer": mypy without any cache, with a fixed hash seed."""
    environment_folder = python.parent.parent
    identity = [
        (environment_folder / "requirements.txt").read_text(encoding="utf-8"),
        sorted(path.name for path in environment_folder.glob("lib/python3*")),
    ]
    home = variables.get("HOME", "")
    telling = {name: value for name, value in variables.items() if name not in ("PATH", "HOME")}
    text = json.dumps([identity, fingerprint(folder), list(arguments), telling]).replace(home, "<home>")
    key = hashlib.sha256(text.encode()).hexdigest()
    if key in recorded():
        return recorded()[key]
    remembered = CACHE / f"{key}.json"
    if remembered.exists():
        return Answer(**json.loads(remembered.read_text(encoding="utf-8")))
    # A script of the environment, not `-m mypy`: that would put the checked folder on mypy's own sys.path.
    command = [str(python.parent / "mypy"), "--no-incremental", f"--cache-dir={os.devnull}", *arguments]
    answer = run(command, folder, {**variables, "PYTHONHASHSEED": "0"})
    if TREE in answer.stdout + answer.stderr:
        return answer  # Line breaks under --pretty depend on the length of the folder's path.
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = remembered.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(asdict(answer)), encoding="utf-8")
    unfinished.replace(remembered)
    return answer


@functools.cache
def recorded() -> dict[str, Answer]:
    """The recorded answers by key; none where fresh ones are wanted."""
    if os.environ.get("TYPEWAVE_FRESH_ANSWERS") or not RECORD.exists():
        return {}
    entries = [json.loads(line) for line in RECORD.read_text(encoding="utf-8").splitlines()]
    return {entry["key"]: Answer(**entry["answer"]) for entry in entries}


def record() -> None:
    """Records what build/oracle-cache holds."""
    lines = [
        json.dumps({"key": path.stem, "answer": json.loads(path.read_text(encoding="utf-8"))}, ensure_ascii=False)
        for path in sorted(CACHE.glob("*.json"))
    ]
    RECORD.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    record()
