"""Import graphs of any size from a seed, as real Python modules shaped like those of a large application.

Modules lie in layers and import from lower ones, a few of which nearly everything imports. One large cycle lies in a
layer of its own; some neighbours of the other layers import each other. The depth does not grow with the size, and the
large cycle stops growing at the size that Home Assistant's has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

LEAF = "generated/leaf.py"
LIBRARY = "generated/library.py"
LARGEST_CYCLE = "generated/ring.py"

BASE_LAYERS = 4  # imported from everywhere
RING_LAYER = 4
LAYERS = 24
BASE_SHARE = 0.05
RING_SHARE, RING_LIMIT = 0.06, 660
TOP_SHARE = 0.3  # modules that nothing imports
MODULES_IN_A_FOLDER = 40
IMPORTS = (3, 12)
FOREIGN_LAYERS = 0.5  # of the imports come from the base or the cycle, the rest from nearby
PAIRS = 0.02  # of the modules import a neighbour of their layer that imports them
ONE_ERROR_IN = 150  # modules

TEMPLATE = '''\
"""Module {n}: {title}."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

{imports}
if TYPE_CHECKING:
    from collections.abc import Iterable
{typing_imports}
LIMIT: int = {limit}
TITLE = "{title}"


class Reader(Protocol):
    def read(self, count: int) -> str: ...


@dataclass
class Item({base}):
    """What module {n} is about."""

    title_{n}: str = TITLE
    size_{n}: int = LIMIT

    def total(self) -> int:
        """The size with what belongs to it."""
        return self.size_{n} + super().total()

    def describe(self, reader: Reader) -> list[str]:
        return [reader.read(self.total()), self.title_{n}]


def first(value: int) -> int:
    """Counts with the help of other modules."""
    result = value + LIMIT
{calls}    return result


def second(items: Iterable[Item]) -> dict[str, int]:
    return {{item.title_{n}: item.total() for item in items if item.size_{n} < LIMIT}}
{users}'''
ROOT = '''\
"""What every module builds on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Item:
    title: str = ""

    def total(self) -> int:
        return len(self.title)


def first(value: int) -> int:
    return value + 1
'''
USER = """

def use_{k}(item: {module}.Item) -> {result}:
    return item.total() + {module}.first({k})
"""
LATER = """

def later_{k}(item: {module}.Item) -> int:
    return item.total()
"""


@dataclass
class Module:
    number: int
    name: str
    layer: int
    imports: list[Module] = field(default_factory=list)
    for_typing: list[Module] = field(default_factory=list)


def layer_sizes(modules: int) -> list[int]:
    ring = max(2, min(round(modules * RING_SHARE), RING_LIMIT))
    base = max(BASE_LAYERS, round(modules * BASE_SHARE))
    top = round(modules * TOP_SHARE)
    between = LAYERS - BASE_LAYERS - 2
    rest = modules - base - ring - top
    sizes = [base // BASE_LAYERS] * BASE_LAYERS + [ring] + [rest // between] * between + [top]
    sizes[-1] += modules - sum(sizes)
    return sizes


def place_modules(package: str, modules: int) -> list[list[Module]]:
    layers: list[list[Module]] = []
    number = 0
    for layer, size in enumerate(layer_sizes(modules)):
        members = []
        for _ in range(size):
            name = f"{package}.part_{number // MODULES_IN_A_FOLDER}.module_{number}"
            members.append(Module(number, name, layer))
            number += 1
        layers.append(members)
    layers[0][0].name = f"{package}.library"
    layers[RING_LAYER][0].name = f"{package}.ring"
    layers[-1][-1].name = f"{package}.leaf"
    return layers


def popular(rng: random.Random, members: list[Module]) -> Module:
    """One of them, the earlier the likelier."""
    return members[int(len(members) * rng.random() ** 3)]


def nearby(rng: random.Random, position: float, members: list[Module]) -> Module:
    """One of about the same position in its layer."""
    at = position + rng.gauss(0, 0.01)
    return members[min(len(members) - 1, max(0, int(at * len(members))))]


def connect(layers: list[list[Module]], rng: random.Random) -> None:
    base = [module for layer in layers[:BASE_LAYERS] for module in layer]
    root = layers[0][0]
    for module in layers[0][1:]:
        module.imports.append(root)
    for number, members in enumerate(layers[1:], 1):
        below = [layer for layer in layers[:number] if layer]
        for index, module in enumerate(members):
            position = index / len(members)
            found = {id(one): one for one in (root, nearby(rng, position, below[-1]))}
            for _ in range(rng.randint(*IMPORTS)):
                if number > RING_LAYER and rng.random() < FOREIGN_LAYERS:
                    one = popular(rng, rng.choice((base, base, layers[RING_LAYER])))
                else:
                    one = nearby(rng, position, rng.choice(below[-3:]))
                found[id(one)] = one
            module.imports = sorted(found.values(), key=lambda one: one.number)
            if number != RING_LAYER and index and rng.random() < PAIRS:
                module.imports.append(members[index - 1])
                members[index - 1].for_typing.append(module)
    ring = layers[RING_LAYER]
    for one, two in zip(ring, [*ring[1:], ring[0]]):
        one.for_typing.append(two)


def text_of(module: Module, rng: random.Random) -> str:
    if module.number == 0:
        return ROOT
    alias = {one.number: f"m{one.number}" for one in module.imports}
    base = rng.choice(module.imports)

    def line(one: Module) -> str:
        parent, _, name = one.name.rpartition(".")
        return f"from {parent} import {name} as m{one.number}\n"

    used = rng.sample(module.imports, min(len(module.imports), 5))
    wrong = module.number % ONE_ERROR_IN == ONE_ERROR_IN // 2
    users = [
        USER.format(k=k, module=alias[one.number], result="str" if wrong and k == 0 else "int")
        for k, one in enumerate(used)
    ]
    users += [LATER.format(k=k, module=f"m{one.number}") for k, one in enumerate(module.for_typing)]
    return TEMPLATE.format(
        n=module.number,
        title=f"part {module.number} in layer {module.layer}",
        limit=rng.randrange(1000),
        imports="".join(line(one) for one in module.imports),
        typing_imports="".join("    " + line(one) for one in module.for_typing),
        base=f"{alias[base.number]}.Item",
        calls="".join(f"    result += {alias[one.number]}.first(value)\n" for one in used),
        users="".join(users),
    )


def write_graph(folder: Path, package: str, modules: int, seed: int) -> None:
    """Writes so many modules below `folder`; packages' own files are empty and not counted."""
    rng = random.Random(seed)
    layers = place_modules(package, modules)
    connect(layers, rng)
    for layer in layers:
        for module in layer:
            path = folder / (module.name.replace(".", "/") + ".py")
            if not path.parent.exists():
                path.parent.mkdir(parents=True)
                (path.parent / "__init__.py").touch()
            path.write_text(text_of(module, rng), encoding="utf-8")
