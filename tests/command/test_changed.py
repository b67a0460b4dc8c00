"""`typewave check --changed-since` and its like: the part of the whole answer that a change can reach."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from support.answers import difference
from support.history import (
    Reported,
    commit,
    compare,
    diagnostics,
    git,
    new_repository,
    take_apart,
    whole,
)
from support.project import Project, one_trouble, own_lines

# Each module imports the one before; two of them hold an error that is there from the beginning.
CHAIN = {
    "base.py": "def value() -> int:\n    return 1\n",
    "middle.py": "import base\n\n\ndef doubled() -> int:\n    return base.value() * 2\n",
    "top.py": "import middle\n\nnumber: str = middle.doubled()\n",
    "apart.py": "number: str = 1\n",
}
INT_FOR_STR = (
    'error: Incompatible types in assignment (expression has type "int", variable has type "str")  [assignment]'
)
TOP = f"top.py:3: {INT_FOR_STR}"
MIDDLE = 'middle.py:5: error: Incompatible return value type (got "str", expected "int")  [return-value]'
APART = f"apart.py:1: {INT_FOR_STR}"
OTHER_VALUE = {"base.py": "def value() -> str:\n    return ''\n"}


@pytest.fixture(scope="module")
def known(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The chain after its first commit and a whole check; no test changes it."""
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("known"))
    project.write(CHAIN)
    new_repository(project)
    assert project.check(".").answer.status == 1
    return project


@pytest.fixture
def chain(known: Project, project: Project) -> Project:
    """A copy of it, with its store."""
    shutil.rmtree(project.root)
    shutil.copytree(known.root, project.root, symlinks=True)
    return project


def report(project: Project, *arguments: str) -> Reported:
    return take_apart(project.check(*(arguments or ("--changed-since", "main")), "."))


def notes(reported: Reported) -> list[str]:
    return own_lines(reported.checked.answer.stderr)


def test_nothing_changed(chain: Project) -> None:
    reported = report(chain)
    assert reported.checked.answer.stdout == "Success: no issues found in 0 source files\n"
    assert (reported.components, reported.changed, reported.files) == (0, 0, set())
    assert reported.checked.answer.status == 0


def test_a_comment_reaches_nobody_else(chain: Project) -> None:
    chain.write({"base.py": CHAIN["base.py"] + "# that is all\n"})
    reported = report(chain)
    assert (reported.files, reported.components, reported.changed) == ({"base.py"}, 1, 1)
    assert reported.checked.answer.stdout == "Success: no issues found in 1 source file\n"


def test_an_interface_reaches_until_one_stays_the_same(chain: Project) -> None:
    chain.write(OTHER_VALUE)
    reported = report(chain)
    assert reported.lines == [MIDDLE]
    assert reported.files == {"base.py", "middle.py"}
    assert reported.checked.answer.stdout.endswith("Found 1 error in 1 file (checked 2 source files)\n")
    assert reported.checked.answer.status == 1
    assert report(chain).files == {"base.py", "middle.py"}  # also once the result is known


def test_without_results_of_before_the_graph_decides(chain: Project) -> None:
    chain.write(OTHER_VALUE)
    shutil.rmtree(chain.store)
    reported = report(chain)
    assert reported.lines == [MIDDLE, TOP]
    assert reported.files == {"base.py", "middle.py", "top.py"}
    assert "apart" not in reported.checked.summary["checked_modules"]
    assert reported.components == 3


def test_what_is_needed_is_checked_but_not_reported(chain: Project) -> None:
    shutil.rmtree(chain.store)
    chain.write({"top.py": CHAIN["top.py"] + "\n"})
    reported = report(chain)
    assert reported.lines == [TOP]
    assert {"base", "middle", "top"} <= set(reported.checked.summary["checked_modules"])


def test_all_sorts_of_changes_count(chain: Project) -> None:
    git(chain.folder, "checkout", "--quiet", "-b", "work")
    chain.write({"committed.py": "x: int = ''\n"})
    commit(chain, "second")
    chain.write({"staged.py": "x: int = ''\n", "new/untracked.py": "x: int = ''\n", ".gitignore": "ignored.py\n"})
    git(chain.folder, "add", "staged.py")
    chain.write({"ignored.py": "x: int = ''\n", "apart.py": "number: str = 2\n"})
    reported = report(chain)
    assert reported.files == {"apart.py", "committed.py", "new/untracked.py", "staged.py"}
    assert len(reported.lines) == 4
    assert report(chain, "--staged").files == {"staged.py"}
    assert report(chain, "--changed-since", "HEAD").files == {"apart.py", "new/untracked.py", "staged.py"}
    # Work that others did on main meanwhile is not part of the change.
    git(chain.folder, "stash", "--quiet", "--include-untracked")
    git(chain.folder, "checkout", "--quiet", "main")
    chain.write({"theirs.py": "x = 1\n"})
    commit(chain, "theirs")
    git(chain.folder, "checkout", "--quiet", "work")
    assert report(chain).files == {"committed.py"}


