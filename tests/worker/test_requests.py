"""Requests one by one: what the worker answers, refuses, survives, and never does."""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
from pathlib import Path
from typing import Any

import pytest
from typewave_worker.imports import imports_digest
from typewave_worker.interface import read_tree, write_tree
from typewave_worker.protocol import MAGIC, PREFIX

from coordinator import Coordinator, Outcome
from orders import check_in_order
from worker_process import WorkerProcess

TARGET = {"python_major": 3, "python_minor": 12, "platform": "linux", "always_true": [], "always_false": []}


@pytest.fixture
def two(tmp_path: Path) -> Coordinator:
    (tmp_path / "good.py").write_text("import other\nx: int = other.y\n")
    (tmp_path / "other.py").write_text("y = ''\n")
    return Coordinator(tmp_path, ["good.py", "other.py"])


def check_with(coordinator: Coordinator, module: str, **changes: object) -> Outcome:
    """Checks one module with parts of its request replaced."""
    store: dict[str, bytes] = {}
    worker = coordinator.start()
    try:
        k = coordinator.component_of[module]
        for earlier in sorted(coordinator.closure(k)):
            coordinator.check(worker, earlier, store)
        request = coordinator.component_request(k)
        request["modules"][0].update(changes)
        coordinator.load_closure(worker, k, store)
        names = coordinator.components[k]
        first, second = coordinator.ask(worker, 7, [request, coordinator.component_request(k)], [names] * 2, store)
        assert second.failed is None and second.interfaces
        return first
    finally:
        assert worker.stop() == 0


