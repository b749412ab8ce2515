"""Parameters from files that lie beside the events: YAML and JSON, read safely, flattened with ``/``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tb_share.model.experiment import ParameterValue

FILES: Final = ("hparams.yaml", "hparams.yml", "config.json", "config.yaml", "config.yml")
MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 12
MAX_COUNT: Final = 2000
MAX_TEXT: Final = 2000


def read_file(path: Path) -> tuple[dict[str, ParameterValue], str | None]:
    """The parameters of one file, and a sentence if it could not be used."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}, f"{path.name} is larger than {MAX_BYTES // 1024} kB, so no parameters are read from it."
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, f"{path.name} cannot be read as text."
    try:
        content = json.loads(text) if path.suffix == ".json" else _yaml(text)
    except (ValueError, RecursionError):
        return {}, f"{path.name} cannot be understood, so no parameters are read from it."
    return (flatten(content), None) if isinstance(content, dict) else ({}, None)


def flatten(content: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> dict[str, ParameterValue]:
    """Nested mappings with their keys joined by ``/``; lists and other values as text; nulls and NaN left out."""
    flat: dict[str, ParameterValue] = {}
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value and depth < MAX_DEPTH:
            flat.update(flatten(value, f"{name}/", depth + 1))
        elif (plain := _plain(value)) is not None:
            flat[name] = plain
        if len(flat) > MAX_COUNT:
            break
    return flat


def _plain(value: object) -> ParameterValue | None:
    match value:
        case None:
            return None
        case bool() | int():
            return value
        case float():
            return None if math.isnan(value) else value
        case str():
            return value[:MAX_TEXT]
        case _:
            return str(list(value) if isinstance(value, tuple) else value)[:MAX_TEXT]


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader that reads tuples as lists and refuses to build objects
    except yaml.YAMLError as error:
        raise ValueError from error


def _loader() -> type[Any]:
    import yaml

    class Tolerant(yaml.SafeLoader):
        """Frameworks write tuples and enums with Python tags; nothing of Python's is ever built from them."""

    def build(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
        match node:
            case yaml.SequenceNode():
                return loader.construct_sequence(node, deep=True)
            case yaml.MappingNode():
                return loader.construct_mapping(node, deep=True)
            case _:
                return loader.construct_scalar(node)  # type: ignore[arg-type]  # the third kind of node

    Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", build)
    Tolerant.add_multi_constructor("!", build)
    return Tolerant
