"""How the user's mypy understands the arguments: everything the coordinator decides by, in one answer.

The answer follows from the arguments, the working directory, the environment variables it names, and the content of
the files and directories listed in `inputs`, `listings`, `patterns` and `config`; the coordinator remembers it under
those. If it does not, it is `unsettled`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib import metadata
from typing import Any, Final

from mypy import build, defaults, stubinfo
from mypy.errorcodes import ErrorCode, error_codes
from mypy.errors import CompileError
from mypy.main import define_options
from mypy.modulefinder import SearchPaths, compute_search_paths, get_search_dirs, load_stdlib_py_versions
from mypy.options import Options
from mypy.split_namespace import SplitNamespace
from mypy.version import __version__

from .arguments import MypyExit, process_arguments
from .mypy24 import unsupported_reason
from .option_table import key_options, whole_run_option
from .patterns import listed_folders
from .plugins import IDENTITY, describe_plugins, search_directories
from .printed import STDERR, STDOUT, HeldOutput

VARIABLES: Final = (
    "COLUMNS", "FORCE_COLOR", "HOME", "MYPYPATH", "MYPY_ALT_LIB_PATH", "MYPY_CACHE_DIR", "MYPY_FORCE_COLOR",
    "MYPY_FORCE_TERMINAL_WIDTH", "MYPY_NUM_WORKERS", "MYPY_TEST_PREFIX", "NO_COLOR", "PYODIDE", "PYTHONHOME",
    "PYTHONNOUSERSITE", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONSAFEPATH", "PYTHONUSERBASE", "TERM", "USERPROFILE",
    "VIRTUAL_ENV", "XDG_CONFIG_HOME",
)  # fmt: skip
STATEMENTS: Final = ("import ", "import\t")  # what lines of a path file begin with that Python runs
EXPANDED: Final = re.compile(r"\$(?:\{([^}]+)\}|(\w+))")


def probe(argv: list[str]) -> dict[str, Any]:
    processed = process_arguments(argv)
    options = processed.options
    reason = unsupported_reason() or whole_run_option(options, argv)
    stdout, stderr = HeldOutput(STDOUT), HeldOutput(STDERR)
    plugins: list[dict[str, Any]] = []
    try:
        with redirect_stdout(stdout), redirect_stderr(stderr):
            search = _search_paths(options)
            plugins = describe_plugins(options)
            options.process_error_codes(error_callback=build.build_error)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
        raise MypyExit(code, stdout.take(), stderr.take()) from None
    except MypyExit:
        raise
    except CompileError as error:
        reason = reason or "mypy reports: " + "; ".join(error.messages)
    except Exception as error:  # noqa: BLE001 - a plugin's own failure, which plain mypy shows best
        reason = reason or f"a plugin fails: {error}"
    config = _config_files(options, argv)
    return {
        "did": "probe",
        "mypy": _mypy(),
        "options": {name: plain(value) for name, value in sorted(options.snapshot().items())},
        "keys": {name: plain(value) for name, value in sorted(key_options(options).items())},
        "sections": [[glob, plain(changes)] for glob, changes in options.per_module_options.items()],
        "targets": _targets(options, argv),
        "search": {
            "mypy_path": list(search.mypy_path),
            "package_path": list(search.package_path),
            "typeshed_path": list(search.typeshed_path),
            "sys_path": list(get_search_dirs(options.python_executable)[0]),
        },
        "typeshed_versions": {
            module: [_version(oldest), _version(newest)]
            for module, (oldest, newest) in load_stdlib_py_versions(options.custom_typeshed_dir).items()
        },
        "stubs": {
            "flat": stubinfo.non_bundled_packages_flat,
            "namespaced": stubinfo.non_bundled_packages_namespace,
        },
        "codes": {
            "enabled": sorted(code.code for code in options.enabled_error_codes),
            "disabled": sorted(code.code for code in options.disabled_error_codes),
        },
        "error_codes": {
            name: {
                "sub_code_of": code.sub_code_of.code if code.sub_code_of is not None else None,
                "default_enabled": code.default_enabled,
            }
            for name, code in sorted(error_codes.items())
        },
        "config": config,
        "environment": {name: os.environ.get(name) for name in _variables(options)},
        "plugins": plugins,
        "inputs": sorted(
            {*processed.looked.files, *_inputs(options), *(file for plugin in plugins for file in plugin["inputs"])}
        ),
        "patterns": sorted({folder for pattern in processed.looked.patterns for folder in listed_folders(pattern)}),
        "unsettled": _is_script(options.python_executable),
        "listings": sorted({*_site_directories(options), *_folders_of_path_files(options)}),
        "import_listings": sorted(search_directories()) if plugins else [],
        "delegate": reason,
        "stdout": processed.stdout + stdout.take(),
        "stderr": processed.stderr + stderr.take(),
        "summary": options.error_summary,
    }


def _search_paths(options: Options) -> SearchPaths:
    """mypy asks another interpreter for its paths, which may be none."""
    try:
        return compute_search_paths([], options, os.path.dirname(build.__file__))
    except CompileError as error:
        raise MypyExit(2, "", "".join(f"{message}\n" for message in error.messages)) from None
    except Exception as error:  # noqa: BLE001 - mypy crashes where that program fails or prints something else
        text = f"{options.python_executable} does not say where its packages are: {error}"
        hint = "name a Python interpreter with python_executable or --python-executable"
        raise MypyExit(2, "", f"typewave: error: {text}\ntypewave: hint: {hint}\n") from None


def list_sources(argv: list[str]) -> dict[str, Any]:
    """mypy's own source list, from its own walk over the directories."""
    sources = process_arguments(argv, crawl=True).sources
    return {
        "did": "sources",
        "sources": [
            {"path": one.path, "module": one.module, "base_directory": one.base_dir, "text": one.text}
            for one in sources
        ],
    }


