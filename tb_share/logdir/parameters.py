"""Parameters from files that lie beside the events: YAML and JSON, read safely, flattened with ``/``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tb_share.logdir.regular_file import TooLarge, text_of
from tb_share.model.experiment import ParameterValue

FILES: Final = ("hparams.yaml", "hparams.yml", "config.json", "config.yaml", "config.yml")
MAX_BYTES: Final = 1024 * 1024
MAX_YAML_BYTES: Final = 256 * 1024
"""YAML is read by Python alone, which takes seconds for more, and all other logs wait."""
MAX_DEPTH: Final = 12
MAX_COUNT: Final = 2000
MAX_TEXT: Final = 2000
_MOST_LOOKED_AT: Final = 10 * MAX_COUNT
"""Aliases of YAML make a small file hold more values than anybody could count."""
_MOST_LEVELS: Final = 50
_MOST_MERGED: Final = 100
_EXPONENT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]{1,3}\Z")
"""People write ``lr: 1e-3``, which is a number to YAML 1.2 and a text to YAML 1.1."""
_MOST_BITS: Final = 1023
"""Integers of more are no numbers to JSON, to doubles, or to Python's own printing."""


def read_file(path: Path) -> tuple[dict[str, ParameterValue], str | None]:
    """The parameters of one file, and a sentence if it could not be used."""
    most = MAX_BYTES if path.suffix == ".json" else MAX_YAML_BYTES
    try:
        text = text_of(path.parent, [path.name], most)
    except TooLarge:
        return {}, f"{path.name} is larger than {most // 1024} kB, so no parameters are read from it."
    except (OSError, UnicodeDecodeError):
        return {}, f"{path.name} cannot be read as text."
    try:
        content = json.loads(text) if path.suffix == ".json" else _yaml(text)
    except (ValueError, RecursionError):
        return {}, f"{path.name} cannot be understood, so no parameters are read from it."
    return (flatten(content), None) if isinstance(content, dict) else ({}, None)


def flatten(content: Mapping[Any, Any]) -> dict[str, ParameterValue]:
    """Nested mappings with their keys joined by ``/``; lists and other values as text; nulls and NaN left out. Of too many the first."""
    flat: dict[str, ParameterValue] = {}
    for name, value in islice(_leaves(content, "", 0), _MOST_LOOKED_AT):
        if (plain := _plain(value)) is not None:
            flat[name] = plain
        if len(flat) == MAX_COUNT:
            break
    return flat


def _leaves(content: Mapping[Any, Any], prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    for key, value in content.items():
        name = f"{prefix}{_text_of(key)}"
        if isinstance(value, Mapping) and value and depth < MAX_DEPTH:
            yield from _leaves(value, f"{name}/", depth + 1)
        else:
            yield name, value


def _plain(value: object) -> ParameterValue | None:
    match value:
        case None:
            return None
        case int() if value.bit_length() > _MOST_BITS:
            return hex(value)[:MAX_TEXT]
        case bool() | int():
            return value
        case float():
            return None if math.isnan(value) else value
        case _:
            return _text_of(value)


def _text_of(value: object) -> str:
    """As Python writes it, but no more of it than is kept: lists may hold one another many times over.

    Half a character, which JSON's escapes can say, is no text to anybody else.
    """
    text = value if isinstance(value, str) else "".join(islice(_pieces(value, 0), MAX_TEXT))
    return text[:MAX_TEXT].encode("utf-8", "replace").decode()


def _pieces(value: object, level: int) -> Iterator[str]:
    match value:
        case list() | tuple() | Mapping() if level >= _MOST_LEVELS:
            yield "..."
        case list() | tuple():
            yield "["
            for number, each in enumerate(value):
                yield ", " if number else ""
                yield from _pieces(each, level + 1)
            yield "]"
        case Mapping():
            yield "{"
            for number, (key, each) in enumerate(value.items()):
                yield ", " if number else ""
                yield from _pieces(key, level + 1)
                yield ": "
                yield from _pieces(each, level + 1)
            yield "}"
        case int() if value.bit_length() > _MOST_BITS:
            yield hex(value)
        case _:
            yield repr(value) if level else str(value)


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader that reads tuples as lists and refuses to build objects
    except (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        # Its constructors take what a tag announces for granted: ``!!bool foo`` is a KeyError.
        raise ValueError from error


def _loader() -> type[Any]:
    import yaml

    class Tolerant(yaml.SafeLoader):
        """Frameworks write tuples and enums with Python tags; nothing of Python's is ever built from them."""

        def flatten_mapping(self, node: yaml.MappingNode) -> None:
            merged = [value for key, value in node.value if key.tag == "tag:yaml.org,2002:merge"]
            if sum(len(each.value) for each in merged) > _MOST_MERGED:
                raise yaml.constructor.ConstructorError(None, None, "too much is merged", node.start_mark)
            super().flatten_mapping(node)
            if merged and len(node.value) > MAX_COUNT:
                raise yaml.constructor.ConstructorError(None, None, "too much is merged", node.start_mark)

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
    Tolerant.add_implicit_resolver("tag:yaml.org,2002:float", _EXPONENT, list("-+.0123456789"))
    return Tolerant
