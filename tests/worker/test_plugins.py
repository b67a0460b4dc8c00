"""Plugins of the user: they may reach any module, so nothing they look at may be missed."""

from __future__ import annotations

from pathlib import Path

from coordinator import Coordinator
from orders import check_in_order, check_shuffled, differences
from test_orders import cold_lines, comparable

PLUGIN = """
from mypy.plugin import Plugin
class Reaching(Plugin):
    def get_function_hook(self, fullname):
        return self.answer if fullname == "lib.ask" else None
    def answer(self, context):
        symbol = self.lookup_fully_qualified("far.Far")
        return context.api.named_generic_type("far.Far", []) if symbol and symbol.node else context.default_return_type
def plugin(version):
    return Reaching
"""


def test_a_module_only_the_plugin_reaches_is_used(tmp_path: Path) -> None:
    for name, text in {
        "reaching.py": PLUGIN,
        "mypy.ini": "[mypy]\nplugins = reaching.py\n",
        "far.py": "class Far:\n    x: int\n",
        "lib.py": "import far as _far\ndef ask() -> object: ...\n",
        "a.py": "import lib\nreveal_type(lib.ask())\n",
    }.items():
        (tmp_path / name).write_text(text)
    coordinator = Coordinator(tmp_path, ["a.py", "lib.py", "far.py"])
    first = check_in_order(coordinator)
    assert comparable(coordinator.format(first[0])) == comparable(cold_lines(tmp_path, coordinator.argv))
    assert first[0][coordinator.component_of["a"]].used == ["far", "lib"]
    assert differences(coordinator, first, check_shuffled(coordinator, seed=5)) == []
