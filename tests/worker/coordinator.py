"""A coordinator for tests: mypy's own load_graph gives the graph, real workers check its components."""

from __future__ import annotations

import os
import re
import sys
import zlib
from array import array
from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path
from random import Random
from typing import Any

from mypy import build
from mypy.build import BuildManager, Graph, State
from mypy.errors import ErrorInfo, Errors
from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.modulefinder import BuildSourceSet, ModuleNotFoundReason, compute_search_paths
from mypy.types import instance_cache
from mypy.typestate import reset_global_state
from mypy.version import __version__
from typewave_worker.diagnostics import CONTEXT_MARK
from typewave_worker.imports import imports_digest

from worker_process import WorkerProcess

REASONS = {
    ModuleNotFoundReason.NOT_FOUND: "not_found",
    ModuleNotFoundReason.FOUND_WITHOUT_TYPE_HINTS: "found_without_type_hints",
    ModuleNotFoundReason.WRONG_WORKING_DIRECTORY: "wrong_working_directory",
    ModuleNotFoundReason.APPROVED_STUBS_NOT_INSTALLED: "approved_stubs_not_installed",
}
WORD = re.compile(rb"\w+")


def join_texts(texts: Iterable[str | None]) -> bytes:
    return "".join(f"{text or ''}\0" for text in texts).encode()


class Outcome:
    """What a check of one component gave."""

    def __init__(self) -> None:
        self.interfaces: dict[str, bytes] = {}
        self.errors: dict[str, list[Any]] = {}
        self.used: list[str] = []
        self.touched: dict[str, list[str]] = {}
        self.missed: list[str] = []
        self.failed: dict[str, Any] | None = None
        self.bodies = b""
        self.cpu = self.tracking = 0.0


