"""Completion scripts and the manual page: made from the option tree, tried in real shells."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.project import Project, one_trouble

SHELLS = ("bash", "zsh", "fish")


def script(project: Project, shell: str) -> str:
    answer = project.call("completion", shell)
    assert (answer.status, answer.stderr) == (0, "")
    return answer.stdout


def shell_or_skip(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def run(command: list[str], project: Project) -> str:
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done
    assert done.stderr == "", done
    return done.stdout


def completed(project: Project, shell: str, line: str) -> list[str]:
    """What a shell offers at the end of a line."""
    path = project.root / f"completion.{shell}"
    path.write_text(script(project, shell), encoding="utf-8")
    program = shell_or_skip(shell)
    if shell == "fish":
        text = run([program, "--no-config", "-c", f"source {path}; complete --do-complete '{line}'"], project)
        return sorted(word.split("\t")[0] for word in text.splitlines())
    if shell == "bash":
        # As readline would: words are split at = too.
        words = line.replace("=", " = ").split(" ")
        quoted = " ".join(f"'{word}'" for word in words if word) + (" ''" if line.endswith((" ", "=")) else "")
        call = (
            f"source {path}; COMP_WORDS=({quoted}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); "
            'compopt() { :; }; _typewave; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        return sorted(word for word in run([program, "--norc", "-c", call], project).splitlines() if word)
    return zsh_completed(program, path, line, project)


ZSH = """
zmodload zsh/zpty
zpty -b shell "{zsh} -f -i"
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; source {script}; zstyle ":completion:*" list-separator "#"'
zpty -w shell 'setopt no_list_beep; LISTMAX=1000; stty columns 200; bindkey "^I" list-choices; print REA""DY'
zpty -r -m shell reading '*READY*'
zpty -w -n shell '{line}'$'\\t'$'\\x15''print DO""NE'$'\\n'
zpty -r -m shell reading '*DONE*'
print -r -- "$reading"
zpty -d shell
"""


def zsh_completed(program: str, path: Path, line: str, project: Project) -> list[str]:
    text = run([program, "-f", "-c", ZSH.format(zsh=program, script=path, line=line)], project)
    text = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]|\r", " ", text)
    words = set(text.replace("#", " ").split())
    return sorted(words)


def test_the_scripts_know_every_option(shop: Project) -> None:
    """Those of each command's help, and mypy's."""
    commands = [
        line.split()[0] for line in shop.call("--help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    ]
    assert {"check", "graph", "explain", "completion", "man"} <= set(commands)
    for shell in SHELLS:
        text = script(shop, shell)
        assert text.endswith("\n")
        for command in commands:
            assert command in text
            for word in shop.call(command, "--help").stdout.replace(",", " ").split():
                if word.startswith("--") and word != "--" and word.rstrip(".;").isascii():
                    name = word.lstrip("-").rstrip(".;:`")
                    assert name in text, (shell, command, name)
        for name in ("strict", "python-version", "config-file", "follow-imports"):
            assert name in text


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_well_formed(shop: Project, shell: str) -> None:
    path = shop.root / "script"
    path.write_text(script(shop, shell), encoding="utf-8")
    run([shell_or_skip(shell), "-n", str(path)], shop)


@pytest.mark.parametrize("shell", SHELLS)
def test_commands(shop: Project, shell: str) -> None:
    assert "check" in completed(shop, shell, "typewave ch")
    assert "explain" in completed(shop, shell, "typewave expl") or shell == "zsh"


@pytest.mark.parametrize("shell", SHELLS)
def test_options_of_typewave_and_of_mypy(shop: Project, shell: str) -> None:
    assert "--dry-run" in completed(shop, shell, "typewave check --dry-r") or shell == "zsh"
    found = completed(shop, shell, "typewave check --s")
    assert {"--store", "--stats", "--strict"} <= {word.split("=")[0] for word in found}
    of_graph = {word.split("=")[0] for word in completed(shop, shell, "typewave graph --")}
    assert {"--format", "--strict"} <= of_graph
    assert "--dry-run" not in of_graph


@pytest.mark.parametrize("shell", ("bash", "fish"))
def test_choices(shop: Project, shell: str) -> None:
    assert completed(shop, shell, "typewave check --color ") == ["always", "auto", "never"]
    assert completed(shop, shell, "typewave check --follow-imports s") == ["silent", "skip"]
    assert completed(shop, shell, "typewave completion ") == ["bash", "fish", "zsh"]


def test_choices_after_an_equals_sign(shop: Project) -> None:
    assert completed(shop, "bash", "typewave check --color=a") == ["always", "auto"]


@pytest.mark.parametrize("shell", ("bash", "fish"))
def test_files_and_folders(shop: Project, shell: str) -> None:
    assert {word.rstrip("/") for word in completed(shop, shell, "typewave check ")} >= {"shop", "tool.py"}
    assert [word.rstrip("/") for word in completed(shop, shell, "typewave check --store s")] == ["shop"]
    assert {word.rstrip("/") for word in completed(shop, shell, "typewave check --config-file t")} == {"tool.py"}


def test_unknown_shell(shop: Project) -> None:
    assert "tcsh" in one_trouble(shop.call("completion", "tcsh"))
    assert "SHELL" in one_trouble(shop.call("completion"))


def test_manual_page(shop: Project) -> None:
    answer = shop.call("man")
    assert (answer.status, answer.stderr) == (0, "")
    page = answer.stdout
    assert page.startswith(".TH TYPEWAVE 1 ")
    for word in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "FILES", "SEE ALSO"):
        assert f"\n.SH {word}\n" in page
    for option in ("dry\\-run", "slowest", "per\\-project", "matrix"):
        assert f"\\fB\\-\\-{option}\\fR" in page


@pytest.mark.parametrize(
    "command",
    [["man", "--warnings=w", "-l", "-Tutf8"], ["groff", "-man", "-ww", "-Tutf8", "-z"], ["mandoc", "-T", "lint"]],
)
def test_manual_page_is_well_formed(shop: Project, command: list[str]) -> None:
    path = shop.root / "typewave.1"
    path.write_text(shop.call("man").stdout, encoding="utf-8")
    shell_or_skip(command[0])
    done = subprocess.run(
        [*command, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**shop.environment(), "MANPAGER": "cat", "LC_ALL": "C.UTF-8"},
    )
    complaints = [
        line
        for line in (done.stderr + (done.stdout if command[0] == "mandoc" else "")).splitlines()
        # A page that is made by a program has the date of nobody's edit.
        if "date" not in line and "STYLE" not in line
    ]
    assert not complaints
