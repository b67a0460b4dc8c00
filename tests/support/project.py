"""A small project in a folder of its own, to call typewave and mypy on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.answers import difference
from support.checkout import Checked
from support.oracle import Answer, cold_mypy, environment, run

# Without its capabilities even root meets the permissions of files.
UNPRIVILEGED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()

# One type error, one cycle, one module that nothing depends on.
SHOP = {
    "shop/__init__.py": "",
    "shop/price.py": "def price(name: str) -> int:\n    return len(name)\n",
    "shop/order.py": "from shop import customer\nfrom shop.price import price\n\n\n"
    "def total(names: list[str]) -> int:\n    return sum(price(name) for name in names)\n",
    "shop/customer.py": "from shop import order\n\n\ndef pay(names: list[str]) -> str:\n"
    "    return order.total(names)\n",
    "tool.py": "import shop.price\n\nshop.price.price(1)\n",
}
SHOP_ERRORS = 2


def _heed_signals() -> None:
    """Whoever runs the tests may ignore signals (nohup, a job in the background); typewave would then do so too."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@dataclass
class Project:
    """Where typewave is called, with the home folder and the store it uses."""

    binary: Path
    python: Path
    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    store_folder: Path | None = None  # that of another project, to share it

    def __post_init__(self) -> None:
        for folder in (self.folder, self.home, self.folder / ".git"):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.root / "project"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def store(self) -> Path:
        return self.store_folder or self.root / "store"

    @property
    def summary_file(self) -> Path:
        return self.root / "summary.json"

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        return environment(self.home, self.variables)

    def call(self, *arguments: str) -> Answer:
        """typewave with these arguments and no others."""
        return run([*self.prefix, str(self.binary), *arguments], self.folder, self.environment(), timeout=300)

    def own_arguments(self) -> list[str]:
        return [f"--python={self.python}", f"--store={self.store}", f"--summary-json={self.summary_file}"]

    def check(self, *arguments: str) -> Checked:
        self.summary_file.unlink(missing_ok=True)
        answer = self.call("check", *self.own_arguments(), *arguments)
        return Checked(answer, self.summary())

    def summary(self) -> dict[str, Any]:
        if not self.summary_file.exists():
            return {}
        loaded: dict[str, Any] = json.loads(self.summary_file.read_text(encoding="utf-8"))
        return loaded

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The same as `check`, under way, in a process group of its own."""
        return subprocess.Popen(
            [*self.prefix, str(self.binary), "check", *self.own_arguments(), *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_heed_signals,
        )

    def cold(self, *arguments: str) -> Answer:
        return cold_mypy(self.python, self.folder, arguments, self.environment())

    def cold_here(self, *arguments: str) -> Answer:
        """Cold mypy with the same powers as typewave; for what the remembered answers do not tell apart."""
        mypy = [str(self.python.parent / "mypy"), "--no-incremental", f"--cache-dir={os.devnull}", *arguments]
        return run([*self.prefix, *mypy], self.folder, {**self.environment(), "PYTHONHASHSEED": "0"})

    def same(self, *arguments: str) -> Checked:
        """Checks, and compares the answer with cold mypy's."""
        checked = self.check(*arguments)
        found = difference(self.cold(*arguments), checked.answer)
        assert not found, found
        return checked

    def packs(self) -> list[Path]:
        return sorted(self.store.rglob("*.pack"))


def own_lines(stderr: str) -> list[str]:
    """typewave's own lines on standard error."""
    return [line for line in stderr.splitlines() if line.startswith("typewave: ")]


def one_trouble(answer: Answer) -> str:
    """The one error line of a run that typewave itself refused."""
    errors = [line for line in own_lines(answer.stderr) if line.startswith("typewave: error: ")]
    assert answer.status == 2, answer
    assert len(errors) == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    return errors[0]


def files_below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder))
