"""Runs a command under a kernel filter that kills whatever opens an internet socket: `python offline.py COMMAND...`.

It needs no privileges and holds for every process that the command starts.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import sys

# Of each processor the number that the kernel knows it by, and that of its system call `socket`.
SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
CALL, PROCESSOR, FIRST_ARGUMENT = 0, 4, 16  # where the filter finds them
KILL, ALLOW = 0x80000000, 0x7FFF0000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction)))


def forbid_internet() -> None:
    processor, call = SOCKET_CALL[platform.machine()]
    filtered = (Instruction * 9)(
        Instruction(LOAD, 0, 0, PROCESSOR),
        Instruction(JUMP_IF_EQUAL, 0, 5, processor),  # programs of another kind are killed
        Instruction(LOAD, 0, 0, CALL),
        Instruction(JUMP_IF_EQUAL, 0, 4, call),
        Instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        Instruction(JUMP_IF_EQUAL, 1, 0, socket.AF_INET),
        Instruction(JUMP_IF_EQUAL, 0, 1, socket.AF_INET6),
        Instruction(RETURN, 0, 0, KILL),
        Instruction(RETURN, 0, 0, ALLOW),
    )
    program = Program(len(filtered), filtered)
    library = ctypes.CDLL(None, use_errno=True)
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))):
        if library.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    forbid_internet()
    os.execv(sys.argv[1], sys.argv[1:])