def test_what_vanished_reaches_those_who_import_it(chain: Project) -> None:
    (chain.folder / "base.py").unlink()
    reported = report(chain)
    assert reported.files == {"middle.py", "top.py"}
    assert reported.lines[0].startswith(
        'middle.py:1: error: Cannot find implementation or library stub for module named "base"'
    )
    assert reported.changed == 1
    git(chain.folder, "checkout", "--quiet", "base.py")
    git(chain.folder, "mv", "base.py", "basis.py")
    renamed = report(chain)
    assert renamed.files == {"basis.py", "middle.py", "top.py"}
    assert renamed.changed == 2


def test_a_module_that_appears_reaches_those_who_missed_it(project: Project) -> None:
    project.write({"user.py": "import late\n\nlate.value(1)\n", "also.py": "import late.part\n", "apart.py": "x = 1\n"})
    new_repository(project)
    project.check(".")
    project.write({"late/__init__.py": "def value() -> None: ...\n"})
    reported = report(project)
    assert reported.files == {"also.py", "late/__init__.py", "user.py"}
    assert 'user.py:3: error: Too many arguments for "value"  [call-arg]' in reported.lines
    project.write({"late/part.py": ""})
    assert report(project).files == {"also.py", "late/__init__.py", "late/part.py", "user.py"}


def test_a_stub_and_a_package_that_hide_a_module(chain: Project) -> None:
    chain.write({"base.pyi": "def value() -> str: ...\n"})
    assert {"base.pyi", "middle.py"} <= report(chain).files
    (chain.folder / "base.pyi").unlink()
    chain.write({"base/__init__.py": "def value() -> str: ...\n"})
    assert "middle.py" in report(chain).files
    shutil.rmtree(chain.folder / "base")
    assert report(chain).files == set()


def test_lists_of_files(chain: Project) -> None:
    (chain.root / "list").write_text("base.py\n\nREADME.md\n", encoding="utf-8")
    listed = ("--changed-files", str(chain.root / "list"))
    # Nothing is known of what the file was before, so what imports it may have changed.
    assert report(chain, *listed).files == {"base.py", "middle.py", "top.py"}
    shutil.rmtree(chain.folder / ".git")  # no git is needed
    (chain.folder / ".git").mkdir()
    (chain.root / "list").write_bytes(b"apart.py\0gone.py\0")
    assert report(chain, *listed).lines == [APART]
    (chain.folder / "base.py").unlink()
    (chain.root / "list").write_text("./base.py", encoding="utf-8")
    assert report(chain, *listed).files == {"middle.py", "top.py"}
    command = [str(chain.binary), "check", *chain.own_arguments(), "--changed-files=-", "."]
    done = subprocess.run(
        command, cwd=chain.folder, env=chain.environment(), input=b"apart.py\n", capture_output=True, timeout=120
    )
    assert diagnostics(done.stdout.decode()) == [APART]
    trouble = chain.check("--changed-files", "nowhere", ".").answer
    assert "cannot read the list of changed files nowhere: No such file" in one_trouble(trouble)


def test_only_changed_files_are_printed(chain: Project) -> None:
    chain.write(OTHER_VALUE)
    reported = report(chain, "--changed-since=main", "--only-changed")
    assert reported.checked.answer.stdout == "Success: no issues found in 1 source file\n"
    assert reported.checked.answer.status == 0
    assert reported.components == 2
    assert "does not say since when" in one_trouble(chain.check("--only-changed", ".").answer)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("mypy.ini", "[mypy]\nstrict = True\n", "the configuration mypy.ini changed"),
        ("pyproject.toml", "[tool.mypy]\nstrict = true\n", "the configuration pyproject.toml changed"),
        ("uv.lock", "version = 1\n", "uv.lock changed, and with it what is installed"),
        ("requirements/dev.txt", "pytest\n", "requirements/dev.txt changed, and with it what is installed"),
    ],
)
def test_what_everything_stands_on(chain: Project, name: str, text: str, words: str) -> None:
    chain.write({name: text})
    reported = report(chain)
    assert reported.everything == words
    assert notes(reported) == [f"typewave: note: everything is checked: {words}"]
    assert {APART, TOP} <= set(reported.lines)
    assert reported.components == reported.of_components


