"""Plugins in the checked repository: what they are made of, what they read, what they add and what they remember."""

from __future__ import annotations

import pytest

from support.project import Project

SOURCES = {
    "tool.py": "def ask() -> object:\n    return 1\n",
    "first.py": "from tool import ask\n\nreveal_type(ask())\n",
    "second.py": "x: int = ''\n",
    "hidden/__init__.py": "",
    "hidden/answers.py": "class Answer:\n    pass\n",
}
CONFIGURATION = "[mypy]\nplugins = rules/plugin.py\n\n[rules]\nanswer = int\n"
RULES = """\
import configparser
import os
from pathlib import Path

from mypy.plugin import Plugin
from mypy.types import Instance

from words import QUESTION


class Rules(Plugin):
    def __init__(self, options):
        super().__init__(options)
        parser = configparser.ConfigParser()
        parser.read(options.config_file)
        self.answer = os.environ.get("RULES_ANSWER", parser.get("rules", "answer"))
        self.extra = Path("rules/extra.txt").read_text().split()

    def report_config_data(self, context):
        return {"answer": self.answer}

    def get_additional_deps(self, file):
        return [(10, "hidden.answers", -1)] if file.fullname in self.extra else []

    def get_function_hook(self, fullname):
        return self.reply if fullname == QUESTION else None

    def reply(self, context):
        if "first" in self.extra:
            return Instance(self.lookup_fully_qualified("hidden.answers.Answer").node, [])
        return context.api.named_generic_type("builtins." + self.answer, [])


def plugin(version):
    return Rules
"""


@pytest.fixture
def ruled(project: Project) -> Project:
    project.write(SOURCES)
    project.write(
        {
            "mypy.ini": CONFIGURATION,
            "rules/plugin.py": RULES,
            "rules/words.py": "QUESTION = 'tool.ask'\n",
            "rules/extra.txt": "",
        }
    )
    return project


def test_comments_that_configure_a_file(ruled: Project) -> None:
    """mypy makes options for them during the check, which is nothing that the plugin reads."""
    ruled.write({"second.py": "# mypy: disallow-untyped-defs\n\ndef untyped(): ...\n"})
    assert "mypy itself runs" not in ruled.same("first.py", "second.py").answer.stderr


def answer_to(project: Project) -> str:
    """The type the plugin gave, in an answer that was cold mypy's."""
    checked = project.same("first.py", "second.py")
    again = project.check("first.py", "second.py")
    assert again.summary["checked_modules"] == []
    assert "typewave: " not in again.answer.stderr
    assert again.answer == checked.answer
    return _type(checked.answer.stdout)


def _type(stdout: str) -> str:
    return stdout.partition('Revealed type is "')[2].partition('"')[0]


def test_everything_a_plugin_reads_counts(ruled: Project) -> None:
    assert answer_to(ruled) == "int"
    ruled.write({"mypy.ini": CONFIGURATION.replace("int", "str")})
    assert answer_to(ruled) == "str"
    ruled.variables["RULES_ANSWER"] = "bytes"
    assert answer_to(ruled) == "bytes"
    ruled.variables["RULES_ANSWER"] = "float"
    assert answer_to(ruled) == "float"
    ruled.write({"rules/words.py": "QUESTION = 'tool.nothing'\n"})
    assert answer_to(ruled) == "object"
    ruled.write(
        {"rules/words.py": "QUESTION = 'tool.ask'\n", "rules/plugin.py": RULES.replace("self.answer,", "'complex',")}
    )
    assert answer_to(ruled) == "complex"
    # Everything is as it was once, and nothing has to be checked.
    ruled.write({"mypy.ini": CONFIGURATION, "rules/plugin.py": RULES})
    del ruled.variables["RULES_ANSWER"]
    assert ruled.same("first.py", "second.py").summary["checked_modules"] == []


def test_dependencies_that_a_plugin_adds(ruled: Project) -> None:
    assert answer_to(ruled) == "int"
    ruled.write({"rules/extra.txt": "first\n"})
    assert answer_to(ruled) == "hidden.answers.Answer"
    ruled.write({"hidden/answers.py": "class Answer:\n    y = 1\n"})
    assert answer_to(ruled) == "hidden.answers.Answer"
    ruled.write({"hidden/answers.py": "from first import ask\n\nclass Answer:\n    y: int = ''\n"})  # a cycle
    assert answer_to(ruled) == "hidden.answers.Answer"
    ruled.write({"rules/extra.txt": "second\n"})
    assert answer_to(ruled) == "int"


