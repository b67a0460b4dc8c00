"""The worker: a Python process holding the user's mypy, told by the coordinator what to check.

Standard library and mypy only. `main` is called by the bootstrap with the descriptor of the socket.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading
import traceback
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any

from .collection import collection_paused
from .printed import STDERR, HeldOutput, catch_standard_output, take_printed
from .protocol import EXIT_MALFORMED, Connection, Disconnected, MalformedFrame

EXIT_CRASH = 4


def main(descriptor: int) -> None:
    """Serves requests until told to stop. Never returns."""
    for kept in (descriptor, descriptor + 1):
        with suppress(OSError):
            os.set_inheritable(kept, False)  # for what plugins start
    catch_standard_output()
    threading.Thread(target=_follow_coordinator, args=(descriptor,), daemon=True).start()
    connection = Connection(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=descriptor))
    code = EXIT_CRASH
    try:
        code = _Worker(connection).serve()
    except Disconnected:
        code = 0
    except MalformedFrame as error:
        _say_goodbye(connection, f"its worker was sent what it cannot read: {error}")
        code = EXIT_MALFORMED
    except BaseException as error:  # noqa: BLE001 - the process ends here
        _say_goodbye(connection, f"{type(error).__name__}: {error}\n{traceback.format_exc().rstrip()}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # freeing mypy's trees takes longer than the kernel does


def _say_goodbye(connection: Connection, text: str) -> None:
    with suppress(BaseException):  # out of memory, disconnected: there is nobody left to tell
        connection.send({"did": "ended", "text": text})


def _follow_coordinator(descriptor: int) -> None:
    """Ends the process when the coordinator is gone, also in the middle of a check that nobody waits for, and what
    plugins have started. The kernel does the same where it can signal the end of a pipe."""
    poll = select.poll()
    poll.register(descriptor, select.POLLRDHUP)
    poll.poll()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _first_report(text: str) -> str:
    """mypy reports an internal error once for each construct around it; the innermost comes first."""
    before, version, rest = text.partition("\nversion: ")
    return before + version + rest.partition("\n")[0]


def _import_ahead() -> None:
    """Imports mypy while the first request is not there yet; what goes wrong is told when it is."""
    with suppress(Exception):
        from . import checker  # noqa: F401 - only imported


class _Worker:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: Any = None
        self._held = HeldOutput(STDERR)

    def serve(self) -> int:
        with collection_paused():
            _import_ahead()
        while True:
            header, blobs = self._connection.receive()
            request = header.get("do")
            if request == "stop":
                return 0
            if request == "load":
                with collection_paused():
                    self._need_session().load(header["components"], blobs)
            elif request == "check":
                if not self._check(header, blobs):
                    return EXIT_CRASH
            elif request == "dependencies":
                self._connection.send(self._dependencies(header))
            elif request in ("probe", "sources", "scan", "start"):
                self._connection.send(self._answer(request, header, blobs))
            else:
                raise MalformedFrame(f"unknown request {request!r}")

    def _answer(self, request: str, header: dict[str, Any], blobs: list[bytes]) -> dict[str, Any]:
        try:
            from .arguments import MypyExit
        except ImportError as error:
            return {"did": "unsupported", "reason": f"it has no mypy ({error})"}
        except Exception as error:  # noqa: BLE001 - a half-installed mypy may raise anything
            return {"did": "unsupported", "reason": f"its mypy cannot be imported ({error!r})"}
        try:
            if request == "probe":
                from .probe import probe

                answer = probe(header["argv"])
                # Programs that plugins start while they are loaded print where mypy would.
                return {**answer, "stdout": answer["stdout"] + take_printed()}
            if request == "sources":
                from .probe import list_sources

                return list_sources(header["argv"])
            if request == "scan":
                from .scan import scan_file

                return scan_file(header["path"], header["target"])
            from .checker import Session

            with redirect_stdout(self._held), redirect_stderr(self._held):  # mypy keeps the streams it starts with
                self._session = Session(header, blobs)
            # What plugins print while they are loaded was shown by whoever asked for the options.
            self._held.take()
            take_printed()
            return {"did": "started"}
        except MypyExit as stop:
            answer = stop.reply()
            return {**answer, "stdout": answer["stdout"] + take_printed()}

    def _dependencies(self, header: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"did": "dependencies", "added": self._need_session().dependencies(header["modules"])}
        except Exception as error:  # noqa: BLE001 - mypy's or a plugin's: plain mypy shows it best
            return {"did": "failed", "kind": "crash", "text": repr(error)}

    def _check(self, header: dict[str, Any], blobs: list[bytes]) -> bool:
        """Checks every component of a request; False after a crash."""
        from .checker import Crash

        session = self._need_session()
        if len(blobs) != 3 * len(header["components"]):
            raise MalformedFrame("not three blobs for each component")
        for number, component in enumerate(header["components"]):
            where = {"request": header["request"], "component": number}
            try:
                with collection_paused(), redirect_stdout(self._held), redirect_stderr(self._held):
                    for reply, payload in session.check(component, *blobs[3 * number : 3 * number + 3]):
                        if reply["did"] == "interface" and not component["awaited"]:
                            self._connection.hold({**reply, **where}, payload)
                        else:
                            self._connection.send({**reply, **where}, payload)
            except Crash as crash:
                self._connection.drop_held()
                first = component["modules"][0]["id"]
                text = f"{crash}\n{_first_report(self._held.take())}".rstrip()
                reply = {"did": "failed", "kind": "crash", "module": first, "text": text}
                self._connection.send({**reply, **where})
                return False
            take_printed()  # where it counts, mypy itself shows it
            sys.stderr.write(self._held.take())
        return True

    def _need_session(self) -> Any:
        if self._session is None:
            raise MalformedFrame("nothing was started")
        return self._session
