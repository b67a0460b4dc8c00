"""A run's worker state: loaded interfaces, and the check of one component after the other against them."""

from __future__ import annotations

import gc
import io
import os
import sys
import time
import traceback
from array import array
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from mypy.build import SCC, State, load_plugins
from mypy.errors import CompileError, Errors
from mypy.modulefinder import BuildSource, SearchPaths
from mypy.nodes import MypyFile

from .arguments import MypyExit, process_arguments
from .diagnostics import Encoded, encode_errors
from .generated import decode_generated
from .imports import found_imports, imports_digest
from .interface import read_tree, write_tree
from .mypy24 import GC_THRESHOLD, RECURSION_LIMIT, Build, Module
from .signatures import restore_arguments, restore_callables, shown_signatures
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
        self._names: list[str] = request["modules"]
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._missing: list[tuple[str, int]] = request["missing"]
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
        self._tracker = Tracker(self._build.named, self._names)
        self._foreign_plugins = bool(options.plugins)

    @property
    def modules(self) -> dict[str, MypyFile]:
        """Everything that is loaded."""
        return self._build.modules

    # -- load ----------------------------------------------------------------------------------------------------

    def load(self, components: list[list[Module]], blobs: list[bytes]) -> None:
        """Puts stored interfaces in place; components come in topological order."""
        gc.disable()
        try:
            remaining = iter(blobs)
            tracked: list[str] = []
            constants: list[MypyFile] = []
            dependencies: set[str] = set()
            for modules in components:
                trees = []
                for module in modules:
                    name = self._names[module["number"]]
                    if name in self._build.modules:
                        raise Crash(f"{name} is loaded already")
                    tree = read_tree(next(remaining), module["path"])
                    self._build.add_loaded(name, tree)
                    trees.append(tree)
                    if module["constant"]:
                        self._tracker.register_constant(name, tree)
                        constants.append(tree)
                    else:
                        self._tracker.register(name, tree)
                        tracked.append(name)
                        dependencies.update(self._names[number] for number in module["dependencies"])
                self._build.link_loaded(trees)
            self._tracker.arm(tracked, dependencies)
            restore_callables(constants)
            decode_generated(constants)
        finally:
            gc.freeze()
            gc.unfreeze()
            gc.enable()

    # -- check ---------------------------------------------------------------------------------------------------

    def check(self, request: dict[str, Any], visible: bytes, missing: bytes) -> Iterator[Reply]:
        """Yields `interface` and `checked`, or `failed` instead of either."""
        component = self._named(request, visible, missing)
        modules: list[Module] = component["modules"]
        cpu, wall = time.process_time(), time.monotonic()
        printed = io.StringIO()
        try:
            if self._build.ambiguous:
                raise CompileError([self._build.ambiguous])  # plain mypy, with fresh trees only, has the answer
            with redirect_stdout(printed):
                yield from self._check(component, cpu, wall)
        except Refused as refusal:
            yield {"did": "failed", **refusal.reply}, []
        except CompileError as error:
            # The answer is mypy's own then; it prints this itself (the trace of an endless analysis).
            printed.truncate(0)
            blocked = error.module_with_blocker or modules[0]["id"]
            text = "".join(message + "\n" for message in error.messages)
            yield {"did": "failed", "kind": "blocking", "module": blocked, "text": text}, []
        except (Exception, SystemExit) as error:  # noqa: BLE001 - mypy ends with SystemExit on internal errors
            if self._build.fragile:
                yield {"did": "failed", "kind": "blocking", "module": modules[0]["id"], "text": self._build.fragile}, []
                return
            # Nothing is cleaned up: mypy's state may be half-way through anything.
            raise Crash(f"{type(error).__name__}: {error}\n{traceback.format_exc().rstrip()}") from None
        finally:
            sys.stdout.write(printed.getvalue())
        self._build.drop(module["id"] for module in modules)

    def _named(self, request: dict[str, Any], visible: bytes, missing: bytes) -> Component:
        """A component as requested, with the numbers of modules replaced by their names."""
        names = self._names
        for module in request["modules"]:
            module["id"] = names[module["number"]]
            module["dependencies"] = [
                (names[number], priority, line) for number, priority, line in module["dependencies"]
            ]
        return {
            **request,
            "visible": {names[number] for number in memoryview(visible).cast("I")},
            "missing": dict(self._missing[number] for number in memoryview(missing).cast("I")),
        }

    def _check(self, component: Component, cpu: float, wall: float) -> Iterator[Reply]:
        modules: list[Module] = component["modules"]
        states, loading, scc = self._prepare(component)
        if self._build.two_phase(states):
            self._build.check_interface(scc)
            yield {"did": "interface"}, self._write(states, modules)
            self._build.check_implementation(states)
        else:
            self._build.check_whole(scc)
            yield {"did": "interface"}, self._write(states, modules)
        errors = self._errors(states, loading)
        before = time.process_time()
        touched = self._collect(component, states)
        tracking = time.process_time() - before
        if self._restore_arguments(errors, touched):
            states, errors = self._check_again(component)
            before = time.process_time()
            touched = self._collect(component, states)
            tracking += time.process_time() - before
        reply = {
            "did": "checked",
            "errors": errors,  # by module
            "touched": [[self._numbers[module], "\n".join(symbols)] for module, symbols in touched.symbols()],
            "cpu": time.process_time() - cpu,
            "wall": time.monotonic() - wall,
            "tracking": tracking,
        }
        if touched.missed:
            reply["missed"] = touched.missed
        yield reply, [array("I", sorted(self._numbers[module] for module in touched.modules)).tobytes()]

    def _prepare(self, component: Component) -> tuple[list[State], list[int], SCC]:
        """Everything before semantic analysis; how many errors each module has by then."""
        modules: list[Module] = component["modules"]
        build = self._build
        build.reset(component)
        states = build.add_states(modules)
        build.parse(states)
        for state, module in zip(states, modules):
            _compare_with_request(state, module)
            build.set_imports(state, module)
        # Which module of a whole run shows a once-per-run note is decided when all are put together: here each module
        # reports all of its own, and the check begins anew.
        for state, module in zip(states, modules):
            build.forget_shown_once()
            for report in module["reports"]:
                build.report_import(state, report)
        build.forget_shown_once()
        return states, [len(build.infos(state)) for state in states], build.register(states)

    def _check_again(self, component: Component) -> tuple[list[State], list[list[Encoded]]]:
        """The same check once more, now that loaded functions can show their signatures as fresh ones do."""
        self._build.drop(module["id"] for module in component["modules"])
        states, loading, scc = self._prepare(component)
        if self._build.two_phase(states):
            self._build.check_interface(scc)
            self._build.check_implementation(states)
        else:
            self._build.check_whole(scc)
        return states, self._errors(states, loading)

    def _errors(self, states: list[State], loading: list[int]) -> list[list[Encoded]]:
        build = self._build
        return [
            [] if build.is_silent(state) else encode_errors(build.infos(state), first)
            for state, first in zip(states, loading)
        ]

    def _restore_arguments(self, errors: list[list[Encoded]], touched: Touched) -> bool:
        """Whether messages show signatures of loaded methods that had to be completed first."""
        shown = shown_signatures(error for own in errors for error in own)
        if not shown:
            return False
        return restore_arguments([*touched.nodes, *self._tracker.decoded_constants()], shown) > 0

    def _write(self, states: list[State], modules: list[Module]) -> list[bytes]:
        blobs = []
        for state, module in zip(states, modules):
            assert state.tree is not None
            blobs.append(write_tree(state.tree, module["canonical"]))
        return blobs

    def _collect(self, component: Component, states: list[State]) -> Touched:
        """The used set begins with what mypy looks up by name: the imports."""
        start: set[str] = set()
        around: set[str] = set()
        for state, module in zip(states, component["modules"]):
            start.update(name for name, _, _ in module["dependencies"])
            start.update(self._build.referenced_modules(state))
            around.update(module["ancestors"])
        for name in start:
            around.update(_packages_around(name))
        return self._tracker.collect(start, around, component["visible"], whole=self._foreign_plugins)


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
    if expected is None:  # the directory of a namespace package
        return
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