def test_dependency_that_is_missing(ruled: Project) -> None:
    ruled.write({"rules/extra.txt": "second\n", "rules/plugin.py": RULES.replace("hidden.answers", "gone.away")})
    for arguments in (
        ["first.py", "second.py"],
        ["--show-error-context", "second.py"],
        ["--ignore-missing-imports", "."],
    ):
        ruled.same(*arguments)
        assert ruled.check(*arguments).summary["checked_modules"] == []


LATE = {
    "a file": "open('answer.txt').read()",
    "a variable": "str(os.environ.get('LATE_ANSWER'))",
    "a directory": "str(os.listdir('hidden'))",
    "a program": "os.popen('true').read()",
    "a module": "str(__import__('late_module'))",
}


@pytest.mark.parametrize("what", LATE)
def test_plugin_that_reads_during_a_check(ruled: Project, what: str) -> None:
    plugin = RULES.replace(
        '        if "first"', f"        import sys; sys.path.append('rules'); {LATE[what]}\n        if \"first\""
    )
    ruled.write({"rules/plugin.py": plugin, "answer.txt": "", "rules/late_module.py": ""})
    for _ in range(2):
        checked = ruled.same("first.py", "second.py")
        assert "typewave: note: a plugin reads " in checked.answer.stderr
        assert "mypy itself runs" in checked.answer.stderr


def test_plugin_that_looks_beyond_the_imports(ruled: Project) -> None:
    plugin = RULES.replace('if "first" in self.extra', 'if self.lookup_fully_qualified("hidden.answers.Answer")')
    ruled.write({"rules/plugin.py": plugin})
    for _ in range(2):
        checked = ruled.same("hidden/answers.py", "first.py")
        assert "a plugin looks up hidden.answers, which first does not import" in checked.answer.stderr
    # Where there is no such module in the run, the look-up fails for everybody.
    assert answer_to(ruled) == "int"


REGISTRY = """\
from mypy.plugin import Plugin


class Registry(Plugin):
    def get_base_class_hook(self, fullname):
        return self.note if fullname == "registry.Base" else None

    def note(self, context):
        base = self.lookup_fully_qualified("registry.Base").node
        base.metadata.setdefault("noted", {})[context.cls.info.fullname] = 1

    def get_function_hook(self, fullname):
        return self.count if fullname == "registry.count" else None

    def count(self, context):
        base = self.lookup_fully_qualified("registry.Base").node
        context.api.fail("noted: " + ", ".join(sorted(base.metadata.get("noted", {}))), context.context)
        return context.default_return_type


def plugin(version):
    return Registry
"""


def test_what_a_plugin_notes_in_other_modules(ruled: Project) -> None:
    ruled.write(
        {
            "mypy.ini": CONFIGURATION.replace("plugin.py", "plugin.py, rules/registry_plugin.py"),
            "rules/registry_plugin.py": REGISTRY,
            "registry.py": "class Base:\n    pass\n\n\ndef count() -> int:\n    return 0\n",
            "one.py": "from registry import Base\n\n\nclass One(Base):\n    pass\n",
            "two.py": "from one import One, Base\n\n\nclass Two(Base):\n    pass\n",
            "uses.py": "from two import Two\nfrom registry import count\n\ncount()\n",
            "many.py": "import tool, registry\n",
        }
    )
    for jobs in ("-j1", "-j2"):
        checked = ruled.check("--no-store", jobs, "one.py", "two.py", "uses.py", "first.py")
        assert "uses.py:4: error: noted: one.One, two.Two" in checked.answer.stdout
    ruled.same("one.py")
    ruled.same("one.py", "two.py")
    ruled.same("one.py", "two.py", "uses.py", "first.py")
    assert ruled.same("one.py", "two.py", "uses.py", "first.py").summary["checked_modules"] == []
    ruled.write(
        {
            "two.py": "from one import One, Base\n\n\nclass Twice(Base):\n    pass\n",
            "uses.py": "import two\nfrom registry import count\n\ncount()\n",
        }
    )
    assert "noted: one.One, two.Twice" in ruled.same("one.py", "two.py", "uses.py", "first.py").answer.stdout
