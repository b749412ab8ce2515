"""Puts pictures into the guide's pages: ``<!-- picture: NAME | WHAT IT SHOWS -->`` becomes the picture of that name in ``build/pictures``.

A hook of MkDocs (https://www.mkdocs.org/user-guide/configuration/#hooks). ``tests/e2e/stack/test_newcomer.py`` takes the pictures; none is
committed.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

PICTURES = Path(__file__).parents[1] / "build" / "pictures"
MARKED = re.compile(r"<!-- picture: ([a-z-]+) \| (.+?) -->")
_FOLDER = "pictures"


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A picture for each mark; one that there is not stops the build."""
    up = "../" * page.file.src_uri.count("/")

    def picture(found: re.Match[str]) -> str:
        if not (PICTURES / f"{found[1]}.png").is_file():
            raise SystemExit(f"There is no picture {found[1]}. make e2e takes it.")
        return f"![{found[2]}]({up}{_FOLDER}/{found[1]}.png)"

    return MARKED.sub(picture, markdown)


def on_post_build(config: Any, **_: Any) -> None:
    """The pictures lie beside the pages."""
    shutil.copytree(PICTURES, Path(config["site_dir"]) / _FOLDER, dirs_exist_ok=True)
