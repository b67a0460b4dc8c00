"""The options table gives modules what Options.clone_for_module gives them, and the same unused sections."""

from __future__ import annotations

import random
from typing import Any

from mypy.options import Options

from programs import Case, ask, rounds

TABLES = 200
NAMES = 25
PARTS = ["a", "b", "c", "ab", "d_e", "a-b"]
BOOLEANS = [
    "ignore_missing_imports",
    "follow_imports_for_stubs",
    "follow_untyped_imports",
    "ignore_errors",
    "local_partial_types",
]
FOLLOW = ["normal", "silent", "skip", "error"]


def random_pattern(rng: random.Random) -> str:
    parts = [rng.choice([*PARTS[:4], "*"]) for _ in range(rng.randrange(1, 5))]
    return ".".join(parts)


def random_changes(rng: random.Random) -> dict[str, Any]:
    changes: dict[str, Any] = {key: rng.random() < 0.5 for key in BOOLEANS if rng.random() < 0.4}
    if rng.random() < 0.4:
        changes["follow_imports"] = rng.choice(FOLLOW)
    for key in ("always_true", "always_false"):
        if rng.random() < 0.3:
            changes[key] = rng.sample(PARTS, rng.randrange(3))
    return changes


def random_case(rng: random.Random) -> Case:
    patterns = list(dict.fromkeys(random_pattern(rng) for _ in range(rng.randrange(9))))
    names = [".".join(rng.choice(PARTS) for _ in range(rng.randrange(1, 5))) for _ in range(NAMES)]
    names += rng.sample(["", ".a", "a.", "a..b", "a.*", "*", "a\nb", "a.b\n.c"], 2)
    return {"sections": [{"pattern": p, "changes": random_changes(rng)} for p in patterns], "names": names}


def mypy_answer(case: Case) -> Case:
    options = Options()
    options.local_partial_types = True
    options.per_module_options = {s["pattern"]: s["changes"] for s in case["sections"]}
    answers = []
    for name in case["names"]:
        module = options.clone_for_module(name)
        values: list[Any] = [getattr(module, key) for key in BOOLEANS]
        values += [FOLLOW.index(module.follow_imports), module.always_true, module.always_false]
        answers.append(values)
    return {"options": answers, "unused": sorted(options.get_unused_configs())}


def test_answers_as_mypy() -> None:
    compared = unused = 0
    for rng in rounds():
        cases = [random_case(rng) for _ in range(TABLES)]
        for case, answer in zip(cases, ask("options_dump", cases), strict=True):
            assert answer == mypy_answer(case), case
            compared += len(case["names"])
            unused += len(answer["unused"])
    print(f"modules compared: {compared}, unused sections among them: {unused}")
    assert unused > 0
