"""Writes the Python worker as compiled code, in C++: what each start of a worker would compile anew otherwise.

    PYTHON compile_worker.py OUTPUT MODULE=FILE...

The code is for Pythons with the magic number of the one that runs this; others compile the sources. OUTPUT declares
`constexpr std::array<CompiledWorker, 1> kCompiledWorkers`; the includer declares `struct CompiledWorker` (the magic
number in hexadecimal digits, a marshalled dictionary of code by module).
"""

import importlib.util
import marshal
import sys
from pathlib import Path

LINE = 32  # bytes


def literal(content: bytes) -> str:
    """A C++ string literal; what follows an octal escape of three digits is never part of it."""
    lines = (content[start : start + LINE] for start in range(0, len(content), LINE))
    return "\n".join('    "' + "".join(f"\\{byte:03o}" for byte in line) + '"' for line in lines)


def main() -> None:
    output, *pairs = sys.argv[1:]
    codes = {}
    for name, _, file in (pair.partition("=") for pair in pairs):
        codes[name] = compile(Path(file).read_bytes(), f"<{name}>", "exec", dont_inherit=True)
    text = (
        "// Made by compile_worker.py from runner/worker; do not edit.\n"
        f"constexpr char kWorkerCode[] =\n{literal(marshal.dumps(codes))};\n"
        "constexpr std::array<CompiledWorker, 1> kCompiledWorkers = {{\n"
        f'    {{"{importlib.util.MAGIC_NUMBER.hex()}", {{kWorkerCode, sizeof kWorkerCode - 1}}}}}}}};\n'
    )
    Path(output).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