def plain(value: object) -> Any:
    """An option's value as JSON."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, ErrorCode):
        return value.code
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, (set, frozenset)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return repr(type(value))


def _version(version: tuple[int, int] | None) -> str | None:
    return None if version is None else f"{version[0]}.{version[1]}"


def _mypy() -> dict[str, Any]:
    versions: dict[str, str | None] = {}
    for name in IDENTITY:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return {
        "version": __version__,
        "compiled": not (build.__file__ or "").endswith(".py"),
        "directory": os.path.dirname(build.__file__),
        "identity": versions,
        "supported": unsupported_reason() is None,
        "python": list(sys.version_info[:3]),
        "executable": sys.executable,
    }


def _targets(options: Options, argv: list[str]) -> dict[str, Any]:
    """What to check: the command line's word, else the config file's."""
    parser, _, _ = define_options()
    named = argparse.Namespace()
    parser.parse_args(argv, SplitNamespace(Options(), named, "special-opts:"))
    files, packages, modules = named.files, named.packages, named.modules
    if not (files or packages or modules):
        files, packages, modules = options.files or files, options.packages or packages, options.modules or modules
    command = "\n".join(named.command) if named.command else None
    return {"files": list(files), "packages": list(packages), "modules": list(modules), "command": command}


def _config_files(options: Options, argv: list[str]) -> dict[str, Any]:
    """The config file that was read, and every path that was looked at before it."""
    parser, _, _ = define_options()
    given = argparse.Namespace()
    parser.parse_args(argv, given)
    if given.config_file is not None:
        return {"path": options.config_file, "tried": [given.config_file], "markers": []}
    tried: list[str] = []
    markers: list[str] = []
    directory = os.path.abspath(os.getcwd())
    while True:
        names = defaults.CONFIG_NAMES + defaults.SHARED_CONFIG_NAMES
        tried += [os.path.relpath(os.path.join(directory, name)) for name in names]
        here = [os.path.join(directory, name) for name in (".git", ".hg")]
        markers += here
        parent = os.path.dirname(directory)
        if any(os.path.exists(marker) for marker in here) or parent == directory:
            break
        directory = parent
    tried += defaults.USER_CONFIG_FILES
    if options.config_file in tried:
        del tried[tried.index(options.config_file) + 1 :]
    return {"path": options.config_file, "tried": tried, "markers": markers}


def _variables(options: Options) -> list[str]:
    """Environment variables mypy consults, and those the config file may expand."""
    names = set(VARIABLES)
    if options.config_file is not None:
        try:
            with open(options.config_file, encoding="utf-8", errors="replace") as file:
                names.update(braced or bare for braced, bare in EXPANDED.findall(file.read()))
        except OSError:
            pass
    if options.python_executable and os.sep not in options.python_executable:
        names.add("PATH")  # where it is looked up
    names.discard("MYPY_CONFIG_FILE_DIR")  # mypy sets it itself
    return sorted(names)


def _site_directories(options: Options) -> set[str]:
    paths = {path for part in get_search_dirs(options.python_executable) for path in part}
    ours = os.path.dirname(os.path.dirname(build.__file__))
    return {*paths, ours}  # also those that are not there: pip makes the user's own when it needs it


def _is_script(executable: str | None) -> bool:
    """Whether an interpreter is a script, as those of version managers are: where it leads only running it shows."""
    found = shutil.which(executable) if executable else None
    if found is None or os.path.samefile(found, sys.executable):
        return False
    try:
        with open(found, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False  # who runs a script has to read it, too


def _imported_at_start(options: Options) -> Iterator[str]:
    """Files of modules that Python imports before anything else; they may change where modules are looked for."""
    names = {"sitecustomize", "usercustomize"}
    for _, line in _path_lines(options):
        if line.startswith(STATEMENTS):
            names.update(re.findall(r"[\w.]+", line[6:].partition(";")[0]))
    for name in names:
        found = getattr(sys.modules.get(name), "__file__", None)
        if found is not None:
            yield found
        elif "." not in name:  # it may come
            yield from (os.path.join(directory, f"{name}.py") for directory in _site_directories(options))


def _path_files(options: Options) -> Iterator[str]:
    for directory in filter(os.path.isdir, _site_directories(options)):
        yield from (entry.path for entry in os.scandir(directory) if entry.name.endswith(".pth"))


def _path_lines(options: Options) -> Iterator[tuple[str, str]]:
    """What path files say, with the folder each lies in."""
    for path in _path_files(options):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError:
            continue
        yield from ((os.path.dirname(path), line) for line in lines)


def _folders_of_path_files(options: Options) -> Iterator[str]:
    """Python takes only those that are there; others may come."""
    for directory, line in _path_lines(options):
        if line.strip() and "\0" not in line and not line.startswith(("#", *STATEMENTS)):
            yield os.path.join(directory, line.rstrip())


def _inputs(options: Options) -> Iterator[str]:
    for name in IDENTITY:
        # The record holds the hash of every installed file.
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:
            continue
        yield from (str(file.locate()) for file in files if file.name == "RECORD" and len(file.parts) == 2)
    yield from _path_files(options)
    yield from _imported_at_start(options)
    for executable in {sys.executable, options.python_executable or sys.executable}:
        for directory in (os.path.dirname(executable), os.path.dirname(os.path.dirname(executable))):
            settings = os.path.join(directory, "pyvenv.cfg")
            if os.path.isfile(settings):
                yield settings
    typeshed = options.custom_typeshed_dir or os.path.join(os.path.dirname(build.__file__), "typeshed")
    yield os.path.join(os.path.abspath(typeshed), "stdlib", "VERSIONS")
