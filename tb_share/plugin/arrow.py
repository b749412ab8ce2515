"""Writes columns as one Arrow IPC stream (https://arrow.apache.org/docs/format/Columnar.html), uncompressed, without nulls."""

from __future__ import annotations

import io
from collections.abc import Mapping

import nanoarrow as na
import numpy as np
from nanoarrow.ipc import StreamWriter

from tb_share.plugin.table import Column


def stream(columns: list[Column], metadata: Mapping[str, str] | None = None) -> bytes:
    """The stream: double, int32 or utf8 columns, each with its kind and label as its metadata; ``metadata`` of the whole."""
    length = len(columns[0].values) if columns else 0
    fields = {column.name: na.Schema(_type(column), metadata=_metadata(column)) for column in columns}
    schema = na.Schema(na.Type.STRUCT, fields={_clean(name): field for name, field in fields.items()}, nullable=False, metadata=metadata)
    arrays = [_array(column) for column in columns]
    table = na.c_array_from_buffers(schema, length, [None], null_count=0, children=arrays)
    out = io.BytesIO()
    with StreamWriter.from_writable(out) as writer:
        writer.write_array(table)
    return out.getvalue()


def _metadata(column: Column) -> dict[str, str]:
    about = {"kind": column.kind, "label": _clean(column.label)}
    return {**about, "nan": ",".join(map(str, column.nans))} if column.nans else about


def _type(column: Column) -> na.Schema:
    if column.name == "run_count":
        return na.int32(nullable=False)
    return na.string(nullable=False) if _is_text(column) else na.float64(nullable=False)


def _array(column: Column) -> object:
    if column.name == "run_count":
        return na.c_array(np.array(column.values, dtype=np.int32), na.int32())
    if _is_text(column):
        return na.c_array([_clean(str(value)) for value in column.values], na.string())
    return na.c_array(np.array(column.values, dtype=np.float64), na.float64())


def _is_text(column: Column) -> bool:
    if isinstance(column.values, np.ndarray):
        return False
    if column.name in {"id", "name", "state", "warnings"}:
        return True
    return any(isinstance(value, str) for value in column.values)


def _clean(text: str) -> str:
    """Names of directories need not be valid UTF-8; Arrow's texts are."""
    return text.encode("utf-8", "replace").decode()
