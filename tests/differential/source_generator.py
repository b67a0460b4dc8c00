"""Writes random but valid Python whose imports are hard to see."""

from __future__ import annotations

import random


class SourceGenerator:
    """Writes valid Python whose imports are hard to see."""

    CONDITIONS = (
        "TYPE_CHECKING",
        "MYPY",
        "PY2",
        "PY3",
        "X1",
        "X2",
        "DEBUG",
        "True",
        "False",
        "a",
        "a.b",
        "typing.TYPE_CHECKING",
        "x().PY2",
        "x[0].MYPY",
        "-a.PY2",
        "1",
        "(a)",
        "sys.platform",
        "__debug__",
        "sys.version_info >= (3, 12)",
        "sys.version_info < (3, 11)",
        "(3, 13) <= sys.version_info",
        "sys.version_info[0] == 3",
        "sys.version_info[1] > 0xb",
        "sys.version_info[:1] == (3,)",
        "sys.version_info[0:2:1] != (3, 1_2)",
        "sys.version_info[1:] < (14,)",
        "sys.version_info > ()",
        "sys.version_info >= (3, 12, 1)",
        "sys.version_info >= (3)",
        "(sys).version_info == (3, 14)",
        "sys.version_info >= 3",
        "sys.version_info == (3,)",
        "sys.version_info[-1] == 3",
        "sys.version_info[2] > 1",
        "sys.version_info[(1)] >= ((12))",
        "(((3, 12))) > (sys.version_info[:])",
        "3 < sys.version_info[0] < 4",
        "sys.version_info >= [3, 12]",
        "sys.version_info.minor > 3",
        "sys.version_info is (3, 12)",
        "sys.platform == 'linux'",
        'sys.platform != "win32"',
        "sys.platform == b'linux'",
        "sys.platform == f'linux'",
        "sys.platform == r'lin' 'ux'",
        "sys.platform in ('linux', 'darwin')",
        "sys.platform not in ['win32']",
        'sys.platform in {\'win32\', """darwin"""}',
        "sys.platform in ()",
        "sys.platform in ('linux')",
        "sys.platform in ('linux', x)",
        "sys.platform.startswith('lin')",
        "sys.platform.startswith('wi', start=0)",
        "sys.platform.startswith(('linux',))",
        "(sys.platform.startswith)((u'dar\\u0077in'))",
        "'linux' == sys.platform",
        "sys.platform.startswith('l', 0)",
        "sys.platform.startswith(*('l',))",
        "sys.platform == 'l\\x69nux'",
        "sys.platform.startswith('lin', **{})",
        "(sys . platform) == ('linux')",
        "sys.platform.endswith('x')",
        "lambda: TYPE_CHECKING",
        "(x := TYPE_CHECKING)",
        "x := PY2",
        "a if TYPE_CHECKING else PY2",
        "await_.PY2",
        "(TYPE_CHECKING, a)",
        "f'{PY2}'",
        "{PY2: lambda: 1}",
        "not_.PY3",
        "x is not PY2",
        "PY3 == PY3",
        "[PY2]",
        "sys.platform in {'linux': 1}",
        "sys.platform in ['linux' for _ in x]",
        "x[lambda: 1 : 2].PY2",
        "\uff30\uff39\uff12",
    )
    EXPRESSIONS = (
        "a",
        "1",
        "'x'",
        "b'y'",
        "(yield)",
        "(lambda: (yield))",
        "f'{(yield)}'",
        "f'{a:{b}}{{import_z}}'",
        "t'{a}'",
        "f'{t\"\"}'",
        "a[1:2]",
        "{1:2}",
        "f'{a!r:>{w}}'",
        "a.b",
        "self.x",
        "cls.y",
        "f(self.x)",
        "(self.x,self.y)",
        "[1,(2)]",
        "f'{lambda_: }'",
        "rf'\\{a}'",
        "'\\N{BULLET}'",
        "f'\\N{BULLET}{a}'",
        "(x:=1)",
        "0xf or x",
        "1_0j",
        ".5",
        "'a''b'",
        "(a)",
        "1if a else 0o7",
        "'\\''",
        "f'\\''",
        "f'{a:\\{b}}'",
        "f'''{a:\n{b}'{c!s}\n}'''",
        "'''\nimport in_string\n'''",
        "f'''{\na\n:\n}\nimport nothing'''",
        "(\n# type: ignore\n1)",
        "(a for a in x)",
        "lambda a=lambda: 1, *b: a",
        "[x for x in a if x]",
        'f"{\'a\' if x else "b"}"',
        "f'{x!r}{y=}{z = !s}'",
        "f'{x:%H:%M}'",
        "a if b else c",
        "r'\\'x'",
        "f'{d['k']}'",
        "lambda: (yield)",
        "lambda: lambda: (yield)",
        "f'{{}}{a}}}'",
        "(\n\n# mypy: always-true=Y\na)",
        "(lambda: 1, (yield))",
        "x[lambda: 0:(yield)]",
        "x \\\n + 1",
        "[lambda: x for x in y]",
        "{lambda: 1: lambda: 2}",
        "f(a=lambda x=1: x, b=t'')",
        "f'{(lambda: t\"{y}\")}'",
    )
    TARGETS = (
        "x",
        "self.x",
        "cls.x",
        "(self.x)",
        "(self).x",
        "self.x.y",
        "self.x[0]",
        "self[0].x",
        "(x,self.y)",
        "[x,*self.y]",
        "x,self.x",
        "*self.x,",
        "self().x",
        "(x,(y,[self.z]))",
        "match.x",
        "type.x",
        "lazy.x",
        "self(a).b",
        "(x,[self.y.z],(self))",
        "(*self.a,)",
        "[(self.b)]",
    )
    PATTERNS = (
        "x|_",
        "(_)",
        "1",
        "1|x",
        "(1)|y",
        "1|_",
        "[*_]",
        "{'a':x}",
        "C(x)",
        "a.b",
        "'str'",
        "None",
        "-1",
        "x,y",
        "1|(2|_)",
        "[y]|x",
        "(((_)))",
        "x",
        "_",
        "True",
    )
    MODULES = (
        "a",
        "b.c",
        "d.e.f",
        "match.case",
        "_x",
        "type",
        "\ufb01n",
        "u\u0308",
    )

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

    def alias(self) -> str:
        return self.pick(["", "", f" as {self.name()}"])

    def import_statement(self) -> str:
        module = self.pick(self.MODULES)
        chance = self.random.random()
        if chance < 0.4:
            text = ", ".join(self.pick(self.MODULES) + self.alias() for _ in range(self.random.randint(1, 3)))
            text = f"import {text}" if self.random.random() < 0.8 else f"import \\\n {text}"
        else:
            dots = self.pick(["", "", ".", "..", "...", "....", ". ."])
            source = dots + (" " if dots else "") + module if not dots or self.random.random() < 0.7 else dots
            names = ", ".join(self.name() + self.alias() for _ in range(self.random.randint(1, 3)))
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
                forms += [
                    f"{target} += 1",
                    f"{target}: int",
                    f"{target}: int = {value}",
                    f"{target}: t'' = 1",
                ]
            forms += [
                f"print({value})",
                f"assert {self.condition()}",
                "match = 1",
                "match[0]: int",
                "type X[T: t''] = int",
            ]
            return self.pick([form for form in forms if "assert" not in form or ":=" not in form])
        if chance < 0.9:
            return self.pick(
                [
                    self.expression(),
                    f"yield {self.name()}",
                    "x = yield",
                    "raise X(t'')",
                    "return",
                    "pass",
                    "...",
                ]
            )
        return f"{self.simple(function)}; {self.simple(function)}".replace("; match", "; Match")

    def emit(self, indent: str, text: str) -> None:
        if self.random.random() < 0.05:
            self.lines.append(self.pick(["", "# type: ignore", "  # import q", "\t", "# mypy: disable-error-code=x"]))
        self.lines.append(indent + text)

    def suite(self, indent: str, header: str, depth: int, function: bool) -> None:
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
            self.suite(indent, f"class C{parameters}", depth, False)
        elif kind < 0.6:
            self.suite(indent, "try", depth, function)
            if self.random.random() < 0.7:
                self.suite(indent, self.pick(["except E", "except (A, B) as e", "except* E"]), depth, function)
                if self.random.random() < 0.4:
                    self.suite(indent, "else", depth, function)
            self.suite(indent, "finally", depth, function)
        elif kind < 0.65:
            self.suite(
                indent,
                self.pick([f"for {self.pick(self.TARGETS)} in x", "while PY2", "while lambda: 1"]),
                depth,
                function,
            )
            if self.random.random() < 0.3:
                self.suite(indent, "else", depth, function)
        elif kind < 0.7:
            target = self.pick(self.TARGETS)
            target = target if target[0] in "([" or ("," not in target and "*" not in target) else "x"
            items = self.pick(
                [
                    f"x as {target}",
                    f"(x as {target}, y)",
                    f"y, x as {target}",
                    f"(y), x as {target}, z",
                    "(x, y)",
                    "x",
                ]
            )
            self.suite(indent, f"with {items}", depth, function)
        else:
            self.emit(indent, self.simple(function))

    def function(self, indent: str, depth: int) -> None:
        if self.random.random() < 0.2:
            self.emit(indent, "@" + self.pick(["d", "d(x, lambda: 1)", "t'{x}'", "d(t'')"]))
        first = self.pick(
            [
                "self",
                "self",
                "self",
                "cls",
                "match",
                "type",
                "lazy",
                "x",
                "*self",
                "",
                "self, /",
                "*, kw",
                "self: t''",
                "self: A = t''",
            ]
        )
        rest = self.pick(["", ", y=t''", ", y: (lambda: t'') = 1", ", z: {1: 2} = lambda a: 1", ", *args: t''"])
        parameters = first + rest
        if first in ("", "*self") or ("=" in first and rest.startswith(", y: ")) or (first[0] == "*" and "*" in rest):
            parameters = first
        returns = self.pick(["", "", " -> int", " -> t''", " -> 'X'"])
        name = self.pick(["f", "__getattr__", "g[T]", "h[T: t'']", "i[T = t'']"])
        if self.random.random() < 0.15:
            body = self.pick(
                [
                    "raise X(t'')",
                    "pass",
                    "...",
                    "'''doc'''",
                    "('a' 'b'); raise t''",
                    "'a'; raise t'{x}'",
                    "b'a'; raise t''",
                    "f'a'; raise t''",
                ]
            )
            self.emit(indent, f"def {name}({parameters}){returns}: {body}")
            return
        self.suite(indent, f"{self.pick(['', 'async '])}def {name}({parameters}){returns}", depth, True)

    def source(self) -> str:
        start = self.random.random()
        if start < 0.1:
            self.lines.append(
                "# "
                + self.pick(
                    [
                        "noqa # type: ignore",
                        "type: ignore",
                        "type: ignore[a-b, c]",
                        "mypy: ignore",
                        "type: ignore x",
                        "type: int # type: ignore",
                        "# type: ignore",
                        "mypy: ignore-errors",
                        "type:ignore[a",
                        "type: ignored",
                    ]
                )
            )
        if start > 0.9:
            self.lines.append(
                "# mypy: "
                + self.pick(
                    [
                        "ignore-errors",
                        "always-true=X2",
                        "always-false=X1, ignore_errors=no",
                        'always_true="X2, DEBUG", ignore-errors=True',
                        "always-false",
                        "disallow-any-expr",
                    ]
                )
            )
        for _ in range(self.random.randint(1, 12)):
            self.statement("", 0, False)
        newline = self.pick(["\n", "\n", "\n", "\r\n", "\r"])
        text = "\n".join(self.lines) + self.pick(["\n", ""])
        mark = "\ufeff" if self.random.random() < 0.05 else ""
        return mark + text.replace("\n", newline)
