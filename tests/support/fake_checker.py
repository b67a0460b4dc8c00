"""A Python interpreter for typewave whose worker answers as usual, but checks nothing.

Every module gets an interface that names its source, no diagnostics, and uses what it imports: that is enough for
graphs no mypy would be through with. Write one with `install`.
"""

from __future__ import annotations

from pathlib import Path

SCRIPT = """\
#!{python}
import sys
from array import array
from types import ModuleType


class Crash(Exception):
    pass


class Session:
    def __init__(self, request, blobs):
        self.loaded = set()

    def load(self, components, blobs):
        for component in components:
            self.loaded.update(module["number"] for module in component)

    def check(self, component, visible, missing, bodies):
        modules = component["modules"]
        own = {{module["number"] for module in modules}}
        imports = {{number for module in modules for number, _, _ in module["dependencies"]}}
        strange = imports - own - self.loaded
        if strange:
            raise Crash(f"not loaded: {{sorted(strange)[:3]}}")
        yield {{"did": "interface"}}, [str(module["source_sha1"]).encode() for module in modules]
        errors = [[] for _ in modules]
        used = array("I", sorted(imports - own)).tobytes()
        yield {{"did": "checked", "errors": errors, "cpu": 0.0}}, [used, b"", b""]


fake = ModuleType("typewave_worker.checker")
fake.Session, fake.Crash = Session, Crash
sys.modules[fake.__name__] = fake
code = sys.argv[2]
del sys.argv[1:3]
sys.argv[0] = "-c"
exec(compile(code, "<bootstrap>", "exec"), {{"__name__": "__main__"}})
"""


def install(python: Path, folder: Path) -> Path:
    """Puts it into a folder; `python` is the interpreter that has mypy."""
    script = folder / "bin" / "python"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(SCRIPT.format(python=python), encoding="utf-8")
    script.chmod(0o755)
    return script