def test_a_plugin_that_changed(chain: Project) -> None:
    plugin = "from mypy.plugin import Plugin\n\n\nclass Own(Plugin): ...\n\n\ndef plugin(version):\n    return Own\n"
    chain.write({"mypy.ini": "[mypy]\nplugins = own.py\n", "own.py": plugin})
    commit(chain, "plugin")
    chain.write({"own.py": plugin + "# changed\n"})
    assert report(chain, "--changed-since=HEAD").everything == "own.py, which a plugin is made of or reads, changed"


def test_git_has_no_answer(chain: Project, tmp_path: Path) -> None:
    unknown = chain.check("--changed-since", "nowhere", ".").answer
    assert "git knows no revision nowhere" in one_trouble(unknown)
    assert "git fetch origin nowhere" in unknown.stderr
    git(chain.folder, "checkout", "--quiet", "--orphan", "other")
    git(chain.folder, "commit", "--quiet", "--message=apart")
    assert "main and HEAD have no commit in common" in one_trouble(chain.check("--changed-since=main", ".").answer)
    shutil.rmtree(chain.folder / ".git")
    nowhere = chain.check("--changed-since", "main", ".").answer
    assert "is not in a git repository" in one_trouble(nowhere)
    full = report(chain, "--changed-since", "main", "--fallback", "full")
    assert sorted(full.lines) == sorted([APART, TOP])
    assert "is not in a git repository" in notes(full)[0]
    programs = tmp_path / "bin"
    programs.mkdir()
    chain.variables = {"PATH": str(programs)}
    assert "git" in one_trouble(chain.check("--staged", ".").answer)


def test_a_shallow_clone(chain: Project, tmp_path: Path) -> None:
    git(chain.folder, "checkout", "--quiet", "-b", "work")
    for number in range(3):
        chain.write({f"new{number}.py": f"x = {number}\n"})
        commit(chain, f"more {number}")
    clone = Project(chain.binary, chain.python, tmp_path / "clone")
    shutil.rmtree(clone.folder)
    origin = f"file://{chain.folder}"
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=work", origin, str(clone.folder))
    unknown = clone.check("--changed-since", "origin/main", ".").answer
    assert "git knows no revision origin/main" in one_trouble(unknown)
    fetch = "git fetch origin main:refs/remotes/origin/main"
    assert fetch in unknown.stderr
    git(clone.folder, *fetch.split()[1:], "--depth=1")
    apart = clone.check("--changed-since", "origin/main", ".").answer
    assert "does not reach back" in one_trouble(apart)
    assert "git fetch --unshallow origin" in apart.stderr
    git(clone.folder, "fetch", "--quiet", "--unshallow", "origin")
    shutil.copytree(chain.store, clone.store, dirs_exist_ok=True)
    assert report(clone, "--changed-since", "origin/main").files == {"new0.py", "new1.py", "new2.py"}


def test_places_in_a_repository(chain: Project) -> None:
    inside = chain.folder / "inside"
    tree = Project(chain.binary, chain.python, chain.root / "tree")
    shutil.rmtree(tree.folder)
    git(chain.folder, "worktree", "add", "--quiet", "-b", "other", str(tree.folder))
    tree.write(OTHER_VALUE)
    shutil.copytree(chain.store, tree.store, dirs_exist_ok=True)
    assert report(tree).lines == [MIDDLE]
    assert report(chain).files == set()
    # A project below the root of its repository: files beside it are none of its business.
    chain.write({"inside/part.py": "import helper\n", "inside/helper.py": "x = 1\n"})
    commit(chain, "inside")
    chain.write({"inside/helper.py": "x = ''\n", "apart.py": "number: str = 2\n", 'inside/odd "name\n\u00e9.txt': ""})
    command = [str(chain.binary), "check", *chain.own_arguments(), "--changed-since=HEAD", "."]
    done = subprocess.run(command, cwd=inside, env=chain.environment(), capture_output=True, timeout=120)
    assert done.stdout == b"Success: no issues found in 2 source files\n", done.stderr
    assert b"reached from 1 changed file," in done.stderr


def test_submodules_and_links(chain: Project) -> None:
    library = chain.root / "library"
    library.mkdir()
    (library / "lib.py").write_text("def size() -> int: ...\n", encoding="utf-8")
    git(library, "init", "--quiet")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "--message=library")
    git(chain.folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "vendored")
    chain.write({"mypy.ini": "[mypy]\nmypy_path = vendored\n", "user.py": "import lib\n\nlib.size(1)\n"})
    (chain.folder / "linked.py").symlink_to("apart.py")
    commit(chain, "submodule and link")
    chain.check("user.py", "linked.py", "apart.py")
    words = ("--changed-since=HEAD", "user.py", "linked.py", "apart.py")
    assert take_apart(chain.check(*words)).files == set()
    chain.write({"vendored/lib.py": "def size() -> str: ...\n"})
    assert take_apart(chain.check(*words)).files == {"user.py", "vendored/lib.py"}
    git(chain.folder / "vendored", "commit", "--quiet", "--all", "--message=other")
    assert take_apart(chain.check(*words)).files == {"user.py", "vendored/lib.py"}
    chain.write({"apart.py": "number: str = 3\n"})
    assert {"apart.py", "linked.py"} <= take_apart(chain.check(*words)).files


