"""`typewave doctor`: what it says of a healthy project and of a sick one, and what its report holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.oracle import Answer
from support.project import Project, files_below

PLUGIN = "from mypy.plugin import Plugin\n\n\ndef plugin(version):\n    return Plugin\n"
SECRET = "s3cr3t-and-not-to-be-told"


def doctor(project: Project, *arguments: str) -> Answer:
    return project.call("doctor", f"--python={project.python}", f"--store={project.store}", *arguments)


def bundle(project: Project, *arguments: str) -> dict[str, Any]:
    file = project.root / "report.json"
    doctor(project, f"--bundle={file}", *arguments)
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def findings(project: Project, *arguments: str) -> list[str]:
    return [f"{one['kind']}: {one['message']}" for one in bundle(project, *arguments)["findings"]]


def test_before_and_after_the_first_run(shop: Project) -> None:
    before = list(files_below(shop.folder))
    first = doctor(shop, ".")
    assert first.status == 0, first
    assert "2.4" in first.stdout
    assert f"--python: {shop.python}: chosen" in first.stdout
    assert "components may have to be checked" in first.stdout
    assert list(files_below(shop.folder)) == before
    assert not shop.store.exists()
    shop.check(".")
    second = doctor(shop, ".")
    assert second.status == 0
    assert "may have to be checked" not in second.stdout
    assert "up to 0 checked" in second.stdout
    assert shop.check(".").summary["checked"] == 0


def test_without_targets(shop: Project) -> None:
    assert doctor(shop).status == 0


def test_why_this_mypy(shop: Project) -> None:
    empty = shop.root / "empty"
    (empty / "bin").mkdir(parents=True)
    (empty / "pyvenv.cfg").write_text("version = 3.11.0\n", encoding="utf-8")
    (empty / "bin" / "python").symlink_to(shop.python.resolve())
    shop.variables = {"VIRTUAL_ENV": str(empty), "TYPEWAVE_FALLBACK_PYTHON": str(shop.python)}
    said = shop.call("doctor", f"--store={shop.store}", ".").stdout
    assert f"$VIRTUAL_ENV: {empty}/bin/python: it has no mypy" in said
    assert f"{shop.python}: chosen" in said


def test_no_mypy(shop: Project) -> None:
    said = shop.call("doctor", f"--store={shop.store}", "--python=/bin/sh", ".")
    assert said.status == 1
    assert "broken: no interpreter with mypy 2.4 was found" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


def test_files_of_configuration(shop: Project) -> None:
    shop.write({"setup.cfg": "[mypy]\nstrict = true\n"})
    assert "configuration  setup.cfg (nothing for mypy in mypy.ini, .mypy.ini" in doctor(shop, ".").stdout


def test_arguments_that_mypy_refuses(shop: Project) -> None:
    said = doctor(shop, "--no-such-option", ".")
    assert said.status == 1
    assert "broken: mypy stops at its arguments or its configuration: usage: " in said.stdout


def test_what_makes_the_next_run_slow(shop: Project) -> None:
    shop.check(".")
    assert findings(shop, ".") == []
    assert any("mypy itself runs" in line for line in findings(shop, "--html-report=x", "."))
    shop.write({"mypy.ini": "[mypy]\nplugins = plugin.py\n", "plugin.py": PLUGIN})
    assert any(line.startswith("slow: the plugin plugin.py may look at anything") for line in findings(shop, "."))
    shop.write({"mypy.ini": "", "broken.py": "def (:\n"})
    assert any("mypy stops at this error" in line or "checked" in line for line in findings(shop, "."))


def test_a_large_cycle(project: Project) -> None:
    count = 120
    project.write({f"c{number}.py": f"import c{(number + 1) % count}\n" for number in range(count)})
    assert any(line.startswith(f"slow: a cycle of {count} modules") for line in findings(project, "."))


def test_no_place_for_a_store(shop: Project) -> None:
    without = {name: value for name, value in shop.environment().items() if name != "HOME"}
    command = [str(shop.binary), "doctor", f"--python={shop.python}", "."]
    done = subprocess.run(command, cwd=shop.folder, env=without, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "broken: there is no place for a store" in done.stdout


def test_a_store_that_is_a_file(shop: Project) -> None:
    shop.store.write_text("", encoding="utf-8")
    said = doctor(shop, ".")
    assert said.status == 1
    assert "broken: the store cannot be used: " in said.stdout


def test_a_damaged_store(shop: Project) -> None:
    shop.check(".")
    for pack in shop.packs():
        data = bytearray(pack.read_bytes())
        for at in range(len(data) // 2, len(data) // 2 + 200):
            data[at % len(data)] ^= 0xFF
        pack.write_bytes(bytes(data))
    said = doctor(shop, ".")
    assert said.status == 1
    assert "broken: " in said.stdout
    assert "damaged" in said.stdout


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="no memory file system here")
def test_a_store_in_memory(shop: Project) -> None:
    store = Path(f"/dev/shm/typewave-test-{os.getpid()}")
    try:
        said = shop.call("doctor", f"--python={shop.python}", f"--store={store}", ".").stdout
        assert "is in memory (tmpfs)" in said
    finally:
        shutil.rmtree(store, ignore_errors=True)


def test_a_report_without_source_and_secrets(shop: Project) -> None:
    shop.variables = {"DATABASE_PASSWORD": SECRET, "API_TOKEN": SECRET}
    shop.write({"mypy.ini": "[mypy]\nmypy_path = $API_TOKEN\nplugins = plugin.py\n"})
    shop.write({"plugin.py": "import os\n\nos.environ.get('DATABASE_PASSWORD')\n" + PLUGIN})
    shop.check(".")
    told = json.dumps(bundle(shop, "."))
    assert "def pay" not in told
    assert "return len" not in told
    assert SECRET not in told
    assert json.loads(told)["mypy"]["version"].startswith("2.4")


def test_a_program_on_the_command_line_is_source(shop: Project) -> None:
    told = json.dumps(bundle(shop, "-c", "secret_program = 1"))
    assert "secret_program" not in told


def test_a_report_that_cannot_be_written(shop: Project) -> None:
    said = doctor(shop, f"--bundle={shop.root}/none/report.json", ".")
    assert said.status == 2
    assert "typewave: error: cannot write " in said.stderr
