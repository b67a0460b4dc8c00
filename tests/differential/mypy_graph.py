"""Loads the graph of a mypy command line with mypy itself; prints it, and the request for graph_dump.

Runs under the interpreter of the mypy to compare with: `python mypy_graph.py [mypy arguments]`.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from mypy import stubinfo
from mypy.build import (
    BuildManager,
    State,
    create_metastore,
    default_data_dir,
    load_graph,
    load_plugins,
    order_ascc_ex,
    sorted_components,
)
from mypy.defaults import RECURSION_LIMIT
from mypy.errors import CompileError, Errors
from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.modulefinder import (
    BuildSource,
    BuildSourceSet,
    SearchPaths,
    compute_search_paths,
    load_stdlib_py_versions,
)
from mypy.options import Options
from mypy.util import read_py_file

MODULE_OPTIONS = (
    "ignore_missing_imports",
    "follow_imports_for_stubs",
    "follow_untyped_imports",
    "ignore_errors",
    "follow_imports",
    "always_true",
    "always_false",
)

REPORTS = (
    ("missing", re.compile(r'Cannot find implementation or library stub for module named "(.*)"$')),
    ("missing", re.compile(r'Skipping analyzing "(.*)": module is installed, but missing')),
    ("missing", re.compile(r'Library stubs not installed for "(.*)"$')),
    ("skipped", re.compile(r'Import of "(.*)" ignored$')),
    ("ancestor", re.compile(r'Ancestor package "(.*)" ignored$')),
)


def version_text(version: tuple[int, int] | None) -> str:
    return f"{version[0]}.{version[1]}" if version else ""


def request_of(options: Options, sources: list[BuildSource], paths: SearchPaths) -> dict[str, Any]:
    versions = load_stdlib_py_versions(options.abs_custom_typeshed_dir)
    namespaced = {
        module: distribution
        for table in stubinfo.non_bundled_packages_namespace.values()
        for module, distribution in table.items()
    }
    return {
        "options": {
            "cwd": str(Path.cwd()),
            "python": list(options.python_version),
            "platform": options.platform,
            "namespace_packages": options.namespace_packages,
            "explicit_package_bases": options.explicit_package_bases,
            "fast_module_lookup": options.fast_module_lookup,
            "no_silence_site_packages": options.no_silence_site_packages,
            "typeshed_versions": {
                module: [version_text(low), version_text(high)] for module, (low, high) in versions.items()
            },
            "stubs": {"flat": stubinfo.non_bundled_packages_flat, "namespaced": namespaced},
        },
        "module_options": {name: getattr(options, name) for name in MODULE_OPTIONS},
        "sections": [
            {"pattern": pattern} | {name: changes[name] for name in MODULE_OPTIONS if name in changes}
            for pattern, changes in options.per_module_options.items()
        ],
        "search_paths": {
            "python_path": list(paths.python_path),
            "mypy_path": list(paths.mypy_path),
            "package_path": list(paths.package_path),
            "typeshed_path": list(paths.typeshed_path),
        },
        "sources": [
            {"module": source.module}
            | ({"path": source.path} if source.path else {})
            | ({"text": source.text} if source.text is not None else {})
            for source in sources
        ],
    }


def manager_for(options: Options, sources: list[BuildSource], paths: SearchPaths) -> BuildManager:
    files = FileSystemCache()
    errors = Errors(options, read_source=lambda path: read_py_file(path, files.read))
    plugin, snapshot = load_plugins(options, errors, sys.stdout, ())
    options.process_error_codes(error_callback=lambda message: sys.exit(message))
    return BuildManager(
        default_data_dir(),
        paths,
        ignore_prefix=str(Path.cwd()),
        source_set=BuildSourceSet(sources),
        reports=None,
        options=options,
        version_id="comparison",
        plugin=plugin,
        plugins_snapshot=snapshot,
        errors=errors,
        error_formatter=None,
        flush_errors=lambda path, messages, serious: None,
        fscache=files,
        stdout=sys.stdout,
        stderr=sys.stderr,
        metastore=create_metastore(options, parallel_worker=False),
    )


def reports_at(manager: BuildManager, state: State) -> list[dict[str, Any]]:
    found = []
    for info in manager.errors.error_info_map.get(state.xpath, []):
        for kind, pattern in REPORTS:
            match = pattern.match(info.message)
            if match:
                found.append({"kind": kind, "target": match[1], "line": info.line})
    return found


def describe(state: State, manager: BuildManager) -> dict[str, Any]:
    def edge(name: str) -> tuple[str, int, int]:
        return name, state.priorities.get(name, 5), state.dep_line_map.get(name, 1)

    return {
        "name": state.id,
        "path": state.xpath,
        "order": state.order,
        "ignore_all": state.ignore_all,
        "silent": state.ignore_all or state.options.ignore_errors,
        "ignored_lines": sorted(state.tree.ignored_lines) if state.tree else [],
        "dependencies": [edge(name) for name in state.dependencies],
        "suppressed": [edge(name) for name in state.suppressed],
        "ancestors": state.ancestors,
        "imported_from": list(state.import_context[-1]) if state.import_context else None,
        "reports": reports_at(manager, state),
    }


def graph_of(options: Options, sources: list[BuildSource], paths: SearchPaths) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        manager = manager_for(options, sources, paths)
        State.order_counter = 0
        graph = load_graph(sources, manager)
    except CompileError as error:
        return {"blocker": error.messages}
    except AssertionError:
        # A relative import beyond the top of a package that mypy only looks at in passing.
        return {"blocker": ["mypy fails"]}
    loaded = time.perf_counter()
    components = sorted_components(graph)
    # The queue of process_graph when nothing is cached.
    by_id = {component.id: component for component in components}
    waiting = {component.id: component.not_ready_count for component in components}
    queue = [component for component in components if not component.deps]
    for component in queue:
        for dependent in component.direct_dependents:
            waiting[dependent] -= 1
            if not waiting[dependent]:
                queue.append(by_id[dependent])
    return {
        "modules": [describe(state, manager) for state in graph.values()],
        "missing": {name: int(reason) for name, reason in manager.missing_modules.items()},
        "components": [{"modules": order_ascc_ex(graph, component)} for component in queue],
        "sorted": [sorted(component.mod_ids) for component in components],
        "load_ms": 1000 * (loaded - start),
    }


def main() -> None:
    sys.setrecursionlimit(RECURSION_LIMIT)
    gc.disable()
    arguments = ["--cache-dir", os.devnull, "--no-incremental", *sys.argv[1:]]
    sources, options = process_options(arguments)
    paths = compute_search_paths(sources, options, default_data_dir())
    result = {"request": request_of(options, sources, paths), "graph": graph_of(options, sources, paths)}
    json.dump(result, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
