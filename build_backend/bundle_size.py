"""How much a browser loads before a bundle runs: its entry and all that this imports at once, gzipped.

What ``import()`` brings later does not count.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

# In bytes. The aim is a page that feels immediate; charts and notebooks come as chunks when somebody opens them.
LIMITS = {"panel": 120_000, "portal": 60_000}


def check_size(bundle: str, built: Path) -> str:
    """Say what the largest entry of a bundle weighs.

    Raises:
        SystemExit: it is larger than its limit.
    """
    manifest = json.loads((built / ".vite" / "manifest.json").read_text("utf-8"))
    entries = [name for name, each in manifest.items() if each.get("isEntry")]
    size, largest = max((sum(_gzipped(built / file) for file in _at_once(manifest, name)), name) for name in entries)
    said = f"{bundle}: {largest} loads {size / 1000:.1f} kB gzipped at once; the limit is {LIMITS[bundle] / 1000:.0f} kB"
    if size > LIMITS[bundle]:
        raise SystemExit(f"{said}. Load what is not needed at first with import().")
    return said


def _at_once(manifest: dict[str, dict[str, Any]], entry: str) -> set[str]:
    """The files of an entry and of its static imports, and of theirs."""
    files: set[str] = set()
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            chunk = manifest[name]
            files |= {chunk["file"], *chunk.get("css", [])}
            waiting += chunk.get("imports", [])
    return files


def _gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), compresslevel=9))
