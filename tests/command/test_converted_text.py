"""`--changed-since` where git writes other bytes than it stores: line ends, filters and the like."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.history import Reported, commit, compare, git, new_repository, take_apart, whole
from support.project import Project, one_trouble, own_lines

# What others need is the last line. With CR it is as long as there are lines, so a text that is cut off at the size
# without CR lacks just this line.
BASE = "# coding: latin-1\n# $Id$ \u00e9\u00e9\n" + "# @word@\n" * 11 + "def size() -> int: return 1\nlast: int = 1\n"
FILES = {
    "base.py": BASE,
    "user.py": "from base import last\n\nnumber: int = last\n",
    "other.py": "# $Id$ \u00e9\n# @word@\nword: str = ''\n",
    "other_user.py": "from other import word\n\nnumber: int = word\n",
}
AUTOCRLF = {"core.autocrlf": "true"}
FILTER = {
    "filter.word.smudge": "sed s/@word@/rather_longer/",
    "filter.word.clean": "sed s/rather_longer/@word@/",
    "filter.word.required": "true",
}
# Name: (configuration, .gitattributes).
CONVERSIONS: dict[str, tuple[dict[str, str], str]] = {
    "autocrlf": (AUTOCRLF, ""),
    "core.eol": ({"core.eol": "crlf"}, "* text=auto\n"),
    "eol": ({}, "*.py text eol=crlf\n"),
    "ident": ({}, "*.py ident\n"),
    "filter": (FILTER, "*.py filter=word\n"),
    "encoding": ({}, "*.py working-tree-encoding=latin-1\n"),
    "all at once": (FILTER, "*.py eol=crlf ident filter=word working-tree-encoding=latin-1\n"),
}


def check_out_anew(project: Project) -> None:
    for path in project.folder.rglob("*.py"):
        path.unlink()
    git(project.folder, "checkout", "--quiet", "--", ".")


def converted(project: Project, configuration: dict[str, str], attributes: str, files: dict[str, str]) -> Project:
    """The project after a commit, a checkout by git and a whole check."""
    project.write({**files, ".gitattributes": attributes})
    new_repository(project)
    for name, value in configuration.items():
        git(project.folder, "config", name, value)
    check_out_anew(project)
    project.check(".")
    return project


def append(project: Project, *names: str, text: str = "# more\n") -> None:
    for name in names:
        with (project.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)


def report(project: Project, *arguments: str) -> Reported:
    return take_apart(project.check(*(arguments or ("--changed-since", "HEAD")), "."))


@pytest.fixture(params=CONVERSIONS)
def tree(request: pytest.FixtureRequest, project: Project) -> Project:
    configuration, attributes = CONVERSIONS[request.param]
    converted(project, configuration, attributes, FILES)
    stored = int(git(project.folder, "cat-file", "-s", "HEAD:base.py"))
    assert (project.folder / "base.py").stat().st_size != stored  # else the test shows nothing
    return project


def test_what_the_last_line_said_is_known(tree: Project) -> None:
    before = whole(tree, ".")
    base = tree.folder / "base.py"
    base.write_bytes(b"".join(base.read_bytes().splitlines(keepends=True)[:-1]))
    reported = report(tree)
    assert compare(reported, before, whole(tree, ".")) == []
    assert reported.files == {"base.py", "user.py"}
    assert len(reported.lines) == 1
    git(tree.folder, "add", "--all")
    assert report(tree, "--staged").files == {"base.py", "user.py"}


def test_several_files(tree: Project) -> None:
    # Had they been anything but what the store knows, more would be reported.
    append(tree, "base.py", "other.py")
    assert report(tree).files == {"base.py", "other.py"}
    append(tree, "user.py", "other_user.py")
    assert report(tree).files == set(FILES)
    git(tree.folder, "checkout", "--quiet", "--", ".")
    append(tree, "other.py")
    git(tree.folder, "mv", "base.py", "basis.py")
    assert {"basis.py", "other.py", "user.py"} == report(tree).files


def test_the_same_text_in_two_forms(project: Project) -> None:
    files = {"one.py": BASE, "two.py": BASE, "user.py": "from one import last\nfrom two import size\n"}
    converted(project, {}, "one.py eol=crlf\n", files)
    append(project, "one.py", "two.py")
    assert report(project).files == {"one.py", "two.py"}


def test_names_that_no_line_can_hold(project: Project) -> None:
    names = ["plain/first.py", " blank/second.py", "two\nlines/third.py", 'quote"\u00e9\t/fourth.py', "\ttab/fifth.py"]
    modules = [Path(name).stem for name in names]
    user = "".join(f"from {module} import last as {module}\n" for module in modules)
    converted(project, AUTOCRLF, "", {**dict.fromkeys(names, BASE), "user.py": user})
    append(project, *names)
    assert report(project).files == set(names)


def test_links_and_files_that_were_none(project: Project) -> None:
    (project.folder / "linked.py").symlink_to("base.py")
    converted(project, AUTOCRLF, "", FILES)
    (project.folder / "linked.py").unlink()
    project.write({"linked.py": "x = 1\n", "new.py": "x = 1\n"})
    append(project, "other.py")
    assert report(project).files == {"linked.py", "new.py", "other.py"}


def test_a_submodule_has_attributes_of_its_own(project: Project) -> None:
    library = project.root / "library"
    library.mkdir()
    for name, text in (("lib.py", BASE), ("more.py", BASE), (".gitattributes", "*.py eol=crlf\n")):
        (library / name).write_text(text, encoding="utf-8")
    git(library, "init", "--quiet")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "--message=library")
    project.write({"user.py": "from lib import last\nimport more\n", "mypy.ini": "[mypy]\nmypy_path = vendored\n"})
    new_repository(project)
    git(project.folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "vendored")
    commit(project, "submodule")
    assert b"\r\n" in (project.folder / "vendored" / "lib.py").read_bytes()
    project.check("user.py")
    append(project, "vendored/lib.py", "vendored/more.py")
    # As in a hook of the outer repository.
    project.variables = {
        "GIT_DIR": str(project.folder / ".git"),
        "GIT_INDEX_FILE": str(project.folder / ".git" / "index"),
    }
    reported = take_apart(project.check("--changed-since=HEAD", "user.py"))
    assert (reported.files, reported.changed) == ({"vendored/lib.py", "vendored/more.py"}, 2)


def test_a_filter_that_fails(project: Project) -> None:
    converted(project, FILTER, "base.py filter=word\n", FILES)
    append(project, "base.py", "other.py")
    git(project.folder, "config", "filter.word.smudge", "echo it is broken >&2; false")
    failed = project.check("--changed-since=HEAD", ".").answer
    message = one_trouble(failed)
    assert "git cannot say what <tree>/base.py held before: " in message
    assert "it is broken; base.py: smudge filter word failed" in message
    assert "hint: mend the filter word, or install what it runs: see `git config --get-regexp ^filter.word`; " in (
        failed.stderr
    )
    full = report(project, "--changed-since=HEAD", "--fallback=full")
    assert full.files == set(FILES)
    assert "smudge filter word failed" in own_lines(full.checked.answer.stderr)[0]
    # Without `required` a checkout, too, goes on with what is stored.
    git(project.folder, "config", "filter.word.required", "false")
    git(project.folder, "checkout", "--quiet", "--", ".")
    project.check(".")
    append(project, "base.py", "other.py")
    assert report(project).files == {"base.py", "other.py"}


def test_text_that_is_elsewhere(project: Project) -> None:
    changed = ["base.py", "other.py"]
    converted(project, AUTOCRLF, "", FILES)
    append(project, *changed)
    commit(project, "more")
    git(project.folder, "config", "uploadpack.allowFilter", "true")
    partial = ("--filter=blob:none", "--config=core.autocrlf=true", f"file://{project.folder}")
    clone = Project(project.binary, project.python, project.root / "clone", store_folder=project.store)
    shutil.rmtree(clone.folder)
    git(project.root, "clone", "--quiet", *partial, str(clone.folder))
    git(clone.folder, "config", "remote.origin.url", "file:///nowhere")
    unreachable = clone.check("--changed-since=HEAD~1", ".").answer
    assert "what <tree>/base.py held before: '/nowhere' does not appear" in one_trouble(unreachable)
    assert "hint: see whether `git fetch` works here; --fallback full" in unreachable.stderr
    git(clone.folder, "config", "remote.origin.url", f"file://{project.folder}")
    assert report(clone, "--changed-since=HEAD~1").files == set(changed)


def test_text_that_is_lost(project: Project) -> None:
    changed = ["base.py", "other.py"]
    converted(project, AUTOCRLF, "", FILES)
    append(project, *changed)
    commit(project, "more")
    for name in ("other.py", "base.py"):
        blob = git(project.folder, "rev-parse", f"HEAD~1:{name}")
        (project.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        missing = project.check("--changed-since=HEAD~1", ".").answer
        assert f"what <tree>/{name} held before: {blob} is missing" in one_trouble(missing)
        assert "hint: see `git fsck`; --fallback full checks everything instead" in missing.stderr
