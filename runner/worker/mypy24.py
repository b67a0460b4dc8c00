"""Everything bound to mypy's 2.4 family: its build machinery, driven one component at a time.

mypy's own driver (`load_graph`, `process_graph`) searches the disk, owns the order and keeps fresh trees in memory.
Here the caller owns graph and order; this module gives mypy exactly the state it would have had and takes it away
again, so that a check depends on nothing but its request and the loaded interfaces.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any, Final

from mypy import build
from mypy.build import SCC, BuildManager, Graph, State
from mypy.checker import DeferredNode, TypeChecker
from mypy.errors import ErrorInfo, Errors
from mypy.fixup import NodeFixer
from mypy.fscache import FileSystemCache
from mypy.modulefinder import BuildSourceSet, ModuleNotFoundReason, SearchPaths
from mypy.modules_state import modules_state
from mypy.nodes import (
    GDEF,
    TYPE_ALIAS,
    Decorator,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    SymbolTable,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
)
from mypy.options import Options
from mypy.plugin import Plugin
from mypy.semanal import SemanticAnalyzer
from mypy.types import TypeVarId, instance_cache
from mypy.typestate import reset_global_state
from mypy.version import __version__

from .diagnostics import CONTEXT_MARK
from .dismantle import CheckerBreaker, take_module_apart
from .interface import take_marks
from .touch import ELSEWHERE, SHADOW
from .visible import VisibleNames

FAMILY: Final = "2.4."
RECURSION_LIMIT: Final = 2**14
GC_THRESHOLD: Final = (200 * 1000, 30, 30)

NEEDED: Final = (
    (build, "process_stale_scc_interface"),
    (build, "process_stale_scc_full"),
    (build, "module_not_found"),
    (build, "skipping_module"),
    (build, "skipping_ancestor"),
    (BuildManager, "parse_all"),
    (State, "new_state"),
    (State, "type_checker"),
    (State, "type_check_second_pass"),
    (State, "detect_possibly_undefined_vars"),
    (State, "generate_unused_ignore_notes"),
    (State, "generate_ignore_without_code_notes"),
    (MypyFile, "local_definitions"),
    (SymbolTableNode, "unfixed"),
    (SymbolTableNode, "cross_ref"),
    (TypeInfo, "type_object_type"),
    (SemanticAnalyzer, "_object_type"),
    (SemanticAnalyzer, "_str_type"),
    (SemanticAnalyzer, "_function_type"),
    (SemanticAnalyzer, "wrapped_coro_return_types"),
)

REASONS: Final = {
    "not_found": ModuleNotFoundReason.NOT_FOUND,
    "found_without_type_hints": ModuleNotFoundReason.FOUND_WITHOUT_TYPE_HINTS,
    "wrong_working_directory": ModuleNotFoundReason.WRONG_WORKING_DIRECTORY,
    "approved_stubs_not_installed": ModuleNotFoundReason.APPROVED_STUBS_NOT_INSTALLED,
}

Module = dict[str, Any]


def unsupported_reason() -> str | None:
    """Why this mypy cannot be driven, or None."""
    missing = [name for owner, name in NEEDED if not hasattr(owner, name)]
    if missing:
        return f"mypy {__version__} lacks {', '.join(missing)}"
    if not __version__.startswith(FAMILY):
        return f"mypy {__version__} is not of the {FAMILY}x family"
    return None


def source_set(modules: Iterable[str]) -> BuildSourceSet:
    """What mypy looks up of the sources of a run. Their paths count for --fast-module-lookup only; which file is one
    of them, for its reports only."""
    sources = BuildSourceSet([])
    sources.source_modules = dict.fromkeys(modules, "")
    return sources


class Build:
    """One BuildManager and the graph of what is being checked."""

    def __init__(
        self, options: Options, sources: BuildSourceSet, search: SearchPaths, plugin: Plugin, errors: Errors
    ) -> None:
        self.manager = BuildManager(
            os.path.dirname(build.__file__),
            search,
            ignore_prefix=os.getcwd(),
            source_set=sources,
            reports=None,
            options=options,
            version_id=__version__,
            plugin=plugin,
            plugins_snapshot={},
            errors=errors,
            flush_errors=lambda filename, messages, serious: None,
            fscache=FileSystemCache(),
            stdout=sys.stdout,
            stderr=sys.stderr,
        )
        self.graph: Graph = {}
        self._checkers = CheckerBreaker()
        self._visible = VisibleNames()
        self.manager.semantic_analyzer.transitive_submodule_imports = self._visible
        # Where the full names in stored trees and plugins' notes lead to: the modules, except that one whose name is
        # also that of a class of its package is joined with the class.
        self.named: dict[str, MypyFile] = {}
        # A name that even so can mean two things: what it says of types cannot be trusted.
        self.ambiguous: str | None = None
        # The same, if only what fails with it is wrong.
        self.fragile: str | None = None
        modules_state.node_fixer = NodeFixer(self.named, False)
        self.manager.plugin.set_modules(self.manager.modules)
        reset_global_state()

    @property
    def modules(self) -> dict[str, MypyFile]:
        return self.manager.modules

    # -- loaded interfaces ---------------------------------------------------------------------------------------

    def add_loaded(self, module: str, tree: MypyFile) -> None:
        self.manager.modules[module] = self.named[module] = tree
        if module == "builtins":
            state = State.new_state(module, tree.path, "", self.manager, root_source=True)
            state.tree = tree
            self.graph[module] = state

    def link_loaded(self, trees: Iterable[MypyFile]) -> None:
        """Resolves the class heads and module references of one loaded component."""
        fixer = modules_state.node_fixer
        assert fixer is not None
        for tree in trees:
            self._join_with_class(tree.fullname)
            for symbol in tree.names.values():
                if isinstance(symbol._node, TypeInfo):
                    self._join_with_class(symbol._node.fullname)
        for tree in trees:
            self._link(fixer, tree)
        if "builtins" not in self.named:
            return
        for tree in trees:  # mypy gives this name to all fresh ones but builtins, and does not write it
            if tree.fullname != "builtins":
                tree.names["__builtins__"] = SymbolTableNode(GDEF, self.modules["builtins"])
        for shared in (
            instance_cache.str_type,
            instance_cache.function_type,
            instance_cache.int_type,
            instance_cache.bool_type,
            instance_cache.object_type,
        ):
            if shared is not None:
                shared.accept(fixer.type_fixer)

    def _link(self, fixer: NodeFixer, tree: MypyFile) -> None:
        """mypy takes every reference for one to a module if there is a module of this name."""
        to_modules, others = take_marks(tree)
        kept = [(symbol, symbol.cross_ref) for symbol in others if symbol.cross_ref in self.named]
        for symbol, _ in kept:
            symbol.cross_ref = None
        fixer.visit_symbol_table(tree.names)
        for symbol, reference in kept:
            symbol.cross_ref, symbol.stored_info = reference, None
        for symbol in to_modules:
            if isinstance(symbol._node, MypyFile):
                symbol._node = self.manager.modules[symbol._node.fullname]

    def _types_inside(self, name: str) -> dict[str, SymbolTableNode]:
        """The classes and aliases in the class of this full name, if a loaded package defines one."""
        package, _, last = name.rpartition(".")
        tree = self.named.get(package)
        symbol = tree.names.get(last) if tree is not None else None
        info = symbol._node if symbol is not None else None
        if not isinstance(info, TypeInfo) or info.fullname != name:
            return {}
        return {key: one for key, one in info.names.items() if _is_type(one)}

    def _join_with_class(self, name: str) -> None:
        """Lets names find what is inside of a class although a loaded module has the class's full name."""
        if name not in self.named:
            return
        inside = self._types_inside(name)
        if not inside:
            return
        module = self.manager.modules[name].names
        for key in inside.keys() & module.keys():
            if _is_defined(module[key]):
                self.ambiguous = f"{name}.{key} is defined in the module {name} and in the class {name}"
        self.named[name] = _joined(name, {**module, **inside})

    def _name_fresh(self, name: str, tree: MypyFile) -> None:
        """A plugin may look for names in the very module that is being analysed."""
        inside = self._types_inside(name)
        self.named[name] = _joined(name, inside) if inside else tree
        if inside:
            self.fragile = f"the module {name} is checked while a class {name} is known"

    # -- one component -------------------------------------------------------------------------------------------

    def reset(self, component: dict[str, Any]) -> None:
        """Forgets what earlier components left behind and sets what this one may see of the whole build."""
        manager = self.manager
        manager.errors.reset()
        manager.fscache.flush()
        for growing in (
            manager.ast_cache,
            manager.import_options,
            manager.known_partial_packages,
            manager.missing_stub_packages,
            manager.stale_modules,
            manager.rechecked_modules,
            manager.fg_deps,
            manager.all_types,
            manager.processed_targets,
            manager.scc_by_id,
            manager.scc_by_mod_id,
            manager.done_sccs,
            manager.transitive_deps_cache,
            manager.options_snapshot_cache,
            manager.incomplete_namespaces,
            manager.import_map,
        ):
            growing.clear()
        manager.missing_modules.clear()  # the analyzer shares this very object
        manager.missing_modules.update(component["missing"])
        for module in component["modules"]:
            manager.import_map[module["id"]] = {dependency for dependency, _, _ in module["dependencies"]}
        # With these given, the analyzer never walks the import graph.
        self._visible.show(component["visible"], [module["id"] for module in component["modules"]])
        reset_global_state()
        TypeVarId.next_raw_id = component["type_variable_base"]

    def add_states(self, modules: list[Module]) -> list[State]:
        states = []
        for module in modules:
            # A source text would be taken for the whole module, a path alone lets the parser open the file.
            state = State.new_state(
                module["id"], module["path"], module["text"], self.manager, root_source=module["root"]
            )
            state.ignore_all = module["ignore_all"]
            state.order = module["order"]
            state.ancestors = list(module["ancestors"])
            state.import_context = list(CONTEXT_MARK)
            self.graph[state.id] = state
            states.append(state)
        return states

    def parse(self, states: list[State]) -> None:
        self.manager.parse_all(states, post_parse=False)
        for state in states:
            if state.tree is not None:
                self._name_fresh(state.id, state.tree)

    def set_imports(self, state: State, module: Module) -> None:
        """What compute_dependencies and load_graph would have found out by searching."""
        found, suppressed = module["dependencies"], module["suppressed"]
        state.dependencies = [entry[0] for entry in found]
        state.suppressed = [entry[0] for entry in suppressed]
        state.dependencies_set = set(state.dependencies)
        state.suppressed_set = set(state.suppressed)
        # A dependency nobody wrote down (builtins) has neither priority nor line.
        state.priorities = {entry[0]: entry[1] for entry in [*found, *suppressed] if entry[1] >= 0}
        state.dep_line_map = {entry[0]: entry[2] for entry in [*found, *suppressed] if entry[2] > 0}
        state.dep_hashes = {}
        assert state.tree is not None
        lines = set(state.dep_line_map.values())
        state.imports_ignored = {line: codes for line, codes in state.tree.ignored_lines.items() if line in lines}

    def ask_plugin(self, state: State) -> list[tuple[int, str, int]]:
        """The dependencies the plugins add to a parsed module; some change its imports on this occasion."""
        tree = state.tree
        assert tree is not None
        # As mypy does for plugins that know nothing of imports kept apart.
        copied = not tree.defs and tree.raw_data is not None
        if copied:
            tree.defs = list(tree.imports)
        added = self.manager.plugin.get_additional_deps(tree)
        if copied:
            tree.defs = []
        return added

    def forget_shown_once(self) -> None:
        self.manager.errors.only_once_messages.clear()

    def report_import(self, state: State, report: dict[str, Any]) -> None:
        kind, target, line = report["kind"], report["target"], report["line"]
        if kind == "not_found":
            build.module_not_found(self.manager, line, state, target, REASONS[report["reason"]])
        elif kind == "skipped":
            build.skipping_module(self.manager, line, state, target, report["path"])
        elif kind == "skipped_ancestor":
            build.skipping_ancestor(self.manager, target, report["path"], state)
        else:
            raise ValueError(f"unknown import report {kind!r}")

    def infos(self, state: State) -> list[ErrorInfo]:
        return self.manager.errors.error_info_map.get(state.xpath, [])

    def used_ignores(self, state: State) -> list[tuple[int, list[str]]]:
        """The lines whose `type: ignore` comment had something to ignore so far, with the codes."""
        return sorted(self.manager.errors.used_ignored_lines.get(state.xpath, {}).items())

    def is_silent(self, state: State) -> bool:
        return state.xpath in self.manager.errors.ignored_files

    def register(self, states: list[State]) -> SCC:
        component = SCC({state.id for state in states}, scc_id=0)
        self.manager.scc_by_id[component.id] = component
        for state in states:
            self.manager.scc_by_mod_id[state.id] = component
        order = build.order_ascc_ex(self.graph, component)
        asked = [state.id for state in states]
        if order != asked:
            raise RuntimeError(f"mypy processes this component as {order}, not as {asked}")
        return component

    def two_phase(self, states: list[State]) -> bool:
        return all(state.options.local_partial_types for state in states)

    def check_interface(self, component: SCC) -> None:
        build.process_stale_scc_interface(self.graph, component, self.manager, from_cache=set())

    def check_implementation(self, states: list[State]) -> None:
        """Checks function bodies; mypy's own driver would also visit every type for a record that tracking replaces."""
        for state in states:
            checker = state.type_checker()
            if not checker.can_skip_diagnostics:
                self._check_bodies(state, checker)
            state.generate_unused_ignore_notes()
            state.generate_ignore_without_code_notes()

    def _check_bodies(self, state: State, checker: TypeChecker) -> None:
        assert state.tree is not None
        checker.pass_num = -1  # bodies get their first visit in what mypy counts as a second pass
        checker.deferred_nodes.clear()
        bodies = [
            DeferredNode(symbol.node, info)
            for _, symbol, info in state.tree.local_definitions(impl_only=True)
            if isinstance(symbol.node, (FuncDef, OverloadedFuncDef, Decorator))
        ]
        state.type_check_second_pass(todo=bodies, impl_only=True)
        unfinished = bool(checker.deferred_nodes)
        while unfinished:
            unfinished = state.type_check_second_pass(impl_only=True)
        state.detect_possibly_undefined_vars()

    def check_whole(self, component: SCC) -> None:
        build.process_stale_scc_full(self.graph, component, self.manager)

    def referenced_modules(self, state: State) -> set[str]:
        """Loaded modules that were reached through an attribute or a re-export, without being imported."""
        assert state.tree is not None and state.ancestors is not None
        if state._type_checker is None:  # checked in one phase, and mypy has cleaned up
            return {name for name in state.dependencies if state.priorities.get(name) == build.PRI_INDIRECT}
        found = state.tree.module_refs | state._type_checker.module_refs
        return {name for name in found - set(state.ancestors) if name in self.manager.modules}

    def drop(self, modules: Iterable[str]) -> None:
        """Takes a checked component out, so that its stored form can be loaded into its place."""
        names = list(modules)
        for name in names:
            tree = self.manager.modules.pop(name, None)
            self.named.pop(name, None)
            if tree is not None:
                take_module_apart(tree)
            state = self.graph.pop(name, None)
            if state is not None:
                if state._type_checker is not None:
                    self._checkers.take_apart(state._type_checker)
                state.free_state()
                state.tree = None
        self.manager.ast_cache.clear()
        self.manager.semantic_analyzer.globals = SymbolTable()
        self.manager.semantic_analyzer.wrapped_coro_return_types.clear()
        reset_global_state()
        if "builtins" in names:
            instance_cache.reset()
            analyzer = self.manager.semantic_analyzer
            analyzer._object_type = analyzer._str_type = analyzer._function_type = None


def _joined(name: str, symbols: dict[str, SymbolTableNode]) -> MypyFile:
    tree = MypyFile([], [])
    tree._fullname = name
    tree.names = SymbolTable(symbols)
    return tree


def _is_type(symbol: SymbolTableNode) -> bool:
    """Whether a stored symbol of a class is a class or an alias itself, so that types may name it."""
    return isinstance(symbol._node, (TypeInfo, TypeAlias)) or (symbol.unfixed and symbol._node_tag == TYPE_ALIAS)


def _is_defined(symbol: SymbolTableNode) -> bool:
    """Whether a stored symbol of a module is defined there; what is armed refers to our own table."""
    reference = symbol.cross_ref
    if reference is None:
        return True
    return reference.startswith(SHADOW) and not (reference.startswith(ELSEWHERE) or isinstance(symbol._node, MypyFile))
