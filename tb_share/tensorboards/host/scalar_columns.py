"""A gRPC data provider whose scalar series stay columns, as they come over the wire.

TensorBoard's own makes an object of each point, which costs more than everything else about it. Who reads a series point by point still
sees such objects; who wants columns gets them for nothing. Knows nothing of scopes: it stands below the scoped provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

from tensorboard.data import grpc_provider, provider
from tensorboard.data.proto import data_provider_pb2


class ScalarColumns(Sequence[Any]):
    """One series: as many steps as wall times as values. Reads as a list of TensorBoard's ``ScalarDatum``."""

    __slots__ = ("steps", "values", "wall_times")

    def __init__(self, steps: list[int], wall_times: list[float], values: list[float]) -> None:
        self.steps = steps
        self.wall_times = wall_times
        self.values = values

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        return provider.ScalarDatum(step=self.steps[index], wall_time=self.wall_times[index], value=self.values[index])

    def __iter__(self) -> Iterator[Any]:
        for step, wall_time, value in zip(self.steps, self.wall_times, self.values, strict=True):
            yield provider.ScalarDatum(step=step, wall_time=wall_time, value=value)


class ColumnProvider(grpc_provider.GrpcDataProvider):
    """TensorBoard's gRPC provider, but for the shape in which it holds what it read of scalars."""

    def read_scalars(
        self,
        ctx: Any,  # noqa: ARG002 - the interface is TensorBoard's
        *,
        experiment_id: str,
        plugin_name: str,
        downsample: int | None = None,
        run_tag_filter: Any = None,
    ) -> dict[str, dict[str, ScalarColumns]]:
        """As the provider interface says."""
        request = data_provider_pb2.ReadScalarsRequest()
        request.experiment_id = experiment_id
        request.plugin_filter.plugin_name = plugin_name
        grpc_provider._populate_rtf(run_tag_filter, request.run_tag_filter)  # noqa: SLF001 - the same wire form as its other calls
        request.downsample.num_points = downsample
        with grpc_provider._translate_grpc_error():  # noqa: SLF001 - the same errors as its other calls
            answer = self._stub.ReadScalars(request)
        return {run.run_name: {tag.tag_name: _columns(tag.data) for tag in run.tags} for run in answer.runs}


def _columns(data: Any) -> ScalarColumns:
    # Like zip in TensorBoard's own, which ends at the shortest.
    steps, wall_times, values = list(data.step), list(data.wall_time), list(data.value)
    count = min(len(steps), len(wall_times), len(values))
    return ScalarColumns(steps[:count], wall_times[:count], values[:count])