@pytest.mark.parametrize(
    "frame",
    [
        b"x" * 16,
        PREFIX.pack(MAGIC, 2, 0) + b"[]",
        PREFIX.pack(MAGIC, 1, 0) + b"{",
        PREFIX.pack(MAGIC, 2, 5) + b"{}hello",
        PREFIX.pack(MAGIC, 14, 0) + b'{"do":"dance"}',
        PREFIX.pack(MAGIC, 13, 0) + b'{"do":"load"}',
        PREFIX.pack(MAGIC, 16, 0) + b'{"blobs":[-1,1]}',
        PREFIX.pack(MAGIC, 34, 0) + b'{"do":"check","components":[null]}',
    ],
)
def test_a_malformed_frame_ends_the_worker(frame: bytes, tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    worker.socket.sendall(frame)
    assert worker.process.wait(timeout=20) == 3


def test_the_end_of_the_stream_is_a_normal_end(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    worker.socket.close()
    assert worker.process.wait(timeout=20) == 0


def test_a_large_frame_arrives_whole(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    text = json.dumps({"do": "probe", "argv": ["--bogus" + "x" * 300_000]}).encode()
    worker.socket.sendall(struct.pack("<IIQ", MAGIC, len(text), 0) + text)
    reply, _ = worker.connection.receive()
    assert (reply["did"], reply["code"]) == ("exit", 2)
    assert worker.stop() == 0


def passed_in_a_file(worker: WorkerProcess, frame: bytes, payload: bytes) -> None:
    file = os.memfd_create("payload")
    os.write(file, payload)
    os.lseek(file, 0, os.SEEK_SET)
    socket.send_fds(worker.socket, [frame], [file])
    os.close(file)


def test_a_payload_may_be_in_a_file(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    text = json.dumps({"do": "probe", "argv": ["--bogus"], "blobs": [3, 0, 4]}).encode()
    for _ in range(2):
        passed_in_a_file(worker, PREFIX.pack(MAGIC, len(text), 7) + text, b"onetwo!")
        assert worker.connection.receive()[0]["code"] == 2
    open_files = [os.readlink(link) for link in Path(f"/proc/{worker.process.pid}/fd").iterdir()]
    assert not any("payload" in name for name in open_files)
    assert worker.stop() == 0


def test_a_file_that_is_shorter_than_its_payload_ends_the_worker(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    text = b'{"do":"load","blobs":[8]}'
    passed_in_a_file(worker, PREFIX.pack(MAGIC, len(text), 8) + text, b"short")
    assert worker.process.wait(timeout=20) == 3


def test_a_file_that_cannot_be_taken_ends_the_worker(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path)
    worker.ask({"do": "probe", "argv": ["--bogus"]})  # it has opened what it needs
    resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE, (3, 3))
    text = b'{"do":"load","blobs":[8]}'
    passed_in_a_file(worker, PREFIX.pack(MAGIC, len(text), 8) + text, b"complete")
    assert "too many are open" in worker.connection.receive()[0]["text"]
    assert worker.process.wait(timeout=20) == 3


def test_a_file_that_changed_is_refused(two: Coordinator) -> None:
    failed = check_with(two, "good", source_sha1="0" * 40).failed
    assert failed is not None and (failed["kind"], failed["module"]) == ("changed", "good")


def test_other_imports_than_expected_are_named(two: Coordinator) -> None:
    failed = check_with(two, "good", imports="0" * 40).failed
    assert failed is not None and failed["kind"] == "mismatch"
    assert [one["module"] for one in failed["imports"]] == ["other"]


def test_a_file_that_is_gone_has_changed(two: Coordinator) -> None:
    failed = check_with(two, "good", path="nowhere.py").failed
    assert failed is not None and failed["kind"] == "changed"


def test_a_blocking_error_in_semantic_analysis_leaves_the_rest_alone(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import fine\nyield 1\n")
    (tmp_path / "fine.py").write_text("x: int = ''\n")
    (tmp_path / "late.py").write_text("import fine\nfine.x.nope\n")
    coordinator = Coordinator(tmp_path, ["bad.py", "fine.py", "late.py"])
    outcomes = check_in_order(coordinator)[0]
    failed = outcomes[coordinator.component_of["bad"]].failed
    assert failed is not None and failed["kind"] == "blocking"
    assert "outside function" in failed["text"]
    assert len(outcomes[coordinator.component_of["late"]].errors["late"]) == 1


def test_an_internal_error_is_a_crash_and_ends_the_worker(two: Coordinator) -> None:
    worker = two.start()
    request, blobs = two.numbered(two.component_request(two.component_of["good"]))
    worker.connection.send({"do": "check", "request": 1, "components": [request] * 2}, blobs * 2)  # nothing is loaded
    reply, _ = worker.connection.receive()
    assert (reply["did"], reply["kind"], reply["component"]) == ("failed", "crash", 0)
    assert "Traceback" in reply["text"]
    assert worker.process.wait(timeout=20) == 4


def test_a_check_never_searches_the_file_system(two: Coordinator, tmp_path: Path) -> None:
    """The modules are moved out of every directory mypy could search before anything is checked."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    worker = two.start()
    store: dict[str, bytes] = {}
    for name in ("good", "other"):
        os.rename(tmp_path / f"{name}.py", elsewhere / f"{name}.source")
    try:
        for k in range(len(two.components)):
            request = two.component_request(k)
            for module in request["modules"]:
                if module["id"] in ("good", "other"):
                    module["path"] = f"elsewhere/{module['id']}.source"
            two.load_closure(worker, k, store)
            outcome = two.ask(worker, k, [request], [two.components[k]], store)[0]
            assert outcome.failed is None
    finally:
        assert worker.stop() == 0
    assert len(outcome.errors["good"]) == 1


def test_printing_does_not_reach_standard_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "noisy.py").write_text(
        "from mypy.plugin import Plugin\nprint('hello')\nclass P(Plugin): pass\ndef plugin(version): return P\n"
    )
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = noisy.py\n")
    (tmp_path / "a.py").write_text("x: int = ''\n")
    worker = WorkerProcess(tmp_path)
    reply = worker.ask({"do": "probe", "argv": ["a.py"]})
    assert worker.stop() == 0
    assert "hello" not in capfd.readouterr().out
    assert [plugin["spec"] for plugin in reply["plugins"]] == ["noisy.py"]
    assert reply["plugins"][0]["vouched"] is False
    assert str(tmp_path / "noisy.py") in reply["inputs"]


def test_what_is_printed_before_a_blocking_error_is_left_to_mypy(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noisy.py").write_text(
        "from mypy.plugin import Plugin\n\n\nclass Noisy(Plugin):\n"
        "    def get_class_decorator_hook(self, name):\n        print('looked at', name)\n\n\n"
        "def plugin(version):\n    return Noisy\n"
    )
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = noisy.py\n")
    text = "def decorator(kind: type) -> type: ...\n@decorator\nclass C: ...\n"
    (tmp_path / "bad.py").write_text(text + "yield 1\n")
    (tmp_path / "good.py").write_text(text)
    coordinator = Coordinator(tmp_path, ["bad.py", "good.py"])
    capfd.readouterr()
    failed = check_in_order(coordinator)[0][coordinator.component_of["bad"]].failed
    assert failed is not None and failed["kind"] == "blocking"
    printed = capfd.readouterr().err
    assert "looked at bad.decorator" not in printed


def test_interfaces_survive_reading_and_writing(two: Coordinator, tmp_path: Path) -> None:
    from typewave_worker.checker import Session

    from trees import SHAPES

    for name, text in SHAPES.files.items():
        (tmp_path / name).write_text(text)
    coordinator = Coordinator(tmp_path, ["."])
    store = check_in_order(coordinator)[1]
    os.chdir(tmp_path)
    session = Session(*coordinator.start_request())
    components = [[coordinator.load_entry(name) for name in names] for names in coordinator.components]
    session.load(components, [store[name] for names in coordinator.components for name in names])
    for names in coordinator.components:
        for name in names:
            tree = session.modules[name]
            state = coordinator.graph[name]
            assert tree.path == state.xpath
            assert write_tree(tree, coordinator.canonical(state)) == store[name], name
            assert read_tree(store[name], "p").path == "p"


def test_scan_reports_what_stripping_drops(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import a, b\nfrom ..c import d as e, f\nfrom g import *\ndef h() -> int:\n    import i\n    return 1\n"
        "import sys\nif sys.version_info < (3,):\n    import never\nif TYPE_CHECKING:\n    import typed\n"
    )
    worker = WorkerProcess(tmp_path)
    reply = worker.ask({"do": "scan", "path": "a.py", "target": TARGET})
    assert worker.stop() == 0
    assert reply["ok"] is True
    seen = [(one["module"], one["line"], one["top_level"], one["in_dropped_body"]) for one in reply["imports"]]
    assert seen == [
        ("a", 1, True, False),
        ("b", 1, True, False),
        ("c", 2, True, False),
        ("g", 3, True, False),
        ("i", 5, False, True),
        ("sys", 7, True, False),
        ("typed", 11, True, False),
    ]


def test_scan_is_not_sure_of_a_file_that_blocks(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def (:\n")
    worker = WorkerProcess(tmp_path)
    assert worker.ask({"do": "scan", "path": "a.py", "target": TARGET}) == {"did": "scan", "ok": False}
    assert worker.ask({"do": "scan", "path": "none.py", "target": TARGET})["ok"] is False
    assert worker.stop() == 0


def test_digest_of_no_imports() -> None:
    assert imports_digest([], template_strings=False) == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


class TestProbe:
    def ask(self, root: Path, *argv: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
        worker = WorkerProcess(root, environment)
        reply = worker.ask({"do": "probe", "argv": list(argv)})
        assert worker.stop() == 0
        return reply

    def test_options_sections_and_targets_come_from_the_config(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        (tmp_path / "mypy.ini").write_text(
            "[mypy]\nfiles = src, $EXTRA\nmypy_path = stubs\nstrict_optional = False\n"
            "[mypy-a.*]\nignore_errors = True\n[mypy-b]\ndisable_error_code = misc\n"
        )
        reply = self.ask(tmp_path, environment={"EXTRA": "more"})
        assert reply["targets"] == {"files": ["src", "more"], "packages": [], "modules": [], "command": None}
        assert [glob for glob, _ in reply["sections"]] == ["a.*", "b"]
        assert reply["options"]["strict_optional"] is False
        assert reply["search"]["mypy_path"] == [str(tmp_path / "stubs")]
        assert reply["config"]["path"] == "mypy.ini"
        assert reply["config"]["tried"] == ["mypy.ini"]
        assert reply["environment"]["EXTRA"] == "more"
        assert reply["delegate"] is None

    def test_it_does_not_walk_the_tree(self, tmp_path: Path) -> None:
        reply = self.ask(tmp_path, "--python-version=3.12", "empty-directory", "nothing.py")
        assert reply["did"] == "probe"
        assert reply["targets"]["files"] == ["empty-directory", "nothing.py"]

    def test_what_mypy_refuses_is_passed_on(self, tmp_path: Path) -> None:
        reply = self.ask(tmp_path, "--bogus")
        assert reply["did"] == "exit" and reply["code"] == 2 and "unrecognized arguments" in reply["stderr"]
        assert self.ask(tmp_path, "--version")["stdout"].startswith("mypy ")

    @pytest.mark.parametrize(
        "flag", ["--html-report=x", "--install-types", "--pdb", "--dump-graph", "-v", "--no-native-parser"]
    )
    def test_what_needs_one_whole_run_is_delegated(self, flag: str, tmp_path: Path) -> None:
        assert self.ask(tmp_path, flag, "a.py")["delegate"]

    def test_sources_are_mypys_own(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("")
        (tmp_path / "skip.py").write_text("")
        worker = WorkerProcess(tmp_path)
        reply = worker.ask({"do": "sources", "argv": ["--exclude=skip", "."]})
        assert worker.stop() == 0
        assert [(one["path"], one["module"]) for one in reply["sources"]] == [("./a.py", "a")]
