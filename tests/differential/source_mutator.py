"""Changes real Python sources at random, so that their imports become hard to see; often what comes out is valid."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from source_generator import SourceGenerator

TOKEN = re.compile(
    r'(?:[rbfutRBFUT]{0,2})(?:"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')'
    r"|#[^\n]*|\w+|[ \t]+|\n|[^\w\s]|\s"
)
STRING = re.compile(r"[rbfutRBFUT]{0,2}[\"']")
HEADER = re.compile(r"([ \t]*)(?:if|elif|while) .*:[ \t]*$")
DEFINITION = re.compile(r"([ \t]*)(?:async )?(?:def|class) ")
FUNCTION = re.compile(r"([ \t]*)(?:async )?def \w+\((.*)")
IMPORT = re.compile(r"([ \t]*)(?:import|from) [^(\\]*$")

VOCABULARY = (
    *("import", "from", "as", "if", "elif", "else", "def", "class", "match", "case", "type", "lazy", "async"),
    *("await", "lambda", "yield", "with", "try", "except", "finally", "for", "in", "not", "is", "and", "or"),
    *("assert", "del", "global", "pass", "return", "raise", "while", "None", "_", "self", "sys", "print"),
    *(":", ":=", ";", ",", "(", ")", "[", "]", "{", "}", ".", "...", "=", "==", "->", "@", "*", "**", "\\"),
    *("TYPE_CHECKING", "PY2", "1", "0x1f", "1_0", "1e5", "1j", "07", "!", "$", "?", "`", "'", '"', '"""'),
)
ODD_CHARACTERS = (
    *("\f", "\v", "\0", "\r", "\x1a", "\x1c", "\x85", "\u2028", "\xa0", "\ufeff", "\u200b", "\u0308", "\u00b7"),
    *("\u212e", "\uff21", "\u2160", "\u1885", "\U0001d400", "\U0001f600", "\u30a1", "\u00aa", "\udce9", "\udcff"),
)
IGNORES = (
    *("# type: ignore", "# type: ignore[import]", "# type:ignore", "# mypy: ignore", "# type: int", "#type: ignore"),
    *("# noqa # type: ignore", "# type: ignore # noqa", "# type: ignore[", "# type: ignored", "## type: ignore"),
    *("# type: (int) -> str", "# type: ignore[a, b-c] x", "#\ttype: ignore", "# type: ignore\\"),
)
INLINE = (
    *("ignore-errors", "ignore_errors=no", "always-true=X1", 'always_false="X1, X2"', "always-true", "no-such-thing"),
    *("disable-error-code=x, ignore-errors=1", 'always-true="', "ignore-errors, ignore-errors=False", ","),
)
COOKIES = (
    *("latin-1", "utf-8", "iso-8859-15", "cp1252", "ascii", "koi8-r", "utf-16", "shift_jis", "gbk", "euc_jp", "utf-7"),
    *("unknown", "latin-1-unix", "iso-latin-1-x", "UTF_8", "utf-8-sig", "cp437", "mac-roman", "big5", "rot13", "hz"),
)
WRAPPERS = (
    *("if {condition}:", "while {condition}:", "with x as self.y:", "for self.z in x:", "def f(self, a=lambda: 1):"),
    *("async def g(self):", "class C(A):", "class D:", "def h():", "def i(cls): # type: ignore", "with (a as b, c):"),
)
TWO_PART_WRAPPERS = (
    ("try:", "except E: pass"),
    ("try:", "finally: import wrapped"),
    ("if {condition}:", "else: import wrapped"),
    ("if {condition}:", "elif {condition}: from wrapped import x"),
    ("for x in y:", "else: import wrapped"),
    ("while {condition}:", "else: import wrapped"),
)
DEEP = (40, 90, 150, 199, 210, 260)