class Coordinator:
    """The graph of one tree and what a worker has to be told about each component of it."""

    def __init__(self, root: Path, argv: list[str]) -> None:
        self.root, self.argv = root, argv
        self.bodies: dict[str, bytes] = {}  # what is known of them, by the first module of a component
        with chdir(root):
            self._load()
        order = build.sorted_components(self.graph)
        self.components: list[list[str]] = [build.order_ascc_ex(self.graph, scc) for scc in order]
        self.component_of = {name: k for k, names in enumerate(self.components) for name in names}
        self._closures: list[frozenset[int]] = []
        for k, names in enumerate(self.components):
            near = {self.component_of[d] for n in names for d in self.graph[n].dependencies} - {k}
            self._closures.append(frozenset(near).union(*(self._closures[d] for d in near)))
        self._words: dict[str, set[str]] = {}
        self._names = list(self.graph)
        self._numbers = {name: number for number, name in enumerate(self._names)}
        packages = [self._numbers.get(name.rpartition(".")[0], len(self._names)) for name in self._names]
        self._order = sorted(range(len(self._names)), key=packages.__getitem__)
        self._places = {self._names[number]: place for place, number in enumerate(self._order)}
        self._spans: dict[int, list[int]] = {}
        for place, number in enumerate(self._order):
            if packages[number] < len(self._names):
                self._spans.setdefault(packages[number], [place, place])[1] = place + 1
        self._missing = {name: number for number, name in enumerate(self.manager.missing_modules)}

    def _load(self) -> None:
        instance_cache.reset()
        file_system = FileSystemCache()
        self.sources, self.options = process_options(self.argv, fscache=file_system)
        self.options.incremental, self.options.cache_dir = False, os.devnull
        data = os.path.dirname(build.__file__)
        self.search = compute_search_paths(self.sources, self.options, data)
        errors = Errors(self.options)
        plugin, snapshot = build.load_plugins(self.options, errors, sys.stdout, [])
        self.options.process_error_codes(error_callback=print)
        self.manager = BuildManager(
            data,
            self.search,
            os.getcwd(),
            BuildSourceSet(self.sources),
            None,
            self.options,
            __version__,
            plugin,
            snapshot,
            errors,
            lambda *_: None,
            file_system,
            sys.stdout,
            sys.stderr,
        )
        reset_global_state()
        self.graph: Graph = build.load_graph(self.sources, self.manager)

    def shuffled(self, chance: Random) -> list[int]:
        """A random topological order of the components."""
        waiting = {k: set(near) for k, near in enumerate(self._closures)}
        order: list[int] = []
        ready = [k for k, near in waiting.items() if not near]
        while ready:
            k = ready.pop(chance.randrange(len(ready)))
            order.append(k)
            del waiting[k]
            for other, near in waiting.items():
                if k in near:
                    near.remove(k)
                    if not near:
                        ready.append(other)
        return order

    # -- requests ------------------------------------------------------------------------------------------------

    def start(self, environment: dict[str, str] | None = None) -> WorkerProcess:
        worker = WorkerProcess(self.root, environment)
        reply = worker.ask(*self.start_request())
        assert reply == {"did": "started"}, reply
        return worker

    def start_request(self) -> tuple[dict[str, Any], list[bytes]]:
        header = {
            "do": "start",
            "argv": self.argv,
            "search": {name: list(paths) for name, paths in self.search.asdict().items()},
            "roots": {"@root": str(self.root)},
            "missing_reasons": "".join(map(str, self.manager.missing_modules.values())),
        }
        texts = (
            self._names,
            self.manager.missing_modules,
            [source.module for source in self.sources],
            [source.path for source in self.sources],
        )
        spans = array("I", [number for package, span in self._spans.items() for number in (package, *span)])
        return header, [*map(join_texts, texts), array("I", self._order).tobytes(), spans.tobytes(), b""]

    def flags(self) -> str:
        """What a check of typeshed may depend on."""
        return " ".join(argument for argument in self.argv if argument.startswith("-"))

    def is_constant(self, name: str) -> bool:
        path = self.graph[name].abspath or ""
        return any(path.startswith(p + os.sep) for p in self.search.typeshed_path)

    def canonical(self, state: State) -> str:
        path = state.xpath
        for mark, prefixes in (
            ("@typeshed", self.search.typeshed_path),
            ("@site", self.search.package_path),
            ("@root", (str(self.root),)),
        ):
            for prefix in prefixes:
                if path.startswith(prefix + os.sep):
                    return mark + path[len(prefix) :]
        return path

    def words(self, name: str) -> set[str]:
        if name not in self._words:
            path = self.graph[name].path
            text = b""
            if path and os.path.isfile(self.root / path):
                text = (self.root / path).read_bytes()
            else:
                text = (self.graph[name].source or "").encode()
            self._words[name] = {word.decode("utf-8", "replace") for word in WORD.findall(text)}
        return self._words[name]

    def component_request(self, k: int) -> dict[str, Any]:
        """With names, as a key would be made of it; `numbered` gives what travels."""
        names = self.components[k]
        words = set().union(*(self.words(name) for name in names))
        closure = [name for d in [*self._closures[k], k] for name in self.components[d]]
        return {
            "modules": [self._module(self.graph[name]) for name in names],
            "missing": {m: r for m, r in self.manager.missing_modules.items() if m.rpartition(".")[2] in words},
            "visible": sorted(n for n in closure if "." in n and n.rpartition(".")[2] in words),
            "type_variable_base": 1 + (zlib.crc32(min(names).encode()) << 12),
        }

    def numbered(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        modules = []
        for module in request["modules"]:
            dependencies = [[self._numbers[name], *more] for name, *more in module["dependencies"]]
            named = {key: value for key, value in module.items() if key != "id"}
            modules.append({**named, "number": self._numbers[module["id"]], "dependencies": dependencies})
        visible = array("I", sorted(self._places[name] for name in request["visible"]))
        missing = array("I", [self._missing[name] for name in request["missing"]])
        travelling = {"modules": modules, "type_variable_base": request["type_variable_base"], "awaited": True}
        return travelling, [visible.tobytes(), missing.tobytes(), self.bodies.get(request["modules"][0]["id"], b"")]

    def _module(self, state: State) -> dict[str, Any]:
        assert state.tree is not None
        lines, priorities = state.dep_line_map, state.priorities
        return {
            "id": state.id,
            "path": state.path,
            "text": state.source if state.path is None else None,
            "canonical": self.canonical(state),
            "root": not state.ignore_all and state.id in self.manager.source_set.source_modules,
            "ignore_all": state.ignore_all,
            "order": state.order,
            "source_sha1": state.source_hash or None,
            "imports": imports_digest(state.tree.imports, template_strings=state.tree.uses_template_strings),
            "dependencies": [[d, priorities.get(d, -1), lines.get(d, 0)] for d in state.dependencies],
            "suppressed": [[d, priorities.get(d, -1), lines.get(d, 0), "missing"] for d in state.suppressed],
            "reports": list(self._reports(state)),
            "ancestors": state.ancestors,
        }

    def _reports(self, state: State) -> Iterable[dict[str, Any]]:
        for target in state.suppressed:
            options = self.options.clone_for_module(target)
            line = state.dep_line_map.get(target, 1)
            with chdir(self.root):
                found = build.find_module_with_reason(target, self.manager)
            if isinstance(found, str):
                if options.follow_imports == "error":
                    yield {"kind": "skipped", "target": target, "line": line, "path": found, "reason": ""}
            elif not options.ignore_missing_imports and not build.in_partial_package(target, self.manager):
                yield {"kind": "not_found", "target": target, "line": line, "reason": REASONS[found], "path": ""}

    # -- running -------------------------------------------------------------------------------------------------

    def closure(self, k: int) -> frozenset[int]:
        """The components a component needs loaded."""
        return self._closures[k]

    def load_entry(self, name: str) -> dict[str, Any]:
        state = self.graph[name]
        return {
            "number": self._numbers[name],
            "path": state.xpath,
            "constant": self.is_constant(name),
            "dependencies": [self._numbers[dependency] for dependency in state.dependencies],
        }

    def load_closure(self, worker: WorkerProcess, k: int, store: dict[str, bytes]) -> None:
        wanted = [d for d in sorted(self._closures[k]) if self.components[d][0] not in worker.loaded]
        loaded = [sorted(self.components[d]) for d in wanted]
        if loaded:
            components = [[self.load_entry(name) for name in names] for names in loaded]
            blobs = [store[name] for names in loaded for name in names]
            worker.loaded.update(name for names in loaded for name in names)
            worker.connection.send({"do": "load", "components": components}, blobs)

    def check(self, worker: WorkerProcess, k: int, store: dict[str, bytes]) -> Outcome:
        self.load_closure(worker, k, store)
        return self.ask(worker, k, [self.component_request(k)], [self.components[k]], store)[0]

    def ask(
        self,
        worker: WorkerProcess,
        number: int,
        requests: list[dict[str, Any]],
        names: list[list[str]],
        store: dict[str, bytes],
    ) -> list[Outcome]:
        """One request for several components, whose modules have these names."""
        travelling = [self.numbered(request) for request in requests]
        components, blobs = [one for one, _ in travelling], [blob for _, own in travelling for blob in own]
        worker.connection.send({"do": "check", "request": number, "components": components}, blobs)
        return [self.receive(worker, own, store) for own in names]

    def receive(self, worker: WorkerProcess, names: list[str], store: dict[str, bytes]) -> Outcome:
        """The replies to one component of a check."""
        outcome = Outcome()
        while True:
            header, blobs = worker.connection.receive()
            if header["did"] == "interface":
                outcome.interfaces = dict(zip(names, blobs))
                store.update(outcome.interfaces)
            elif header["did"] == "failed":
                outcome.failed = header
                return outcome
            else:
                outcome.errors = dict(zip(names, header["errors"]))
                outcome.used = sorted(self._names[number] for number in memoryview(blobs[0]).cast("I"))
                outcome.touched = self._touched(blobs[1], blobs[2])
                outcome.bodies = b"".join(blobs[3:])
                outcome.missed = header.get("missed", [])
                outcome.cpu, outcome.tracking = header["cpu"], header["tracking"]
                return outcome

    def _touched(self, numbers: bytes, symbols: bytes) -> dict[str, list[str]]:
        touched = {}
        flat = memoryview(numbers).cast("I").tolist()
        for number, size in zip(flat[::2], flat[1::2]):
            touched[self._names[number]] = symbols[:size].decode().split("\n")
            symbols = symbols[size:]
        return touched

    # -- messages ------------------------------------------------------------------------------------------------

    def format(self, outcomes: list[Outcome]) -> list[str]:
        """The lines mypy would print; copies of once-per-run notes are dropped."""
        lines: list[str] = []
        once: set[str] = set()
        errors = Errors(self.options)
        with chdir(self.root):
            errors.set_ignore_prefix(os.getcwd())
        for outcome in outcomes:
            for name, encoded in outcome.errors.items():
                state = self.graph[name]
                infos = [info for info in decode_errors(encoded) if not (info.only_once and info.message in once)]
                once.update(info.message for info in infos if info.only_once)
                errors.error_info_map[state.xpath] = infos
                tuples = errors.file_messages(state.xpath)
                lines += errors.format_messages_default(tuples, None)
        return lines


def decode_errors(encoded: list[Any]) -> list[ErrorInfo]:
    from mypy.errorcodes import error_codes

    infos: list[ErrorInfo] = []
    for e in encoded:
        info = ErrorInfo(
            import_ctx=list(CONTEXT_MARK) if e[15] else [],
            local_ctx=(e[11], e[12]),
            line=e[0],
            column=e[1],
            end_line=e[2],
            end_column=e[3],
            severity=e[4],
            message=e[5],
            code=error_codes[e[6]] if e[6] else None,
            blocker=bool(e[16]),
            only_once=bool(e[7]),
            module=None,
            target=None,
            origin_span=[line for a, b in zip(e[10][::2], e[10][1::2]) for line in range(a, b + 1)],
            priority=e[9],
            parent_error=infos[e[14]] if e[14] is not None else None,
        )
        info.hidden = bool(e[13])
        infos.append(info)
    return infos
