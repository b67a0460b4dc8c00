"""A program that tells when it is started. Not a script: typewave knows that a script may lead to any interpreter."""

from __future__ import annotations

import subprocess
from pathlib import Path

SOURCE = """
#include <stdio.h>
#include <unistd.h>

int main(int count, char **arguments) {
  FILE *log = fopen(LOG, "a");
  if (count < 0 || log == NULL || fputs("started\\n", log) < 0 || fclose(log) != 0) return 4;
  arguments[0] = PROGRAM;
  execv(PROGRAM, arguments);
  return 3;
}
"""


def traced_program(path: Path, log: Path, program: Path) -> Path:
    """Writes a line to `log`, then becomes `program`; ends with status 3 if that is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a link to what is to stay
    names = [f'-DLOG="{log}"', f'-DPROGRAM="{program}"']
    subprocess.run(["cc", "-xc", "-O1", *names, "-o", str(path), "-"], input=SOURCE, text=True, check=True)
    return path