class SourceMutator:
    """One change at a time to a text; `\\udcXX` in it stands for the byte XX, as surrogateescape has it."""

    def __init__(self, seed: int, texts: Sequence[str]) -> None:
        self.random = random.Random(seed)
        self.generator = SourceGenerator(seed)
        self.texts = texts  # to take lines from

    def mutate(self, text: str) -> tuple[str, str]:
        """The name of what was done, and the text after it."""
        while True:
            mutation = self.random.choice(MUTATIONS)
            changed = mutation(self, text)
            if changed != text:
                return mutation.__name__, changed

    # -- parts of a text -----------------------------------------------------------------------------------------

    def position(self, count: int) -> int:
        return self.random.randrange(count) if count else 0

    def pick(self, values: Sequence[str]) -> str:
        return self.random.choice(values)

    def tokens(self, text: str) -> list[str]:
        return TOKEN.findall(text)

    def chosen_line(self, lines: list[str], pattern: re.Pattern[str]) -> int:
        """The number of a random line that matches; -1 if there is none."""
        found = [number for number, line in enumerate(lines) if pattern.match(line)]
        return self.random.choice(found) if found else -1

    def indentation(self, line: str) -> str:
        return line[: len(line) - len(line.lstrip(" \t"))]

    def run_of_lines(self, lines: list[str]) -> tuple[int, int]:
        """Some lines that may be one or more whole statements: none is indented less than the first."""
        start = self.position(len(lines))
        for _ in range(20):
            if lines[start].strip() and lines[start].lstrip()[0] not in ")]}#\"'":
                break
            start = self.position(len(lines))
        width = len(self.indentation(lines[start]))
        end = start + 1
        limit = self.random.choice((1, 3, 10, 40))
        while end < len(lines) and (
            not lines[end].strip()
            or len(self.indentation(lines[end])) > width
            or (len(self.indentation(lines[end])) == width and end - start < limit)
        ):
            end += 1
        return start, end

    def condition(self) -> str:
        return self.generator.condition()

    def statement(self, indent: str) -> str:
        """A generated statement, which may take many lines."""
        self.generator.lines = []
        self.generator.statement(indent, self.random.randint(2, 6), self.random.random() < 0.3)
        return "\n".join(self.generator.lines) + "\n"

    def fill(self, template: str) -> str:
        return template.replace("{condition}", self.condition())

    # -- mutations -----------------------------------------------------------------------------------------------

    def change_tokens(self, text: str) -> str:
        tokens = self.tokens(text)
        if not tokens:
            return text
        at = self.position(len(tokens))
        kind = self.random.randrange(5)
        if kind == 0:
            del tokens[at]
        elif kind == 1:
            tokens.insert(at, tokens[at])
        elif kind == 2:
            other = self.position(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            tokens[at] = self.pick(VOCABULARY)
        else:
            tokens.insert(at, f" {self.pick(VOCABULARY)} ")
        return "".join(tokens)

    def rename(self, text: str) -> str:
        """A name becomes a soft keyword, or one that has to be normalised."""
        tokens = self.tokens(text)
        names = [number for number, token in enumerate(tokens) if token.isidentifier()]
        if not names:
            return text
        old = tokens[self.random.choice(names)]
        new = self.pick(("match", "case", "type", "_", "lazy", "self", "\ufb01", "print", "PY2", "u\u0308"))
        if self.random.random() < 0.5:
            return re.sub(rf"\b{re.escape(old)}\b", new, text)
        tokens[self.random.choice(names)] = new
        return "".join(tokens)

    def replace_by_expression(self, text: str) -> str:
        tokens = self.tokens(text)
        names = [n for n, token in enumerate(tokens) if token.isidentifier() or STRING.match(token)]
        if not names:
            return text
        at = self.random.choice(names)
        new = self.generator.expression()
        tokens[at] = new if self.random.random() < 0.5 else f"({new})"
        return "".join(tokens)

    def change_string(self, text: str) -> str:
        tokens = self.tokens(text)
        strings = [number for number, token in enumerate(tokens) if STRING.match(token)]
        if not strings:
            return text
        at = self.random.choice(strings)
        string = tokens[at]
        body = string.lstrip("rbfutRBFUT")
        kind = self.random.randrange(7)
        if kind == 0:
            prefixes = ("", "r", "b", "f", "t", "u", "rb", "Rb", "fR", "tr", "rt", "F", "T", "bu", "ff", "ft")
            tokens[at] = self.pick(prefixes) + body
        elif kind == 1:
            quotes = {"'": '"', '"': "'"}
            tokens[at] = "".join(quotes.get(character, character) for character in string)
        elif kind == 2:
            inner = self.pick(("import in_string", "\n  import in_string\n", "\\", "\\\n", "#", "{x}", "{", "}}", "\0"))
            cut = self.position(len(string))
            tokens[at] = string[:cut] + inner + string[cut:]
        elif kind == 3:
            shapes = ("f'{%s}'", 't"{%s!r:>{w}}"', "f'''{\n%s\n}'''", "f'{f\"{%s}\"}'", "f'{ {1: %s}[1] = }'")
            tokens[at] = self.pick(shapes) % body
        elif kind == 4:
            tokens[at] = self.pick(('"""', "'''")) + self.pick(("", "\n", "\\\n", "'", '"')) + body
            tokens[at] += tokens[at][:3]
        elif kind == 5:
            tokens[at] = f"{string} {self.pick(('b', 'f', 't', 'r', ''))}{body}"
        else:
            tokens[at] = self.deep_string()
        return "".join(tokens)

    def deep_string(self) -> str:
        depth = self.random.choice((2, 5, 20, *DEEP))
        opening = self.pick(("f'{", "t'{", "f'''{", "rf'{", "f'{(", "f'{x:{"))
        closing = {"'''": "}'''", "{(": ")}'", "x:": "}}'"}
        end = next((text for mark, text in closing.items() if mark in opening), "}'")
        return opening * depth + "x" + end * depth

    def inject_import(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        statement = self.generator.import_statement()
        if not lines:
            return statement + "\n"
        at = self.position(len(lines))
        line, indent = lines[at], self.indentation(lines[at])
        kind = self.random.randrange(6)
        if kind < 3:
            lines.insert(at, f"{indent}{statement}\n")
        elif kind == 3 and line.strip():
            lines[at] = f"{line.rstrip()}; {statement}\n"
        elif kind == 4 and line.strip():
            lines[at] = f"{indent}{statement}; {line.lstrip()}"
        else:
            cut = self.position(len(line))
            lines[at] = f"{line[:cut]} {statement} {line[cut:]}"
        return "".join(lines)

    def inject_statement(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        start, end = self.run_of_lines(lines)
        at = self.random.choice((start, end))
        lines.insert(at, self.statement(self.indentation(lines[start])))
        return "".join(lines)

    def change_condition(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = self.chosen_line(lines, HEADER)
        if at < 0:
            return text
        word = lines[at].split()[0]
        lines[at] = f"{self.indentation(lines[at])}{word} {self.condition()}:\n"
        return "".join(lines)

    def wrap(self, text: str) -> str:
        """Lines go into a block of their own."""
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        start, end = self.run_of_lines(lines)
        indent = self.indentation(lines[start])
        step = self.pick((" ", "  ", "    ", "\t", "\f  "))
        inner = [step + line if line.strip() else line for line in lines[start:end]]
        if step != "\f  ":
            inner = [
                indent + step + line[len(indent) :] if line.startswith(indent) else line for line in lines[start:end]
            ]
        kind = self.random.random()
        if kind < 0.5:
            before, after = [indent + self.fill(self.pick(WRAPPERS)) + "\n"], []
        elif kind < 0.8:
            first, last = self.random.choice(TWO_PART_WRAPPERS)
            before, after = [f"{indent}{self.fill(first)}\n"], [f"{indent}{self.fill(last)}\n"]
        else:
            guard = f" if {self.condition()}" if self.random.random() < 0.5 else ""
            case = f"{indent}{step}case {self.pick(SourceGenerator.PATTERNS)}{guard}:\n"
            inner = [indent + step + line if line.strip() else line for line in inner]
            before, after = [f"{indent}match x:\n", case], [f"{indent}{step}case _: import wrapped\n"]
        return "".join([*lines[:start], *before, *inner, *after, *lines[end:]])

    def move_lines(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        start, end = self.run_of_lines(lines)
        piece = lines[start:end]
        kind = self.random.randrange(4)
        if kind == 0:
            del lines[start:end]
        elif kind == 1:
            at = self.position(len(lines))
            lines[at:at] = piece
        elif kind == 2:
            lines[start:end] = [f"{self.indentation(piece[0])}pass\n"]
        else:
            other = self.pick(self.texts).splitlines(keepends=True)
            if other:
                first, last = self.run_of_lines(other)
                old, new = self.indentation(other[first]), self.indentation(piece[0])
                lines[start:start] = [new + line.removeprefix(old) for line in other[first:last]]
        return "".join(lines)

    def change_indentation(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        kind = self.random.randrange(5)
        if kind == 0:
            return re.sub(r"^( {4})+", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.MULTILINE)
        if kind == 1:
            return re.sub(r"^( {4})+", lambda found: " " * (len(found[0]) // 4), text, flags=re.MULTILINE)
        start, end = self.run_of_lines(lines)
        if kind == 2:
            lines[start] = self.pick((" ", "\t", "    ", "\f")) + lines[start]
        elif kind == 3:
            lines[start] = lines[start][1:]
        else:
            change = self.pick(("\t", "  ", "\f", " \f", "\\\n"))
            lines[start:end] = [change + line for line in lines[start:end]]
        return "".join(lines)

    def change_newlines(self, text: str) -> str:
        new = self.pick(("\r\n", "\r", "\n\n", "\n\f", "\\\n"))
        if self.random.random() < 0.3 and new != "\\\n":
            return text.replace("\n", new)
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        at = self.position(len(lines))
        lines[at] = lines[at].replace("\n", new)
        return "".join(lines)

    def continue_line(self, text: str) -> str:
        """A backslash between two tokens."""
        tokens = self.tokens(text)
        blanks = [number for number, token in enumerate(tokens) if token.isspace() and token != "\n"]
        if not blanks:
            return text
        at = self.random.choice(blanks)
        tokens[at] = self.pick(
            (" \\\n", "\\\n ", "\\\n\t", "\\\n\\\n", "\\ \n", " \\\r\n", "\\\f\n", "\\\n# comment\n")
        )
        return "".join(tokens)

    def odd_character(self, text: str) -> str:
        at = self.position(len(text))
        if self.random.random() < 0.4:  # at a place where it is most likely to be valid
            places = [found.start() for found in re.finditer(r"\n|(?<=#)|(?<=\w)(?=\W)", text)]
            at = self.random.choice(places) if places else at
        return text[:at] + self.pick(ODD_CHARACTERS) + text[at:]

    def comment(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        kind = self.random.randrange(6)
        if kind == 0 or not lines:
            return self.pick(IGNORES) + "\n" + text
        if kind == 1:
            return f"{self.pick(('', '', ' '))}# mypy: {self.pick(INLINE)}\n{text}"
        at = self.position(len(lines))
        if kind == 2:
            lines.insert(at, f"# mypy: {self.pick(INLINE)}\n")
        elif kind == 3:
            lines.insert(at, f"{self.indentation(lines[at])}{self.pick(IGNORES)}\n")
        else:
            lines[at] = f"{lines[at].rstrip()}  {self.pick(IGNORES)}\n"
        return "".join(lines)

    def encoding(self, text: str) -> str:
        cookie = f"# -*- coding: {self.pick(COOKIES)} -*-\n"
        kind = self.random.randrange(4)
        if kind == 0:
            return cookie + text
        if kind == 1:
            return "#!/usr/bin/python\n" + cookie + text
        if kind == 2:
            return cookie + "x = '\udce9\udcff'  # \udce4\n" + text
        return cookie + text.encode("utf-8", "surrogateescape").decode("latin-1")

    def decorate(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = self.chosen_line(lines, DEFINITION)
        if at < 0:
            return text
        decorators = ("d", "d.e[0]", "(yield)", "d(lambda: 1)", "t'{x}'", "x if PY2 else y", "(lambda f: f)", "d\\\n")
        decorator = self.pick(decorators)
        lines.insert(at, f"{self.indentation(lines[at])}@{decorator}{self.pick(('', ' # type: ignore'))}\n")
        return "".join(lines)

    def change_parameters(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = self.chosen_line(lines, FUNCTION)
        if at < 0:
            return text
        first = self.pick(("me, ", "self, /, ", "x: t'' = 1, ", "a=lambda b: c, ", "a: (yield) = 1, ", "match, "))
        lines[at] = lines[at].replace("(", f"({first}", 1)
        return "".join(lines)

    def effect(self, text: str) -> str:
        """Something in a body that keeps it when bodies are dropped, or nearly so."""
        lines = text.splitlines(keepends=True)
        at = self.chosen_line(lines, FUNCTION)
        if at < 0:
            return text
        start, end = at, at + 1
        width = len(self.indentation(lines[at]))
        while end < len(lines) and (not lines[end].strip() or len(self.indentation(lines[end])) > width):
            end += 1
        body = next((line for line in lines[start + 1 : end] if line.strip()), "")
        indent = self.indentation(body)
        target, value = self.pick(SourceGenerator.TARGETS), self.generator.expression()
        effects = (f"{target} = {value}", f"x = yield {target}", f"def e(): {target} = 1", f"({value})", "import body")
        lines.insert(end, f"{indent}{self.pick(effects)}\n")
        return "".join(lines)

    def cut(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        start, _ = self.run_of_lines(lines)
        end = self.pick(("", ", x", "; import y"))
        lines.insert(start, f"{self.indentation(lines[start])}assert {self.condition()}{end}\n")
        return "".join(lines)

    def change_import(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = self.chosen_line(lines, IMPORT)
        if at < 0:
            return text
        lines[at] = f"{self.indentation(lines[at])}{self.generator.import_statement()}\n"
        return "".join(lines)

    def nest(self, text: str) -> str:
        """Very deep brackets or blocks."""
        lines = text.splitlines(keepends=True)
        if not lines:
            return text
        depth = self.random.choice(DEEP)
        at = self.position(len(lines))
        indent = self.indentation(lines[at])
        kind = self.random.randrange(4)
        if kind == 0:
            opening = self.pick("([{")
            piece = f"{indent}x = {opening * depth}y{ {'(': ')', '[': ']', '{': '}'}[opening] * depth }\n"
        elif kind == 1:
            piece = "".join(f"{indent}{' ' * level}if x:\n" for level in range(depth // 2))
            piece += f"{indent}{' ' * (depth // 2)}import deep\n"
        elif kind == 2:
            piece = f"{indent}x = {self.pick(('not ', '-', 'lambda: ', 'x if y else ', 'await ')) * depth}y\n"
        else:
            piece = f"{indent}x = {self.deep_string()}\n"
        lines.insert(at, piece)
        return "".join(lines)

    def end_of_file(self, text: str) -> str:
        ends = ("\\", "\\\n", "\f", "# end", "  ", "\t# type: ignore", "\0", "\x1a", "\r", "if x:", "'", "import z;")
        return text.rstrip("\n") + self.pick(("", "\n")) + self.pick(ends)


MUTATIONS: list[Callable[[SourceMutator, str], str]] = [
    SourceMutator.change_tokens,
    SourceMutator.rename,
    SourceMutator.replace_by_expression,
    SourceMutator.change_string,
    SourceMutator.change_string,
    SourceMutator.inject_import,
    SourceMutator.inject_import,
    SourceMutator.inject_statement,
    SourceMutator.inject_statement,
    SourceMutator.change_condition,
    SourceMutator.change_condition,
    SourceMutator.wrap,
    SourceMutator.wrap,
    SourceMutator.wrap,
    SourceMutator.move_lines,
    SourceMutator.change_indentation,
    SourceMutator.change_newlines,
    SourceMutator.continue_line,
    SourceMutator.odd_character,
    SourceMutator.comment,
    SourceMutator.comment,
    SourceMutator.encoding,
    SourceMutator.decorate,
    SourceMutator.change_parameters,
    SourceMutator.effect,
    SourceMutator.effect,
    SourceMutator.cut,
    SourceMutator.change_import,
    SourceMutator.nest,
    SourceMutator.end_of_file,
]
