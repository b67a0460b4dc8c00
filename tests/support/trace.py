"""What `--trace` tells of the checks of a run."""

from __future__ import annotations

import json
from pathlib import Path

# By module: the digests of its interface and of its diagnostics.
Outcomes = dict[str, tuple[str, str]]


def outcomes_in(trace: Path) -> Outcomes:
    events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    gave = [event["args"] for event in events if event.get("cat") == "implementation"]
    return {
        name: (interface, diagnostics)
        for one in gave
        for name, interface, diagnostics in zip(one["modules"], one["interfaces"], one["diagnostics"])
    }
