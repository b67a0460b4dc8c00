"""A run's worker state: loaded interfaces, and the check of one component after the other against them."""

from __future__ import annotations

import gc
import os
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

from mypy.build import State, load_plugins
from mypy.errors import CompileError, Errors
from mypy.modulefinder import BuildSource, SearchPaths

from .arguments import MypyExit, process_arguments
from .diagnostics import encode_errors
from .imports import found_imports, imports_digest
from .interface import read_tree, write_tree
from .mypy24 import GC_THRESHOLD, RECURSION_LIMIT, Build, Module
from .touch import Touched, Tracker

Component = dict[str, Any]
Reply = tuple[dict[str, Any], list[bytes]]


class Crash(Exception):
    """mypy (or this worker) failed; nothing in the process may be used any more."""


class Refused(Exception):
    """The component cannot be checked as asked; later ones can."""

    def __init__(self, kind: str, module: str, text: str, **more: object) -> None:
        super().__init__(text)
        self.reply = {"kind": kind, "module": module, "text": text, **more}


class Session:
    def __init__(self, request: dict[str, Any]) -> None:
        sys.setrecursionlimit(RECURSION_LIMIT)
        gc.set_threshold(*GC_THRESHOLD)
        options = process_arguments(request["argv"]).options
        if options.num_workers:
            options.native_parser = True  # as mypy itself decides for several workers
        options.num_workers = 0
        options.incremental = False
        options.cache_dir = os.devnull
        options.report_dirs = {}
        options.pretty = False
        options.output = None
        options.raise_exceptions = True
        sources = [BuildSource(path, module, text, base) for module, path, text, base in request["sources"]]
        paths = request["search"]
        search = SearchPaths(
            python_path=tuple(paths["python_path"]),
            mypy_path=tuple(paths["mypy_path"]),
            package_path=tuple(paths["package_path"]),
            typeshed_path=tuple(paths["typeshed_path"]),
        )
        errors = Errors(options)
        try:
            plugin, _ = load_plugins(options, errors, sys.stderr, [])
            options.process_error_codes(error_callback=_invalid_option)
            self._build = Build(options, sources, search, plugin, errors)
        except CompileError as error:
            text = "".join(message + "\n" for message in error.messages)
            raise MypyExit(2, text if error.use_stdout else "", "" if error.use_stdout else text) from error
        self._tracker = Tracker(self._build.modules)
        self._foreign_plugins = bool(options.plugins)

    # -- load ----------------------------------------------------------------------------------------------------

    def load(self, components: list[list[Module]], blobs: list[bytes]) -> None:
        """Puts stored interfaces in place; components come in topological order."""
        gc.disable()
        try:
            remaining = iter(blobs)
            tracked: list[str] = []
            dependencies: set[str] = set()
            for modules in components:
                trees = []
                for module in modules:
                    name = module["id"]
                    if name in self._build.modules:
                        raise Crash(f"{name} is loaded already")
                    tree = read_tree(next(remaining), module["path"])
                    self._build.add_loaded(name, tree)
                    trees.append(tree)
                    if not module["constant"]:
                        self._tracker.register(name, tree)
                        tracked.append(name)
                        dependencies.update(module["deps"])
                self._build.link_loaded(trees)
            self._tracker.arm(tracked, dependencies)
        finally:
            gc.freeze()
            gc.unfreeze()
            gc.enable()

    # -- check ---------------------------------------------------------------------------------------------------

    def check(self, component: Component) -> Iterator[Reply]:
        """Yields `interface` and `checked`, or `failed` instead of either."""
        modules: list[Module] = component["modules"]
        cpu, wall = time.process_time(), time.monotonic()
        try:
            yield from self._check(component, cpu, wall)
        except Refused as refusal:
            yield {"did": "failed", **refusal.reply}, []
        except CompileError as error:
            blocked = error.module_with_blocker or modules[0]["id"]
            text = "".join(message + "\n" for message in error.messages)
            yield {"did": "failed", "kind": "blocking", "module": blocked, "text": text}, []
        except (Exception, SystemExit):
            raise Crash(traceback.format_exc()) from None
        finally:
            self._build.drop(module["id"] for module in modules)

    def _check(self, component: Component, cpu: float, wall: float) -> Iterator[Reply]:
        modules: list[Module] = component["modules"]
        build = self._build
        build.reset(component)
        states = build.add_states(modules)
        build.parse(states)
        for state, module in zip(states, modules):
            _compare_with_request(state, module)
            build.set_imports(state, module)
        for state, module in zip(states, modules):
            for report in module["reports"]:
                build.report_import(state, report)
        loading = [len(build.infos(state)) for state in states]
        scc = build.register(states)
        names = [{"id": state.id} for state in states]
        if build.two_phase(states):
            build.check_interface(scc)
            yield {"did": "interface", "modules": names}, self._write(states, modules)
            build.check_implementation(states)
        else:
            build.check_whole(scc)
            yield {"did": "interface", "modules": names}, self._write(states, modules)
        errors = [
            {"id": state.id, "errors": [] if build.is_silent(state) else encode_errors(build.infos(state), first)}
            for state, first in zip(states, loading)
        ]
        touched = self._collect(component, states)
        own = {state.id for state in states}
        reply = {
            "did": "checked",
            "modules": errors,
            "used": sorted(touched.modules - own),
            "touched": [[module, sorted(names)] for module, names in sorted(touched.symbols.items())],
            "cpu": time.process_time() - cpu,
            "wall": time.monotonic() - wall,
        }
        if touched.missed:
            reply["missed"] = touched.missed
        yield reply, []

    def _write(self, states: list[State], modules: list[Module]) -> list[bytes]:
        blobs = []
        for state, module in zip(states, modules):
            assert state.tree is not None
            blobs.append(write_tree(state.tree, module["canonical"]))
        return blobs

    def _collect(self, component: Component, states: list[State]) -> Touched:
        """The used set begins with what mypy looks up by name: imports, packages around them, visible submodules."""
        start: set[str] = set()
        for state, module in zip(states, component["modules"]):
            for name, _, _ in module["dependencies"]:
                start.add(name)
                start.update(_packages_around(name))
            start.update(module["ancestors"])
            start.update(self._build.indirect_dependencies(state))
        visible = sorted(component["visible"], key=len)
        start.update(name for name in visible if name.rpartition(".")[0] in start)
        return self._tracker.collect(start, whole=self._foreign_plugins)


def _invalid_option(message: str) -> None:
    raise CompileError([f"mypy: error: {message}"])


def _packages_around(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _compare_with_request(state: State, module: Module) -> None:
    """The parser read the file itself: is it what the coordinator hashed and scanned?"""
    assert state.tree is not None
    expected = module["source_sha1"]
    if state.source_hash and state.source_hash != expected:
        raise Refused("changed", state.id, f"{state.xpath} changed during the run")
    found = found_imports(state.tree.imports)
    digest = imports_digest(found, template_strings=state.tree.uses_template_strings)
    if digest != module["imports"]:
        raise Refused(
            "mismatch",
            state.id,
            f"mypy finds other imports in {state.xpath}",
            imports=[one.encode() for one in found],
            template_strings=state.tree.uses_template_strings,
        )
