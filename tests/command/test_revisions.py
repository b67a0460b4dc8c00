"""The revisions that `--changed-since` takes, and what it says of those that are not there."""

from __future__ import annotations

import pytest

from support.history import Reported, commit, git, new_repository, take_apart
from support.project import Project, one_trouble

FILES = {
    "base.py": "def value() -> int:\n    return 1\n",
    "middle.py": "import base\n\n\ndef doubled() -> int:\n    return base.value() * 2\n",
    "apart.py": "number: str = 1\n",
}


@pytest.fixture
def tree(project: Project) -> Project:
    project.write(FILES)
    new_repository(project)
    project.check(".")
    return project


def report(project: Project, *arguments: str) -> Reported:
    return take_apart(project.check(*arguments, "."))


def test_revisions_of_all_forms(tree: Project) -> None:
    tree.write({"base.py": "def value() -> str:\n    return ''\n"})
    commit(tree, "all of {another} value")
    git(tree.folder, "tag", "--annotate", "--message=tag", "marked", "HEAD~1")
    tree.write({"apart.py": "number: str = 2\n"})
    for revision in ("HEAD", ":/all of", "HEAD^{/another}", "HEAD^0", "@{0}"):
        assert report(tree, "--changed-since", revision).files == {"apart.py"}, revision
    for revision in ("marked", ":/^first", "HEAD~1"):
        assert report(tree, "--changed-since", revision).files == {"apart.py", "base.py", "middle.py"}, revision
    for revision in (":/never said", "HEAD:base.py", "HEAD~9"):
        unknown = tree.check("--changed-since", revision, ".").answer
        assert f"git knows no revision {revision}" in one_trouble(unknown)
        assert "hint: is it spelled right? else: look for it with `git log`; --fallback full" in unknown.stderr


def test_before_the_first_commit(tree: Project) -> None:
    git(tree.folder, "checkout", "--quiet", "--orphan", "other")
    for revision in ("HEAD", "main", "nowhere"):
        answer = tree.check("--changed-since", revision, ".").answer
        assert "there is no commit yet on the branch that is checked out in <tree>" in one_trouble(answer)
        assert "hint: make the first one; --fallback full checks everything instead" in answer.stderr
        assert "fetch" not in answer.stderr
    assert report(tree, "--staged").files == set(FILES)
