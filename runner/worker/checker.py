"""A run's worker state: loaded interfaces, and the check of one component after the other against them."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import time
import traceback
from array import array
from collections.abc import Iterator
from contextlib import nullcontext, redirect_stdout
from typing import Any, Final

from mypy.build import SCC, State, load_plugins
from mypy.errors import CompileError, Errors
from mypy.modulefinder import SearchPaths
from mypy.nodes import MypyFile

from . import shapes
from .arguments import MypyExit, process_arguments
from .bodies import Bodies, Symbols
from .contexts import avoid_interpreted_calls, enter_generators
from .diagnostics import Encoded, encode_errors
from .foreign import ForeignNotes, Notes, attach, detach
from .generated import decode_generated
from .imports import found_imports, imports_digest
from .interface import read_tree, write_tree
from .mypy24 import GC_THRESHOLD, RECURSION_LIMIT, Build, Module, source_set
from .plugins import Known, adds_dependencies
from .printed import STDOUT, HeldOutput, was_printed
from .protocol import MalformedFrame, split_texts
from .reach import Reach
from .signatures import restore_arguments, restore_callables, shown_signatures
from .sources import what_needs_sources
from .supplement import Supplement, read_supplement, restore_all
from .touch import Touched, Tracker
from .visible import SubmoduleOrder, Visible
from .watch import Readings, watch

Component = dict[str, Any]
NO_SOURCE: Final = hashlib.sha1(b"").hexdigest()
avoid_interpreted_calls()
Reply = tuple[dict[str, Any], list[bytes]]


class Crash(Exception):
    """mypy (or this worker) failed; nothing in the process may be used any more."""


class Refused(Exception):
    """The component cannot be checked as asked; later ones can."""

    def __init__(self, kind: str, module: str, text: str, **more: object) -> None:
        super().__init__(text)
        self.reply = {"kind": kind, "module": module, "text": text, **more}


class Session:
    def __init__(self, request: dict[str, Any], blobs: list[bytes]) -> None:
        if len(blobs) != 7:
            raise MalformedFrame("not the seven lists of a start")
        self._names, missing, modules, files = map(split_texts, blobs[:4])
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
        self._submodules = SubmoduleOrder(self._names, *blobs[4:6])
        self._numbers: dict[str, int] = {}  # of the modules that were loaded or checked
        self._printed = HeldOutput(STDOUT)
        self._missing = list(zip(missing, map(int, request["missing_reasons"])))
        sources = source_set(map(self._names.__getitem__, memoryview(blobs[6]).cast("I")))
        sources.source_modules.update(zip(modules, files))
        paths = request["search"]
        search = SearchPaths(
            python_path=tuple(paths["python_path"]),
            mypy_path=tuple(paths["mypy_path"]),
            package_path=tuple(paths["package_path"]),
            typeshed_path=tuple(paths["typeshed_path"]),
        )
        errors = Errors(options)
        try:
            # To watch means a call for each of many events from then on, and mypy's own plugins read nothing.
            with watch() if options.plugins else nullcontext(Readings()) as readings:
                plugin, _ = load_plugins(options, errors, sys.stderr, [])
            options.process_error_codes(error_callback=_invalid_option)
            self._build = Build(options, sources, search, plugin, errors)
        except CompileError as error:
            text = "".join(message + "\n" for message in error.messages)
            raise MypyExit(2, text if error.use_stdout else "", "" if error.use_stdout else text) from error
        self._tracker = Tracker(self._build.named)
        self._foreign_plugins = bool(options.plugins)
        self._adds_dependencies = adds_dependencies(plugin)
        self._notes = ForeignNotes() if self._foreign_plugins else None
        self._noted: Notes = {}
        self._reach: Reach | None = None
        if self._notes is not None:
            self._reach = Reach(self._build.manager.plugin, self._names, self._notes.reached)
        self._known = Known(readings) if self._foreign_plugins else None
        self._checks = 0  # begun

    @property
    def modules(self) -> dict[str, MypyFile]:
        """Everything that is loaded."""
        return self._build.modules

    # -- load ----------------------------------------------------------------------------------------------------

    def load(self, components: list[list[Module]], blobs: list[bytes]) -> None:
        """Puts stored interfaces in place; components come in topological order."""
        remaining = iter(blobs)
        tracked: list[str] = []
        constants: list[tuple[MypyFile, Supplement]] = []
        dependencies: set[str] = set()
        for modules in components:
            trees = []
            noted: list[tuple[str, MypyFile, list[str], Notes]] = []
            for module in modules:
                name = self._names[module["number"]]
                if name in self._build.modules:
                    raise Crash(f"{name} is loaded already")
                self._numbers[name] = module["number"]
                data, notes = detach(next(remaining))
                tree = read_tree(data, module["path"])
                supplement = read_supplement(data)
                self._build.add_loaded(name, tree)
                trees.append(tree)
                if module["constant"]:
                    self._tracker.register_constant(name, tree)
                    constants.append((tree, supplement))
                else:
                    self._tracker.register(name, tree, supplement)
                    tracked.append(name)
                    imports = [self._names[number] for number in module["dependencies"]]
                    dependencies.update(imports)
                    noted.append((name, tree, imports, notes))
            self._build.link_loaded(trees)
            if self._notes is not None:  # only now: linking adds a name to each tree, and what is added later is noted
                for name, tree, imports, notes in noted:
                    self._notes.register(name, tree, self._tracker.classes(name), imports, notes)
        self._tracker.arm(tracked, dependencies)
        symbols = [shapes.own_symbols(tree.names, tree.fullname) for tree, _ in constants]
        restore_callables(symbols)
        for own, (tree, supplement) in zip(symbols, constants):
            decode_generated(own)
            restore_all(tree.fullname, own, supplement)

    # -- dependencies --------------------------------------------------------------------------------------------

    def dependencies(self, modules: list[Module]) -> list[list[tuple[int, str, int]]]:
        """What the plugins add to the imports of each module, asked in mypy's order."""
        build = self._build
        build.reset({"modules": [], "missing": (), "visible": Visible(self._submodules, b""), "type_variable_base": 1})
        states = build.add_states(modules)
        build.parse(states)
        for state, module in zip(states, modules):
            _refuse_changed(state, module)
        added = [build.ask_plugin(state) for state in states]
        build.drop(module["id"] for module in modules)
        return added

    # -- check ---------------------------------------------------------------------------------------------------

    def check(self, request: dict[str, Any], visible: bytes, missing: bytes, bodies: bytes) -> Iterator[Reply]:
        """Yields `interface` and `checked`, or `failed` instead of either."""
        if self._checks == 1:
            enter_generators()  # not for one component: to find them takes some milliseconds
        self._checks += 1
        component = {**self._named(request, visible, missing), "bodies": bodies}
        modules: list[Module] = component["modules"]
        cpu, wall = time.process_time(), time.monotonic()
        try:
            if self._build.ambiguous:
                raise Refused("whole", modules[0]["id"], self._build.ambiguous)
            with redirect_stdout(self._printed):
                if self._known is None:
                    yield from self._check(component, cpu, wall)
                else:
                    with watch() as late:
                        yield from self._check(component, cpu, wall, late)
        except Refused as refusal:
            self._printed.take()  # whoever is asked instead prints it
            yield {"did": "failed", **refusal.reply}, []
        except CompileError as error:
            changed = _first_changed(modules)
            if changed is not None:
                text = f"{changed['path']} changed during the run"
                yield {"did": "failed", "kind": "changed", "module": changed["id"], "text": text}, []
                self._build.drop(module["id"] for module in modules)
                return
            # The answer is mypy's own then; it prints this itself (the trace of an endless analysis).
            self._printed.take()
            blocked = error.module_with_blocker or modules[0]["id"]
            text = "".join(message + "\n" for message in error.messages)
            yield {"did": "failed", "kind": "blocking", "module": blocked, "text": text}, []
        except (Exception, SystemExit) as error:  # noqa: BLE001 - mypy ends with SystemExit on internal errors
            if self._build.fragile:
                self._build.ambiguous = self._build.fragile  # for what comes after it: mypy's state may be anything
                yield {"did": "failed", "kind": "whole", "module": modules[0]["id"], "text": self._build.fragile}, []
                return
            # Nothing is cleaned up: mypy's state may be half-way through anything.
            raise Crash(f"{type(error).__name__}: {error}\n{traceback.format_exc().rstrip()}") from None
        finally:
            sys.stdout.write(self._printed.take())
            if self._notes is not None:
                self._notes.put_back()
        self._build.drop(module["id"] for module in modules)
        if gc.get_count()[0] > GC_THRESHOLD[0]:
            gc.collect(0)  # small components leave nothing behind that needs it

    def _named(self, request: dict[str, Any], visible: bytes, missing: bytes) -> Component:
        """A component as requested, with the numbers of modules replaced by their names."""
        names = self._names
        for module in request["modules"]:
            module["id"] = names[module["number"]]
            self._numbers[module["id"]] = module["number"]
            module["dependencies"] = [
                (names[number], priority, line) for number, priority, line in module["dependencies"]
            ]
        return {
            **request,
            "visible": Visible(self._submodules, visible),
            "missing": list(map(self._missing.__getitem__, array("I", missing))),
        }

    def _check(self, component: Component, cpu: float, wall: float, late: Readings | None = None) -> Iterator[Reply]:
        modules: list[Module] = component["modules"]
        states, loading, scc = self._prepare(component)
        if self._notes is not None:
            imports = [name for state in states for name in state.dependencies]
            self._notes.give(imports)
            if self._reach is not None:
                self._reach.begin((state.id for state in states), imports)
        bodies: Bodies | None = None
        if self._build.two_phase(states):
            self._build.check_interface(scc)
            interfaces = self._write(states, modules)
            yield {"did": "interface"}, interfaces
            if len(states) > 1 and not self._foreign_plugins:
                bodies = Bodies(self._build, states, modules, loading, interfaces, component["bodies"])
            self._build.check_implementation(bodies.to_check() if bodies is not None else states)
        else:
            self._build.check_whole(scc)
            yield {"did": "interface"}, self._write(states, modules)
        self._refuse_late_changes(states)
        errors = self._errors(states, loading)
        if bodies is not None and not bodies.complete(errors):
            bodies.forget()
            states, errors = self._check_again(component)
        needing = what_needs_sources(states, errors)
        if needing is not None:
            raise Refused("whole", *needing)
        before = time.process_time()
        touched = self._collect(component, states)
        tracking = time.process_time() - before
        if self._restore_arguments(errors, touched):
            if bodies is not None:
                bodies.forget()
            states, errors = self._check_again(component)
            before = time.process_time()
            touched = self._collect(component, states)
            tracking += time.process_time() - before
        if self._known is not None and late is not None:
            strange = self._known.first_unknown(late, {state.xpath for state in states})
            if strange:
                raise Refused("whole", states[0].id, f"a plugin reads {strange} while {states[0].id} is checked")
        if not self._printed.is_empty() or was_printed():
            raise Refused("whole", states[0].id, f"a plugin prints something while {states[0].id} is checked")
        reply = {
            "did": "checked",
            "errors": errors,  # by module
            "cpu": time.process_time() - cpu,
            "wall": time.monotonic() - wall,
            "tracking": tracking,
        }
        if touched.missed:
            reply["missed"] = touched.missed
        used, symbols = touched.modules, touched.symbols()
        record = []
        if bodies is not None:
            bodies.add_looked_at(used, symbols, self._numbers)
            record = [bodies.record(errors, used, symbols)]
        numbers = array("I", sorted(map(self._numbers.__getitem__, used)))
        yield reply, [numbers.tobytes(), *self._looked_at(symbols), *record]

    def _looked_at(self, touched: Symbols) -> tuple[bytes, bytes]:
        """The symbols by module: number and size of each, and the names, one a line."""
        numbers, texts = array("I"), []
        for module in sorted(touched):
            text = "\n".join(touched[module]).encode("utf-8", "backslashreplace")
            numbers.extend((self._numbers[module], len(text)))
            texts.append(text)
        return numbers.tobytes(), b"".join(texts)

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
        if self._adds_dependencies:
            self._compare_added(states)
        # Which module of a whole run shows a once-per-run note is decided when all are put together: here each module
        # reports all of its own, and the check begins anew.
        for state, module in zip(states, modules):
            build.forget_shown_once()
            for report in module["reports"]:
                build.report_import(state, report)
        build.forget_shown_once()
        return states, [len(build.infos(state)) for state in states], build.register(states)

    def _refuse_late_changes(self, states: list[State]) -> None:
        if self._notes is None:
            return
        changed = self._notes.changed_elsewhere()
        if changed:
            raise Refused("whole", states[0].id, f"a plugin changes {changed[0]} while {states[0].id} is checked")
        if self._reach is not None and self._reach.outside is not None:
            outside = self._reach.outside
            raise Refused("whole", states[0].id, f"a plugin looks up {outside}, which {states[0].id} does not import")
        late = self._notes.take()
        if late != self._noted:
            name = next(name for name in late if late[name] != self._noted.get(name))
            raise Refused("whole", states[0].id, f"a plugin changes {name} while {states[0].id} is checked")

    def _compare_added(self, states: list[State]) -> None:
        """The plugins are asked again for what they may do to the trees; their answer is in the graph already."""
        for state in states:
            known = {state.id, *state.dependencies, *state.suppressed}
            strange = sorted({name for _, name, _ in self._build.ask_plugin(state)} - known)
            if strange:
                raise Refused("whole", state.id, f"a plugin now adds {strange[0]} to what {state.id} depends on")

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
        """Whether messages show signatures of loaded functions that had to be completed first."""
        shown = shown_signatures(error for own in errors for error in own)
        nodes = [*touched.nodes(), *self._tracker.decoded_constants()] if shown else []
        return restore_arguments(nodes, shown) > 0

    def _write(self, states: list[State], modules: list[Module]) -> list[bytes]:
        blobs = []
        for state, module in zip(states, modules):
            assert state.tree is not None
            blobs.append(write_tree(state.tree, module["canonical"]))
        if self._notes is not None:
            self._noted = self._notes.take()
            blobs[0] = attach(blobs[0], self._noted)
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


