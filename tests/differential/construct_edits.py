"""Edits that put a class or a function into one module, pass it on through another, use it in a third, and
change it later."""

from __future__ import annotations

import re
from pathlib import Path

from construct_templates import CLASSES, FUNCTIONS, NAMES, PRELUDE, TYPES, VALUES
from passing_templates import PASSINGS, USES
from random_edits import Edit, Editor, NotPossible, Source

DEFINITION = re.compile(r"# definition (\d+)\n.*?# end \1\n", re.DOTALL)
PASSING = re.compile(r"# passing (\d+) of (\S+)\n.*?# end \1\n", re.DOTALL)


def natural(path: Path) -> list[tuple[int, str]]:
    """Numbered modules in the order of their numbers."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", str(path))]


def in_layers(editor: Editor, count: int) -> list[Source]:
    """Different modules; mostly in the order of their names, so that not everything becomes one cycle."""
    paths = editor.paths()
    if len(paths) < count:
        raise NotPossible
    chosen = editor.random.sample(paths, count)
    if editor.random.random() < 0.9:
        chosen.sort(key=natural)
    return [Source(path) for path in chosen]


def slots(editor: Editor, number: int, here: str) -> dict[str, str]:
    """What fills the templates; {other} has to be imported by the text, {preface} does it."""
    rng = editor.random
    other, preface = rng.choice(("object", "int", "str", "Exception", "dict[str, int]")), ""
    if rng.random() < 0.5:
        own = editor.path_of(here)
        earlier = [path for path in editor.paths() if own is None or natural(path) < natural(own)]
        target = Source(editor.pick(earlier)) if editor.random.random() < 0.9 else editor.source()
        names = [node.name for node in target.classes()]
        if names and editor.module(target.path) != here:
            other = rng.choice(names)
            preface = f"from {editor.module(target.path)} import {other}\n"
    t, u = (rng.choice(TYPES).replace("{other}", other) for _ in range(2))
    a, b, c = rng.sample(NAMES, 3)
    v, w = rng.choice(VALUES), rng.choice(VALUES)
    common = {"n": str(number), "other": other, "preface": preface, "k": str(editor.number())}
    return common | {"t": t, "u": u, "v": v, "w": w, "a": a, "b": b, "c": c}


def definition(editor: Editor, number: int, here: str) -> str:
    is_class = number % 4 != 0
    filled = slots(editor, number, here)
    text = editor.random.choice(CLASSES if is_class else FUNCTIONS).format(**filled)
    return f"# definition {number}\n{PRELUDE}{filled['preface']}{text}# end {number}\n"


def defined_name(number: int) -> str:
    return f"Made{number}" if number % 4 != 0 else f"made{number}"


def passing(editor: Editor, number: int, origin: str) -> str:
    text = editor.random.choice(PASSINGS).format(n=number, m=origin, name=defined_name(number))
    return f"# passing {number} of {origin}\n{text}# end {number}\n"


def add_use(editor: Editor, source: Source, module: str, name: str, number: int) -> str:
    """Uses in `source` what `module` calls `name`."""
    source = Source(source.path)  # as it is by now
    expression = name
    imported = f"from {module} import {name}\n"
    chance = editor.random.random()
    if chance < 0.2:
        imported, expression = f"import {module}\n", f"{module}.{name}"
    elif chance < 0.3:
        imported = f"from {module} import *\n"
    if editor.module(source.path) == module:
        imported, expression = "", name
    uses = []
    for _ in range(2):
        filled = slots(editor, number, editor.module(source.path))
        uses.append(editor.random.choice(USES).format(x=expression, **filled))
    source.append(f"\n{imported}{''.join(uses)}")
    return editor.where(source)


def introduce(editor: Editor) -> str:
    """A definition, a module that passes it on, and two that use it."""
    number = editor.number()
    first, second, third, fourth = in_layers(editor, 4)
    origin, between = editor.module(first.path), editor.module(second.path)
    name, passed = defined_name(number), f"Passed{number}"
    first.append("\n" + definition(editor, number, origin))
    second.append("\n" + passing(editor, number, origin))
    used = add_use(editor, third, between, passed, number)
    other = add_use(editor, fourth, *editor.random.choice(((origin, name), (between, passed))), number)
    return f"{name} in {editor.where(first)}, passed on by {editor.where(second)}, used in {used} and {other}"


def blocks(editor: Editor, pattern: re.Pattern[str]) -> list[tuple[Source, re.Match[str]]]:
    found = []
    for path in editor.paths():
        if "\n# end " in path.read_text(encoding="utf-8"):
            source = Source(path)
            found += [(source, match) for match in pattern.finditer(source.text)]
    return found


def change_definition(editor: Editor) -> str:
    source, match = editor.pick(blocks(editor, DEFINITION))
    new = definition(editor, int(match[1]), editor.module(source.path))
    source.write(source.text[: match.start()] + new + source.text[match.end() :])
    body = new.removeprefix(f"# definition {match[1]}\n{PRELUDE}")
    return editor.where(source, f"{match[1]}: {body!r}")


def change_passing(editor: Editor) -> str:
    source, match = editor.pick(blocks(editor, PASSING))
    new = passing(editor, int(match[1]), match[2])
    source.write(source.text[: match.start()] + new + source.text[match.end() :])
    return editor.where(source, repr(new))


def use_again(editor: Editor) -> str:
    source, match = editor.pick([*blocks(editor, DEFINITION), *blocks(editor, PASSING)])
    number = int(match[1])
    name = defined_name(number) if match.re is DEFINITION else f"Passed{number}"
    later = [path for path in editor.paths() if natural(path) > natural(source.path)]
    user = Source(editor.pick(later))
    return f"{name} in {add_use(editor, user, editor.module(source.path), name, number)}"


def remove_definition(editor: Editor) -> str:
    if editor.random.random() < 0.7:
        raise NotPossible
    source, match = editor.pick([*blocks(editor, DEFINITION), *blocks(editor, PASSING)])
    source.write(source.text[: match.start()] + source.text[match.end() :])
    return editor.where(source, match[1])


EDITS: list[Edit] = [
    *([introduce] * 3),
    *([change_definition] * 6),
    *([change_passing] * 2),
    use_again,
    remove_definition,
]