def test_a_note_that_mypy_prints_once_moves(project: Project) -> None:
    project.write({"a.py": "import gone\n", "b.py": "import gone\n", "c.py": "x = 1\n"})
    new_repository(project)
    before = whole(project, ".")
    project.check(".")
    project.write({"a.py": "x = 1\n"})
    reported = report(project)
    assert compare(reported, before, whole(project, ".")) == []
    assert reported.files == {"a.py", "b.py"}
    shutil.rmtree(project.store)
    assert compare(report(project), before, whole(project, ".")) == []


def test_other_output(chain: Project) -> None:
    chain.write(OTHER_VALUE)
    answer = chain.check("--changed-since=main", "-O", "json", ".").answer
    assert [line[:20] for line in answer.stdout.splitlines()] == ['{"file": "middle.py"']
    dry = chain.check("--changed-since=main", "--dry-run", ".").answer
    assert "apart" not in dry.stdout
    assert "leave out the options" in chain.check("--verify", "--changed-since=main", ".").answer.stderr


# What an edit does to the history: (file, new text or nothing).
Edit = tuple[str, str | None]


def random_edits(generator: random.Random, files: dict[str, str]) -> list[Edit]:
    names = sorted(files)
    edits: list[Edit] = []
    for _ in range(generator.randint(1, 2)):
        kind = generator.choice(["comment", "type", "body", "add", "delete", "rename", "missing", "init"])
        name = generator.choice(names)
        text = files[name]
        if kind == "comment":
            edits.append((name, f"# {generator.random()}\n" + text))
        elif kind == "type":
            old, new = generator.choice([("int", "str"), ("str", "int")])
            edits.append((name, text.replace(old, new, 1)))
        elif kind == "body":
            edits.append((name, text + f"\nextra_{len(text)}: int = {generator.choice(['1', repr('')])}\n"))
        elif kind == "add":
            edits.append(
                (f"pack/more{generator.randint(0, 3)}.py", f"from {generator.choice(['base', 'pack'])} import *\n")
            )
        elif kind == "delete" and len(names) > 4:
            edits.append((name, None))
        elif kind == "rename" and len(names) > 4:
            edits += [(name, None), (name.replace(".py", "_moved.py"), text)]
        elif kind == "missing":
            edits.append(
                (name, text + f"import {generator.choice(['absent', 'absent.part', 'pack.more1', 'base_moved'])}\n")
            )
        elif kind == "init":
            edits.append(("pack/__init__.py", generator.choice([None, "", "from base import value\n"])))
    return edits


def run_history(project: Project, seed: int, commits: int, warm: bool) -> list[str]:
    """Seeded commits, each reported since the one before, with or without the results of before."""
    generator = random.Random(seed)
    files = {
        **CHAIN,
        "pack/__init__.py": "",
        "pack/one.py": "import base\nimport absent\n\ndef one() -> int:\n    return base.value()\n",
        "pack/two.py": "from pack.one import one\n\ntwo: str = one()\n",
        "user.py": "import pack.two\nfrom pack import more1\n\nprint(pack.two.two + 1)\n",
    }
    project.write(files)
    new_repository(project)
    before = whole(project, ".")
    wrong = []
    for number in range(commits):
        if warm:
            project.check(".")
        else:
            shutil.rmtree(project.store, ignore_errors=True)
        for name, text in random_edits(generator, files):
            path = project.folder / name
            if text is None:
                path.unlink(missing_ok=True)
                files.pop(name, None)
            else:
                project.write({name: text})
                files[name] = text
        commit(project, f"commit {number}")
        after = whole(project, ".")
        checked = project.check("--changed-since", "HEAD~1", ".")
        if after.status == 2:
            found = difference(after, checked.answer)
        else:
            found = "; ".join(compare(take_apart(checked), before, after))
        if found:
            wrong.append(f"seed {seed}, commit {number}: {found}")
        before = after
    return wrong


def same_as_whole_runs(project: Project, seed: int, commits: int) -> None:
    wrong = run_history(project, seed, commits, warm=seed % 2 == 0)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_history(project: Project, seed: int) -> None:
    same_as_whole_runs(project, seed, 3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 22))
def test_longer_histories(project: Project, seed: int) -> None:
    same_as_whole_runs(project, seed, 10)