def _first_changed(modules: list[Module]) -> Module | None:
    """The first module whose source is not, or not any more, what the coordinator hashed."""
    for module in modules:
        path = module["path"]
        if path is None or module["text"] is not None:
            continue
        found: str | None
        try:
            with open(path, "rb") as file:
                found = hashlib.sha1(file.read()).hexdigest()
        except IsADirectoryError:
            found = NO_SOURCE if module["source_sha1"] is not None else None
        except OSError:
            return module
        if found != module["source_sha1"]:
            return module
    return None


def _refuse_changed(state: State, module: Module) -> None:
    expected = module["source_sha1"]
    if expected is None:  # the directory of a namespace package
        same = module["path"] is None or os.path.isdir(module["path"])
    else:
        same = (state.source_hash or NO_SOURCE) == expected  # a directory that is named as a source has none
    if not same:
        raise Refused("changed", state.id, f"{state.xpath} changed during the run")


def _compare_with_request(state: State, module: Module) -> None:
    """The parser read the file itself: is it what the coordinator hashed and scanned?"""
    assert state.tree is not None
    _refuse_changed(state, module)
    if module["source_sha1"] is None:
        return
    digest = imports_digest(state.tree.imports, template_strings=state.tree.uses_template_strings)
    if digest != module["imports"]:
        raise Refused(
            "mismatch",
            state.id,
            f"mypy finds other imports in {state.xpath}",
            imports=[one.encode() for one in found_imports(state.tree.imports)],
            template_strings=state.tree.uses_template_strings,
        )
