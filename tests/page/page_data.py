"""Data of pages, as typewave writes it, for graphs that are made up."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]
RUN_TIME, IN_FUNCTION, TYPE_CHECKING = 0, 1, 2


@dataclass
class MadeUp:
    """A graph by names; modules are numbered in the order they are named."""

    project: str = "made up"
    imports: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    components: list[list[str]] = field(default_factory=list)  # those of several modules
    seconds: dict[str, float] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    waves: dict[str, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    affected: list[str] = field(default_factory=list)

    def data(self) -> Data:
        names = list(self.imports)
        number = {name: index for index, name in enumerate(names)}
        in_cycle = {name for component in self.components for name in component}
        components = [*self.components, *([name] for name in names if name not in in_cycle)]
        component = {name: index for index, members in enumerate(components) for name in members}
        waves = [max(self.waves.get(name, 0) for name in members) for members in components]
        packages: dict[str, int] = {}
        parents: list[int] = []

        def package(name: str) -> int:
            if name not in packages:
                outer = name.rpartition(".")[0]
                parent = package(outer) if outer else -1
                packages[name] = len(packages)
                parents.append(parent)
            return packages[name]

        homes = [package(name.rpartition(".")[0] or name) for name in names]
        fan_in = [0] * len(names)
        for targets in self.imports.values():
            for target in {target for target, _ in targets}:
                fan_in[number[target]] += 1
        seconds = [sum(self.seconds.get(name, 0.01) for name in members) for members in components]
        rows: dict[int, int] = {}
        places = [(wave, rows.setdefault(wave, 0), rows.update({wave: rows[wave] + 1}))[:2] for wave in waves]
        widest = max(rows.values(), default=1)
        wrapped = max(1, round((widest / 3) ** 0.5))
        return {
            "format": 1,
            "project": self.project,
            "typewave": "0.1.0",
            "modules": {
                "name": names,
                "path": [self.paths.get(name, name.replace(".", "/") + ".py") for name in names],
                "own": [0 if name in self.foreign else 1 for name in names],
                "component": [component[name] for name in names],
                "package": homes,
                "bytes": [1000 + index for index in range(len(names))],
                "errors": [self.errors.get(name, 0) for name in names],
                "seconds": [self.seconds.get(name, 0.01) for name in names],
                "fan_in": fan_in,
            },
            "imports": [
                [[number[target], kind, line] for line, (target, kind) in enumerate(self.imports[name], 1)]
                for name in names
            ],
            "components": {
                "modules": [[number[name] for name in members] for members in components],
                "wave": waves,
                "seconds": seconds,
                "x": [wave * (wrapped + 1) + row % wrapped for wave, row in places],
                "y": [row // wrapped for _, row in places],
            },
            "packages": {
                "name": list(packages),
                "parent": parents,
                "x": [0] * len(packages),
                "y": list(range(len(packages))),
            },
            "cycles": [self._cycle(members, index, number) for index, members in enumerate(self.components)],
            "waves": [
                {
                    "components": waves.count(wave),
                    "modules": sum(len(members) for members, its in zip(components, waves) if its == wave),
                    "seconds": sum(cost for cost, its in zip(seconds, waves) if its == wave),
                }
                for wave in range(max(waves, default=-1) + 1)
            ],
            "affected": {
                "since": "main",
                "changed": [number[name] for name in self.changed],
                "affected": [number[name] for name in self.affected],
            }
            if self.changed
            else None,
        }

    def _cycle(self, members: list[str], component: int, number: dict[str, int]) -> Data:
        inside = set(members)
        edges = [
            (name, target, kind, line)
            for name in members
            for line, (target, kind) in enumerate(self.imports[name], 1)
            if target in inside
        ]
        edges.sort(key=lambda edge: -edge[2])
        cuts = [
            {
                "from": number[name],
                "to": number[target],
                "path": self.paths.get(name, name.replace(".", "/") + ".py"),
                "line": line,
                "lines": [line],
                "kind": kind,
                "left": max(1, len(members) - 1 - index),
            }
            for index, (name, target, kind, line) in enumerate(edges[: max(1, len(members) // 20)])
        ]
        seconds = sum(self.seconds.get(name, 0.01) for name in members)
        return {"component": component, "seconds": seconds, "chain": len(members) - 1, "cuts": cuts}


def small() -> MadeUp:
    """A shop: two packages, one cycle, one module of somebody else, one change."""
    return MadeUp(
        project="shop",
        imports={
            "shop.price": [("json", RUN_TIME)],
            "shop.order": [("shop.customer", TYPE_CHECKING), ("shop.price", RUN_TIME)],
            "shop.customer": [("shop.order", RUN_TIME)],
            "shop.stock.shelf": [("shop.price", RUN_TIME)],
            "shop.stock.truck": [("shop.stock.shelf", IN_FUNCTION)],
            "tools.report": [("shop.order", RUN_TIME), ("shop.stock.truck", RUN_TIME)],
            "tools.empty": [],
            "json": [],
        },
        components=[["shop.customer", "shop.order"]],
        seconds={"shop.order": 0.5, "shop.price": 0.1, "tools.report": 1.5, "json": 0.4},
        errors={"shop.order": 3},
        waves={
            "shop.price": 1,
            "shop.order": 2,
            "shop.stock.shelf": 2,
            "shop.stock.truck": 3,
            "tools.report": 4,
        },
        foreign={"json"},
        changed=["shop.price"],
        affected=["shop.price", "shop.order", "shop.customer", "shop.stock.shelf", "shop.stock.truck", "tools.report"],
    )


HOSTILE_NAMES = (
    "evil.</script><script>window.broken = 1</script>",
    'evil."><img src=x onerror="window.broken = 2">',
    "evil.<!--<script>",
    "evil.line\nbreak",
    "evil.\x1b[31mred\x1b[0m",
    "evil.\u202ereversed",
    "evil.&amp;&lt;b&gt;",
    "evil.'quotes\"`${window.broken = 3}`",
    "evil." + "long" * 200,
    "evil.__proto__",
    "constructor.prototype",
    "javascript:window.broken=4",
    "evil.\ufffd",
)


def hostile() -> MadeUp:
    """Names that would like to be something else than text."""
    graph = MadeUp(project="</title><script>window.broken = 5</script>\n\x1b[0m")
    for index, name in enumerate(HOSTILE_NAMES):
        following = HOSTILE_NAMES[(index + 1) % len(HOSTILE_NAMES)]
        graph.imports[name] = [(following, index % 3)]
        graph.paths[name] = name + "/<b>.py"
    graph.components = [list(HOSTILE_NAMES)]
    graph.changed = [HOSTILE_NAMES[0]]
    graph.affected = list(HOSTILE_NAMES)
    return graph


def large(modules: int = 10_000) -> MadeUp:
    """As many modules as Home Assistant has, in as many packages and waves, with a large cycle."""
    chance = random.Random(20261123)
    graph = MadeUp(project="large")
    names = [f"app.parts.part{index % 1400:04}.module{index // 1400}" for index in range(modules)]
    layers = [min(19, index * 20 // modules) for index in range(modules)]
    begins = [layers.index(layer) for layer in range(20)]
    in_cycle = range(modules // 2, modules // 2 + 400)
    for index, name in enumerate(names):
        before = begins[layers[index]]
        targets = sorted({chance.randrange(before) for _ in range(8)}) if before else []
        graph.imports[name] = [(names[target], chance.choice((0, 0, 0, 1, 2))) for target in targets]
        graph.seconds[name] = round(chance.expovariate(100), 5)
        graph.errors[name] = chance.choice((0,) * 30 + (1, 2, 7))
        graph.waves[name] = layers[index]
    for index in in_cycle:
        following = in_cycle.start + (index + 1 - in_cycle.start) % len(in_cycle)
        graph.imports[names[index]].append((names[following], chance.choice((0, 0, 1, 2))))
    graph.components = [[names[index] for index in in_cycle]]
    return graph
