"""What the user's mypy plugins are made of, and how far they can be trusted to be functions of what they see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any, Final

from mypy.build import load_plugins
from mypy.errors import Errors
from mypy.options import Options
from mypy.plugin import ChainedPlugin, Plugin

# Plugins known to look only at what mypy's hooks hand to them.
VOUCHED: Final = ("mypy.plugins.proper_plugin", "numpy.typing.mypy_plugin", "pydantic.mypy", "pydantic.v1.mypy")


def describe_plugins(options: Options) -> list[dict[str, Any]]:
    """Loads the plugins the config names; raises CompileError as mypy would."""
    if not options.plugins:
        return []
    before = set(sys.modules)
    plugin, _ = load_plugins(options, Errors(options), sys.stdout, [])
    imported = set(sys.modules) - before
    loaded = plugin._plugins[:-1] if isinstance(plugin, ChainedPlugin) else []  # the last one is mypy's own
    return [_describe(spec, one, imported) for spec, one in zip(options.plugins, loaded)]


def _describe(spec: str, plugin: Plugin, imported: set[str]) -> dict[str, Any]:
    name = type(plugin).__module__
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    return {
        "spec": spec,
        "file": file,
        "version": str(getattr(module, "__version__", "none")),
        "inputs": sorted({*_closure(name, imported), *([file] if file else [])}),
        "vouched": name in VOUCHED,
        "additional_deps": _overrides(plugin, "get_additional_deps"),
        "config_data": _overrides(plugin, "report_config_data"),
    }


def _overrides(plugin: Plugin, method: str) -> bool:
    return getattr(type(plugin), method) is not getattr(Plugin, method)


def _closure(name: str, imported: set[str]) -> Iterator[str]:
    """Files of the modules that came with the plugin: of its own top-level package, or below the working directory."""
    package = name.partition(".")[0]
    here = os.getcwd() + os.sep
    for other in [*imported, name]:
        file = getattr(sys.modules.get(other), "__file__", None)
        if file and (other.partition(".")[0] == package or os.path.abspath(file).startswith(here)):
            yield os.path.abspath(file)
