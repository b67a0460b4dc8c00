"""Compares the import scanner with mypy's own native parser, file by file.

Needs `scan_dump` (environment variable TYPEWAVE_SCAN_DUMP, else looked for in build/) and runs under the interpreter
that has mypy. TYPEWAVE_SCAN_FOLDERS (separated by `:`) names the folders of Python files; the default is this
interpreter's standard library and site-packages, typeshed with them. TYPEWAVE_SCAN_FILES caps the files of each folder
(0: all), TYPEWAVE_SCAN_GENERATED the generated files of each target, TYPEWAVE_SCAN_SEED chooses them.

As a program it prints the tally: python tests/differential/test_scan.py
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mypy.errors import CompileError
from mypy.nativeparse import deserialize_imports, native_parse
from mypy.nodes import Import, ImportAll, ImportFrom
from mypy.options import Options
from mypy.util import DecodeError

REPOSITORY = Path(__file__).resolve().parents[2]
FEW_FILES = 300
FEW_GENERATED = 150


class Target(NamedTuple):
    version: tuple[int, int]
    platform: str
    always_true: tuple[str, ...] = ()
    always_false: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        names = [f"+{name}" for name in self.always_true] + [f"-{name}" for name in self.always_false]
        return [f"{self.version[0]}.{self.version[1]}", self.platform, *names]

    def options(self) -> Options:
        options = Options()
        options.python_version = self.version
        options.platform = self.platform
        options.always_true = list(self.always_true)
        options.always_false = list(self.always_false)
        return options


TARGETS = [
    Target((3, 10), "linux"),
    Target((3, 14), "linux"),
    Target((3, 12), "win32", always_true=("True", "X1"), always_false=("X2", "False", "DEBUG")),
    Target((3, 13), "darwin", always_true=("DEBUG",)),
]

# (kind, line, dots, module, names, top level, mypy only)
ImportRow = tuple[str, int, int, str, tuple[str, ...], bool, bool]


@dataclass
class Scan:
    imports: list[ImportRow]
    template_strings: bool
    module_getattr: bool


@dataclass
class Tally:
    compared: int = 0
    imports: int = 0
    rejected: int = 0  # by mypy; the scanner may say anything
    rejected_but_sure: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.compared += other.compared
        self.imports += other.imports
        self.rejected += other.rejected
        self.rejected_but_sure += other.rejected_but_sure
        self.differences += other.differences

    def __str__(self) -> str:
        return (
            f"{self.compared} compared, {self.imports} imports, {len(self.differences)} different; "
            f"{self.rejected} rejected by mypy, {self.rejected_but_sure} of them unnoticed"
        )


def scan_dump() -> Path:
    if "TYPEWAVE_SCAN_DUMP" in os.environ:
        return Path(os.environ["TYPEWAVE_SCAN_DUMP"])
    return REPOSITORY / "build" / "scan_dump"


def mypy_scan(path: Path, options: Options, stripped: bool) -> Scan | None:
    """What mypy finds; None if it rejects the file."""
    try:
        tree, errors, _ = native_parse(str(path), options, skip_function_bodies=stripped)
    except (CompileError, DecodeError, UnicodeDecodeError, ValueError):
        return None
    assert tree.raw_data is not None
    if any(error.get("blocker", True) for error in errors):
        return None
    rows: list[ImportRow] = []
    for node in deserialize_imports(tree.raw_data.imports):
        if node.is_unreachable:
            continue
        flags = (node.is_top_level, node.is_mypy_only)
        if isinstance(node, Import):
            rows += [("import", node.line, 0, name, (), *flags) for name, _ in node.ids]
        elif isinstance(node, ImportFrom):
            names = tuple(name for name, _ in node.names)
            rows.append(("from", node.line, node.relative, node.id, names, *flags))
        else:
            assert isinstance(node, ImportAll)
            rows.append(("star", node.line, node.relative, node.id, (), *flags))
    return Scan(rows, tree.raw_data.uses_template_strings, tree.raw_data.is_partial_stub_package)


def our_scans(paths: list[Path], target: Target) -> dict[Path, dict[str, object]]:
    result = subprocess.run(
        [str(scan_dump()), *target.arguments()],
        input="".join(f"{path}\n" for path in paths),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(paths), "scan_dump prints a line for each path"
    return {Path(line["path"]): line for line in lines}


def our_rows(line: dict[str, object], stripped: bool) -> list[ImportRow]:
    rows: list[ImportRow] = []
    imports = line["imports"]
    assert isinstance(imports, list)
    for kind, number, dots, module, names, top_level, mypy_only, dropped in imports:
        if not (stripped and dropped):
            rows.append((kind, number, dots, module, tuple(names), top_level, mypy_only))
    return rows


def differences(path: Path, ours: dict[str, object], full: Scan, stripped: Scan) -> list[str]:
    if not ours["sure"]:
        return [f"{path}: unsure: {ours['doubt']}"]
    # An inline comment strips the bodies even if nobody else asked for it.
    inline = bool(ours["ignores_errors"])
    found = []
    for name, theirs, strip in (("full", full, inline), ("stripped", stripped, True)):
        rows = our_rows(ours, strip)
        if rows != theirs.imports:
            only_ours = [row for row in rows if row not in theirs.imports]
            only_theirs = [row for row in theirs.imports if row not in rows]
            found.append(f"{path}: {name}: ours {only_ours[:5]}, mypy's {only_theirs[:5]}")
        strings = ours["template_strings_kept" if strip else "template_strings"]
        if strings != theirs.template_strings:
            found.append(f"{path}: {name}: template strings: ours {strings}")
    if path.name == "__init__.pyi" and ours["module_getattr"] != full.module_getattr:
        found.append(f"{path}: __getattr__: ours {ours['module_getattr']}")
    return found


def compare(paths: list[Path], target: Target) -> Tally:
    tally = Tally()
    ours = our_scans(paths, target)
    options = target.options()
    for path in paths:
        full = mypy_scan(path, options, stripped=False)
        stripped = mypy_scan(path, options, stripped=True)
        if full is None or stripped is None:
            tally.rejected += 1
            tally.rejected_but_sure += bool(ours[path]["sure"])
            continue
        tally.compared += 1
        tally.imports += len(full.imports)
        tally.differences += differences(path, ours[path], full, stripped)
    return tally


def python_files(folder: Path, cap: int) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*.py*") if path.suffix in (".py", ".pyi") and path.is_file())
    if cap and len(paths) > cap:
        return random.Random(len(paths)).sample(paths, cap)
    return paths


def folders() -> list[Path]:
    named = os.environ.get("TYPEWAVE_SCAN_FOLDERS", "")
    if named:
        return [Path(name) for name in named.split(":")]
    library = sysconfig.get_paths()
    return [Path(library["stdlib"]), Path(library["purelib"])]


class Generator:
    """Writes valid Python whose imports are hard to see."""

    CONDITIONS = (
        "TYPE_CHECKING MYPY PY2 PY3 X1 X2 DEBUG True False a a.b typing.TYPE_CHECKING x().PY2 x[0].MYPY -a.PY2 1 (a) "
        "sys.platform __debug__"
    ).split() + [
        "sys.version_info >= (3, 12)", "sys.version_info < (3, 11)", "(3, 13) <= sys.version_info",
        "sys.version_info[0] == 3", "sys.version_info[1] > 0xb", "sys.version_info[:1] == (3,)",
        "sys.version_info[0:2:1] != (3, 1_2)", "sys.version_info[1:] < (14,)", "sys.version_info > ()",
        "sys.version_info >= (3, 12, 1)", "sys.version_info >= (3)", "(sys).version_info == (3, 14)",
        "sys.version_info >= 3", "sys.version_info == (3,)", "sys.version_info[-1] == 3", "sys.version_info[2] > 1",
        "sys.version_info[(1)] >= ((12))", "(((3, 12))) > (sys.version_info[:])", "3 < sys.version_info[0] < 4",
        "sys.version_info >= [3, 12]", "sys.version_info.minor > 3", "sys.version_info is (3, 12)",
        "sys.platform == 'linux'", "sys.platform != \"win32\"", "sys.platform == b'linux'", "sys.platform == f'linux'",
        "sys.platform == r'lin' 'ux'", "sys.platform in ('linux', 'darwin')", "sys.platform not in ['win32']",
        "sys.platform in {'win32', \"\"\"darwin\"\"\"}", "sys.platform in ()", "sys.platform in ('linux')",
        "sys.platform in ('linux', x)", "sys.platform.startswith('lin')", "sys.platform.startswith('wi', start=0)",
        "sys.platform.startswith(('linux',))", "(sys.platform.startswith)((u'dar\\u0077in'))", "'linux' == sys.platform",
        "sys.platform.startswith('l', 0)", "sys.platform.startswith(*('l',))", "sys.platform == 'l\\x69nux'",
        "sys.platform.startswith('lin', **{})", "(sys . platform) == ('linux')", "sys.platform.endswith('x')",
        "lambda: TYPE_CHECKING", "(x := TYPE_CHECKING)", "x := PY2", "a if TYPE_CHECKING else PY2", "await_.PY2",
        "(TYPE_CHECKING, a)", "f'{PY2}'", "{PY2: lambda: 1}", "not_.PY3", "x is not PY2", "PY3 == PY3", "[PY2]",
        "sys.platform in {'linux': 1}", "sys.platform in ['linux' for _ in x]", "x[lambda: 1 : 2].PY2", "\uff30\uff39\uff12",
    ]  # fmt: skip
    EXPRESSIONS = [
        "a", "1", "'x'", "b'y'", "(yield)", "(lambda: (yield))", "f'{(yield)}'", "f'{a:{b}}{{import_z}}'", "t'{a}'",
        "f'{t\"\"}'", "a[1:2]", "{1:2}", "f'{a!r:>{w}}'", "a.b", "self.x", "cls.y", "f(self.x)", "(self.x,self.y)",
        "[1,(2)]", "f'{lambda_: }'", "rf'\\{a}'", "'\\N{BULLET}'", "f'\\N{BULLET}{a}'", "(x:=1)", "0xf or x", "1_0j",
        ".5", "'a''b'", "(a)", "1if a else 0o7", "'\\''", "f'\\''", "f'{a:\\{b}}'", "f'''{a:\n{b}'{c!s}\n}'''",
        "'''\nimport in_string\n'''", "f'''{\na\n:\n}\nimport nothing'''", "(\n# type: ignore\n1)", "(a for a in x)",
        "lambda a=lambda: 1, *b: a", "[x for x in a if x]", "f\"{'a' if x else \"b\"}\"", "f'{x!r}{y=}{z = !s}'",
        "f'{x:%H:%M}'", "a if b else c", "r'\\'x'", "f'{d['k']}'", "lambda: (yield)", "lambda: lambda: (yield)",
        "f'{{}}{a}}}'", "(\n\n# mypy: always-true=Y\na)", "(lambda: 1, (yield))", "x[lambda: 0:(yield)]", "x \\\n + 1",
        "[lambda: x for x in y]", "{lambda: 1: lambda: 2}", "f(a=lambda x=1: x, b=t'')", "f'{(lambda: t\"{y}\")}'",
    ]  # fmt: skip
    TARGETS = (
        "x self.x cls.x (self.x) (self).x self.x.y self.x[0] self[0].x (x,self.y) [x,*self.y] x,self.x *self.x, "
        "self().x (x,(y,[self.z])) match.x type.x lazy.x self(a).b (x,[self.y.z],(self)) (*self.a,) [(self.b)]"
    ).split()
    PATTERNS = "x|_ (_) 1 1|x (1)|y 1|_ [*_] {'a':x} C(x) a.b 'str' None -1 x,y 1|(2|_) [y]|x (((_))) x _ True".split()
    MODULES = "a b.c d.e.f match.case _x type \ufb01n u\u0308".split()

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.fields: list[str] = []

    def pick(self, values: list[str] | tuple[str, ...]) -> str:
        return self.random.choice(values)

    def condition(self, depth: int = 0) -> str:
        chance = self.random.random()
        if depth > 3 or chance < 0.5:
            return self.pick(self.CONDITIONS)
        if chance < 0.62:
            return f"not {self.operand(depth)}"
        if chance < 0.7:
            return f"({self.condition(depth + 1)})"
        joint = self.pick([" and ", " or "])
        return joint.join(self.operand(depth) for _ in range(self.random.randint(2, 4)))

    def operand(self, depth: int) -> str:
        text = self.condition(depth + 1)
        weak = ":=" in text or " if " in text or "lambda" in text or " or " in text or " and " in text or " in " in text
        return f"({text})" if weak else text

    def expression(self) -> str:
        return self.pick(self.EXPRESSIONS)

    def name(self) -> str:
        return self.pick(["x", "y", "match", "_z", "type", "lazy", "\ufb01"])

    def import_statement(self) -> str:
        module = self.pick(self.MODULES)
        chance = self.random.random()
        alias = lambda: self.pick(["", "", f" as {self.name()}"])
        if chance < 0.4:
            text = ", ".join(self.pick(self.MODULES) + alias() for _ in range(self.random.randint(1, 3)))
            text = f"import {text}" if self.random.random() < 0.8 else f"import \\\n {text}"
        else:
            dots = self.pick(["", "", ".", "..", "...", "....", ". ."])
            source = dots + (" " if dots else "") + module if not dots or self.random.random() < 0.7 else dots
            names = ", ".join(self.name() + alias() for _ in range(self.random.randint(1, 3)))
            names = self.pick([names, f"({names})", f"(\n  {names},  # type: ignore\n)"])
            text = f"from {source} import {names}"
        return ("lazy " if self.random.random() < 0.1 else "") + text

    def simple(self, function: bool) -> str:
        chance = self.random.random()
        if chance < 0.4:
            return self.import_statement()
        if chance < 0.7 or not function:
            target = self.pick(self.TARGETS)
            value = self.expression()
            if not function and "yield" in value:
                value = "1"
            plain = target.replace("(", "").split(",")[0] == target and "*" not in target
            forms = [f"{target} = {value}", f"a = {target} = {value}"]
            if plain or target in ("(self.x)", "(self).x"):
                forms += [f"{target} += 1", f"{target}: int", f"{target}: int = {value}", f"{target}: t'' = 1"]
            forms += [f"print({value})", f"assert {self.condition()}", "match = 1", "match[0]: int", "type X[T: t''] = int"]
            return self.pick([form for form in forms if "assert" not in form or ":=" not in form])
        if chance < 0.9:
            return self.pick([self.expression(), f"yield {self.name()}", f"x = yield", "raise X(t'')", "return", "pass", "..."])
        return f"{self.simple(function)}; {self.simple(function)}".replace("; match", "; Match")

    def emit(self, indent: str, text: str) -> None:
        if self.random.random() < 0.05:
            self.lines.append(self.pick(["", "# type: ignore", "  # import q", "\t", "# mypy: disable-error-code=x"]))
        self.lines.append(indent + text)

    def suite(self, indent: str, header: str, depth: int, function: bool, in_loop: bool = False) -> None:
        if self.random.random() < 0.2:
            self.emit(indent, f"{header}: {self.simple(function)}")
            return
        self.emit(indent, header + self.pick([":", ":  # note", " :"]))
        self.block(indent + self.pick([" ", "  ", "\t", "    "]), depth + 1, function)

    def block(self, indent: str, depth: int, function: bool) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.statement(indent, depth, function)

    def statement(self, indent: str, depth: int, function: bool) -> None:
        kind = self.random.random() if depth < 6 else 1.0
        if kind < 0.2:
            self.suite(indent, f"if {self.condition()}", depth, function)
            while self.random.random() < 0.4:
                self.suite(indent, f"elif {self.condition()}", depth, function)
            if self.random.random() < 0.5:
                self.suite(indent, "else", depth, function)
        elif kind < 0.27:
            self.emit(indent, f"match {self.pick(['x', '(x)', '[x, y]', '*x, y', '-x', '(self.x)', 'x,'])}:")
            inner = indent + self.pick([" ", "    "])
            for _ in range(self.random.randint(1, 4)):
                guard = f" if {self.condition()}" if self.random.random() < 0.7 else ""
                pattern = self.pick(self.PATTERNS)
                self.suite(inner, f"case {pattern}{guard}", depth + 1, function)
        elif kind < 0.45:
            self.function(indent, depth)
        elif kind < 0.55:
            parameters = self.pick(["", "(A)", "(A, m=1)", "[T: t'', *U]", "[T](t'')", "(f'{x}')"])
            self.suite(indent, f"class C{parameters}", depth, False if not function else False)
        elif kind < 0.6:
            self.suite(indent, "try", depth, function)
            if self.random.random() < 0.7:
                self.suite(indent, self.pick(["except E", "except (A, B) as e", "except* E"]), depth, function)
                if self.random.random() < 0.4:
                    self.suite(indent, "else", depth, function)
            self.suite(indent, "finally", depth, function)
        elif kind < 0.65:
            self.suite(indent, self.pick([f"for {self.pick(self.TARGETS)} in x", "while PY2", "while lambda: 1"]), depth, function)
            if self.random.random() < 0.3:
                self.suite(indent, "else", depth, function)
        elif kind < 0.7:
            target = self.pick(self.TARGETS)
            target = target if target[0] in "([" or "," not in target and "*" not in target else "x"
            items = self.pick([f"x as {target}", f"(x as {target}, y)", f"y, x as {target}", f"(y), x as {target}, z", "(x, y)", "x"])
            self.suite(indent, f"with {items}", depth, function)
        else:
            self.emit(indent, self.simple(function))

    def function(self, indent: str, depth: int) -> None:
        if self.random.random() < 0.2:
            self.emit(indent, "@" + self.pick(["d", "d(x, lambda: 1)", "t'{x}'", "d(t'')"]))
        first = self.pick(["self", "self", "self", "cls", "match", "type", "lazy", "x", "*self", "", "self, /", "*, kw", "self: t''", "self: A = t''"])
        rest = self.pick(["", ", y=t''", ", y: (lambda: t'') = 1", ", z: {1: 2} = lambda a: 1", ", *args: t''"])
        parameters = first + rest
        if first in ("", "*self") or ("=" in first and rest.startswith(", y: ")) or (first[0] == "*" and "*" in rest):
            parameters = first
        returns = self.pick(["", "", " -> int", " -> t''", " -> 'X'"])
        name = self.pick(["f", "__getattr__", "g[T]", "h[T: t'']", "i[T = t'']"])
        if self.random.random() < 0.15:
            body = self.pick(["raise X(t'')", "pass", "...", "'''doc'''", "('a' 'b'); raise t''", "'a'; raise t'{x}'", "b'a'; raise t''", "f'a'; raise t''"])
            self.emit(indent, f"def {name}({parameters}){returns}: {body}")
            return
        self.suite(indent, f"{self.pick(['', 'async '])}def {name}({parameters}){returns}", depth, True)

    def source(self) -> str:
        start = self.random.random()
        if start < 0.1:
            self.lines.append("# " + self.pick(["noqa # type: ignore", "type: ignore", "type: ignore[a-b, c]", "mypy: ignore",
                "type: ignore x", "type: int # type: ignore", "# type: ignore", "mypy: ignore-errors", "type:ignore[a", "type: ignored"]))  # fmt: skip
        if start > 0.9:
            self.lines.append("# mypy: " + self.pick(["ignore-errors", "always-true=X2", "always-false=X1, ignore_errors=no",
                'always_true="X2, DEBUG", ignore-errors=True', "always-false", "disallow-any-expr"]))  # fmt: skip
        for _ in range(self.random.randint(1, 12)):
            self.statement("", 0, False)
        newline = self.pick(["\n", "\n", "\n", "\r\n", "\r"])
        text = "\n".join(self.lines) + self.pick(["\n", ""])
        mark = "\ufeff" if self.random.random() < 0.05 else ""
        return mark + text.replace("\n", newline)


def compare_generated(folder: Path, count: int, target: Target, seed: int) -> Tally:
    paths = []
    for number in range(count):
        path = folder / f"generated_{number}" / "__init__.pyi"
        path.parent.mkdir(exist_ok=True)
        path.write_text(Generator(seed * 1_000_003 + number).source(), encoding="utf-8", newline="")
        paths.append(path)
    return compare(paths, target)


def seed_of(target: Target) -> int:
    return int(os.environ.get("TYPEWAVE_SCAN_SEED", "1")) * 10 + TARGETS.index(target)


def test_library_files() -> None:
    cap = int(os.environ.get("TYPEWAVE_SCAN_FILES", FEW_FILES))
    for folder in folders():
        paths = python_files(folder, cap)
        for target in TARGETS:
            tally = compare(paths, target)
            assert not tally.differences, "\n".join(tally.differences[:20])
            assert tally.compared or not paths, "nothing was compared"


def test_generated_files(tmp_path: Path) -> None:
    count = int(os.environ.get("TYPEWAVE_SCAN_GENERATED", FEW_GENERATED))
    for target in TARGETS:
        tally = compare_generated(tmp_path, count, target, seed_of(target))
        assert not tally.differences, "\n".join(tally.differences[:20])
        assert tally.compared > count / 4, f"most generated files have to be valid: {tally}"


def main() -> int:
    import tempfile

    cap = int(os.environ.get("TYPEWAVE_SCAN_FILES", "0"))
    count = int(os.environ.get("TYPEWAVE_SCAN_GENERATED", FEW_GENERATED))
    bad = False
    for target in TARGETS:
        for folder in folders():
            tally = compare(python_files(folder, cap), target)
            print(*target.arguments(), folder, tally, *tally.differences[:20], sep="\n  ", flush=True)
            bad = bad or bool(tally.differences)
        with tempfile.TemporaryDirectory() as name:
            tally = compare_generated(Path(name), count, target, seed_of(target))
            print(*target.arguments(), "generated", tally, *tally.differences[:20], sep="\n  ", flush=True)
            bad = bad or bool(tally.differences)
    return int(bad)


if __name__ == "__main__":
    raise SystemExit(main())
