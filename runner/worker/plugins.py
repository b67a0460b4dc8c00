"""What the user's mypy plugins are made of, and how far they can be trusted to be functions of what they see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from mypy.build import load_plugins
from mypy.errors import Errors
from mypy.options import Options
from mypy.plugin import ChainedPlugin, Plugin

from .watch import Readings, standard_library, watch

# Plugins known to look only at what mypy's hooks hand to them and at what they read while they are loaded. The
# settings and models that Django's imports are read then: they count as part of it.
VOUCHED: Final = (
    "mypy.plugins.proper_plugin",
    "mypy_django_plugin.main",
    "numpy.typing.mypy_plugin",
    "pydantic.mypy",
    "pydantic.v1.mypy",
)
# mypy and what it brings with it: all of it decides what mypy says.
IDENTITY: Final = ("mypy", "ast_serialize", "librt", "typing_extensions", "mypy_extensions", "pathspec")
# Those that answer get_additional_deps with nothing but the module itself.
WITHOUT_DEPENDENCIES: Final = ("numpy.typing.mypy_plugin",)


def describe_plugins(options: Options) -> list[dict[str, Any]]:
    """Loads the plugins the config names; raises CompileError as mypy would."""
    if not options.plugins:
        return []
    before = set(sys.modules)
    with watch() as readings:
        plugin, _ = load_plugins(options, Errors(options), sys.stdout, [])
    imported = set(sys.modules) - before
    loaded = plugin._plugins[:-1] if isinstance(plugin, ChainedPlugin) else []  # the last one is mypy's own
    closure = sorted({*_closure(imported, {type(one).__module__ for one in loaded}), *readings.files})
    return [_describe(spec, one, closure, readings) for spec, one in zip(options.plugins, loaded)]


def adds_dependencies(plugin: Plugin) -> bool:
    """Whether any of the loaded plugins is asked for dependencies of its own."""
    loaded = plugin._plugins if isinstance(plugin, ChainedPlugin) else [plugin]
    return any(_overrides(one, "get_additional_deps") for one in loaded)


def search_directories() -> set[str]:
    """Where a plugin's imports were looked for: a new entry may come before what was found."""
    found = {os.path.abspath(path or ".") for path in sys.path}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and os.path.abspath(file).startswith(os.getcwd() + os.sep):
            found.add(os.path.dirname(os.path.abspath(file)))
    return {path for path in found if not _is_standard(path + os.sep)}


# mypy's options ask for it whenever they are made, as for a comment that configures a file; it decides `platform`.
ASKED_BY_MYPY: Final = frozenset({"PYODIDE"})


class Known:
    """What the plugins are known to be made of once they are loaded: anything read later is in no key."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._modules = set(sys.modules)
        self._packages = {*IDENTITY, *(name.partition(".")[0] for name in sys.modules)}

    def first_unknown(self, late: Readings, sources: set[str]) -> str | None:
        """Something that was read for the first time; `sources` are what mypy itself reads."""
        for file in sorted(late.files - self._readings.files):
            if file not in {os.path.abspath(source) for source in sources}:
                return file
        for directory in sorted(late.directories - self._readings.directories):
            return directory
        for variable in sorted(late.variables - self._readings.variables - ASKED_BY_MYPY):
            return f"${variable}"
        for program in sorted(late.programs - self._readings.programs):
            return f"what {program} gives"
        return self._late_import()

    def _late_import(self) -> str | None:
        new = set(sys.modules) - self._modules
        self._modules |= new
        here = os.getcwd() + os.sep
        for name in sorted(new):
            file = getattr(sys.modules.get(name), "__file__", None)
            if not isinstance(file, str) or _is_standard(os.path.abspath(file)):
                continue
            # The record of an installed distribution covers modules that are imported late.
            path, package = os.path.abspath(file), name.partition(".")[0]
            if package not in self._packages or (path.startswith(here) and "site-packages" not in path):
                return name
        return None


def _describe(spec: str, plugin: Plugin, closure: list[str], readings: Readings) -> dict[str, Any]:
    name = type(plugin).__module__
    module = sys.modules.get(name)
    return {
        "spec": spec,
        "file": getattr(module, "__file__", None),
        "version": str(getattr(module, "__version__", "none")),
        "inputs": closure,
        "directories": sorted(readings.directories),
        "variables": sorted(readings.variables),
        "vouched": name in VOUCHED and not readings.programs,
        "additional_deps": _overrides(plugin, "get_additional_deps") and name not in WITHOUT_DEPENDENCIES,
        "config_data": _overrides(plugin, "report_config_data"),
    }


def _overrides(plugin: Plugin, method: str) -> bool:
    return getattr(type(plugin), method) is not getattr(Plugin, method)


def _closure(imported: set[str], plugins: set[str]) -> Iterator[str]:
    """What came with the plugins: files, or the record of the distribution they were installed with.

    A record holds the hash of every installed file. The plugins' own packages are looked at file by file all the same,
    as people do edit those in place.
    """
    packages = {name.partition(".")[0] for name in plugins}
    records = _records({name.partition(".")[0] for name in imported})
    for name in sorted(imported | plugins):
        file = getattr(sys.modules.get(name), "__file__", None)
        if not isinstance(file, str) or _is_standard(os.path.abspath(file)):
            continue
        path, package = os.path.abspath(file), name.partition(".")[0]
        installed = [record for site, record in records.get(package, ()) if path.startswith(site + os.sep)]
        yield from installed
        if not installed or (package in packages and path.endswith(".py")):
            yield path


def _records(packages: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """By top-level name: the directory a distribution is installed in, and its record."""
    from importlib import metadata  # imports a lot, which a check without plugins never needs

    owners = metadata.packages_distributions()
    found: dict[str, list[tuple[str, str]]] = {}
    for package in packages:
        for name in set(owners.get(package, ())):
            files = metadata.distribution(name).files or []
            for file in files:
                if file.name == "RECORD" and len(file.parts) == 2:
                    record = Path(str(file.locate())).resolve()
                    found.setdefault(package, []).append((str(record.parent.parent), str(record)))
    return found


def _is_standard(path: str) -> bool:
    return path.startswith(standard_library()) and "site-packages" not in path and "dist-packages" not in path
