"""Patterns of `exclude` that are taken match what Python's re matches; the others are left to Python."""

from __future__ import annotations

import random
import re
import warnings

import pytest

from programs import Case, ask, rounds

PATTERNS = 600
TEXTS = 20
PIECES: list[str] = [
    *"ab/._-x5 \n#",
    *["\\.", "\\/", "\\-", "\\ ", "\\d", "\\w", "\\W", "\\s", "\\b", "\\B", "\\A", "\\Z", ".", "^", "$"],
    *["[ab]", "[^a/]", "[a-x]", "[]a]", "[\\w-]", "[.\\-]", "[^\\d_]", "[a\\]]", "é", "[é-ü]"],
    *["(", ")", "(?:", "(?=", "(?!", "|", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}", "{0,2}?"],
    *["(?i)", "\\1", "(?P<n>", "(?<=a)", "*+", "{", "}", "\\n", "\\z", "[[:alpha:]]", "\\Q"],
]
ALPHABET = "ab/._-x5 \n#éüA\t"
# What configurations hold. The second value: whether C++ takes it.
KNOWN = [
    ("", True),
    (r"^tests/", True),
    (r"(^|/)test[^/]*\.py$", True),
    (r"\.venv|build|node_modules", True),
    ("(?x)(\n ^one\\.py$ # one\n | two\\.pyi$\n | ^three\\.\n)", True),
    (r"docs/.*/conf\.py", True),
    (r"^(?!src/)", True),
    (r"setup\.py\Z", True),
    (r"a{2,3}?b", True),
    (r"(?i)TESTS", False),
    (r"(a)\1", False),
    (r"(?<!x)a", False),
    (r"(a*)*b", False),
    (r"a++", False),
    (r"[", False),
    (r"a**", False),
    (r"\p{L}", False),
    (r"[[:alpha:]]", False),
    (r"[a&&b]", False),
    (r"(*UTF)a", False),
    (r"a{99999}", False),
    (r"\B", False),
    ("(" * 500 + ")" * 500, False),
]


def python_answers(pattern: str, texts: list[str]) -> list[bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [re.search(pattern, text) is not None for text in texts]


def well_formed(rng: random.Random, depth: int = 0) -> str:
    """A pattern that is likely to be one."""
    kind = rng.random()
    if depth > 3 or kind < 0.4:
        return rng.choice(PIECES[: PIECES.index("(")])
    if kind < 0.6:
        return well_formed(rng, depth + 1) + well_formed(rng, depth + 1)
    if kind < 0.7:
        return well_formed(rng, depth + 1) + "|" + well_formed(rng, depth + 1)
    group = rng.choice(["(", "(?:", "(?=", "(?!", "(?:"]) + well_formed(rng, depth + 1) + ")"
    quantifiers = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}"] if kind < 0.9 else [""]
    return group + rng.choice(quantifiers)


def random_case(rng: random.Random) -> Case:
    if rng.random() < 0.7:
        pattern = well_formed(rng)
    else:
        pattern = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 9)))
    if rng.random() < 0.15:
        pattern = "(?x)" + pattern
    texts = ["".join(rng.choice(ALPHABET) for _ in range(rng.randrange(9))) for _ in range(TEXTS)]
    return {"pattern": pattern, "texts": texts}


@pytest.mark.parametrize(("pattern", "taken"), KNOWN)
def test_known_patterns(pattern: str, taken: bool) -> None:
    texts = ["", "one.py", "a/two.pyi", "tests/", "src/b.py", "setup.py\n", "aab", "docs/x/conf.py"]
    (answer,) = ask("pattern_dump", [{"pattern": pattern, "texts": texts}])
    assert (answer is not None) == taken
    if taken:
        assert answer == python_answers(pattern, texts)


def test_random_patterns() -> None:
    taken = compared = undecided = 0
    for rng in rounds():
        cases = [random_case(rng) for _ in range(PATTERNS)]
        for case, answer in zip(cases, ask("pattern_dump", cases), strict=True):
            if answer is None:
                continue
            taken += 1
            # A pattern that is taken is one that Python compiles, without a warning.
            expected = python_answers(case["pattern"], case["texts"])
            for text, ours, theirs in zip(case["texts"], answer, expected, strict=True):
                if ours is None:
                    undecided += 1
                    assert not (text.isascii() and text.isprintable()), (case["pattern"], text)
                else:
                    compared += 1
                    assert ours == theirs, (case["pattern"], text)
    print(f"patterns taken: {taken}, matches compared: {compared}, left to Python: {undecided}")
    assert taken > 0
