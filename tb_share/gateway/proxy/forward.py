"""Destination 1, TensorBoard: prepare a request, attempt it, finish its answer.

Rights were decided before this; what lies below a project's address is decided here, on the canonical path. Knows no session and no page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final, Protocol, assert_never

from werkzeug import Response

from tb_share.errors import (
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    TensorBoardStarting,
    UpstreamTooSlow,
    UpstreamUnreachable,
)
from tb_share.gateway.bodies import body_pieces
from tb_share.gateway.proxy import headers
from tb_share.gateway.proxy.paths import escaped
from tb_share.gateway.proxy.tensorboard_routes import Kind, Wanted, wanted
from tb_share.gateway.proxy.upstreams import Address, BrokenOff, Connection, Connections, UnixAddress, pieces, request_head
from tb_share.gateway.proxy.whereabouts import Whereabouts
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import NO_STORE, REVALIDATE, json_response, redirect
from tb_share.model.caller import Caller, LinkVisitor
from tb_share.model.project import Managed, Project, Role, Upstream
from tb_share.model.share_link import ChosenExperiments
from tb_share.policy.actions import Action

_PIECE: Final = 64 * 1024
_MOST_BLANKED: Final = 1024 * 1024
_SERVER_DATA: Final = {"/data/environment": frozenset({"data_location", "debug"}), "/data/logdir": frozenset({"logdir"})}


class Assets(Protocol):
    """TensorBoard's own files, which hold no data."""

    def shell(self, environ: Mapping[str, object]) -> Response:
        """Its page."""
        ...

    def below_mount(self, path: str, environ: Mapping[str, object]) -> Response | None:
        """One of its files, or None."""
        ...


class Rights(Protocol):
    """What the proxy may ask of the guard about the admitted caller."""

    def may(self, scope: RequestScope, action: Action) -> bool:
        """Whether it may also do this."""
        ...

    def role_of(self, caller: Caller, project: Project) -> Role | None:
        """Its role, if it is a member."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is decided of a request before a byte is sent."""

    address: Address
    method: str
    path: str
    """On the wire."""
    headers: list[tuple[str, str]]
    body: Iterable[bytes]
    mount: str
    origin: str
    prefix: str
    blank: frozenset[str]
    """Keys of a JSON answer that this caller may not see (S-RESP-4)."""


class Proxy:
    """Answers everything below ``/p/<project>``."""

    def __init__(
        self, connections: Connections, whereabouts: Whereabouts, assets: Assets, rights: Rights, *, foreign_plugins: bool
    ) -> None:
        self._connections = connections
        self._whereabouts = whereabouts
        self._assets = assets
        self._rights = rights
        self._foreign_plugins = foreign_plugins

    def routes(self) -> dict[str, Callable[[RequestScope], Response]]:
        """What this destination answers, by the name of the route."""
        return {"tensorboard": self.tensorboard, "add_slash": add_slash}

    def tensorboard(self, scope: RequestScope) -> Response:
        """One request below a project's mount."""
        project = _project(scope)
        asked = wanted(scope.params["rest"])
        self._check(scope, project, asked)
        local = self._local_answer(scope, project, asked)
        if local is not None:
            return local
        match project.source:
            case Managed():
                return self._ask_host(scope, project, asked)
            case Upstream(url):
                return self._ask_upstream(scope, project, asked, url)
            case _:  # pragma: no cover
                assert_never(project.source)

    def _check(self, scope: RequestScope, project: Project, asked: Wanted) -> None:
        if asked.kind is Kind.UNKNOWN:
            raise NotFound
        if scope.request.method not in asked.methods:
            raise MethodNotAllowed
        managed = isinstance(project.source, Managed)
        # A link to chosen experiments can only be kept where we filter the data ourselves.
        if not managed and isinstance(scope.caller, LinkVisitor) and isinstance(scope.caller.scope, ChosenExperiments):
            raise NotAllowed
        if asked.kind is Kind.FOREIGN:
            if managed and not self._foreign_plugins:
                raise NotFound
            if not self._rights.may(scope, Action.READ_FOREIGN_PLUGINS):
                raise NotFound

    def _local_answer(self, scope: RequestScope, project: Project, asked: Wanted) -> Response | None:
        environ = scope.request.environ
        if asked.kind is Kind.NOTIFICATIONS:
            return json_response({"notifications": []})
        if asked.kind is Kind.LEGACY:
            return redirect(f"/p/{project.id}/", 302)
        if isinstance(project.source, Managed):
            if asked.kind is Kind.ASSET:
                asset = self._assets.below_mount(asked.path, environ)
                if asset is None:
                    raise NotFound
                return asset
            if asked.kind is Kind.SHELL:
                # Better a page that waits than one whose every chart fails.
                self._whereabouts.host(project.id)
                return self._assets.shell(environ)
        return None

    def _ask_host(self, scope: RequestScope, project: Project, asked: Wanted) -> Response:
        host = self._whereabouts.host(project.id)
        address = UnixAddress(host.socket)
        prepared = _prepare(
            scope,
            asked,
            address,
            ours=[("Host", "localhost"), self._whereabouts.note(scope, project, host)],
            origin="",
            prefix="",
            blank=frozenset(),
        )
        try:
            return self._attempt(prepared)
        except (ConnectionError, FileNotFoundError) as error:
            self._connections.forget(address)
            self._whereabouts.lost(project.id, host.generation)
            if isinstance(error, ConnectionRefusedError | FileNotFoundError):
                raise TensorBoardStarting from error
            raise UpstreamUnreachable from error
        except OSError as error:
            raise UpstreamUnreachable from error

    def _ask_upstream(self, scope: RequestScope, project: Project, asked: Wanted, url: str) -> Response:
        somewhere = self._whereabouts.upstream(url)
        blank = _SERVER_DATA.get(asked.path_below_experiment, frozenset())
        if blank and self._rights.role_of(scope.caller, project) is Role.OWNER:
            blank = frozenset()
        prepared = _prepare(
            scope,
            asked,
            somewhere.address,
            ours=[("Host", somewhere.host_header)],
            origin=somewhere.origin,
            prefix=somewhere.prefix,
            blank=blank,
        )
        try:
            return self._attempt(prepared)
        except OSError as error:
            raise UpstreamUnreachable from error

    def _attempt(self, prepared: Prepared) -> Response:
        connection = self._connections.take(prepared.address)
        try:
            answer = _exchange(connection, prepared)
        except (ConnectionError, HTTPException):
            connection.close()
            # It was kept alive and had ended before a byte of the answer came. Only a request that surely changed nothing is sent again.
            if not connection.reused or prepared.method == "POST":
                raise
            connection = self._connections.take(prepared.address, fresh=True)
            try:
                answer = _exchange(connection, prepared)
            except BaseException:
                connection.close()
                raise
        except BaseException:
            connection.close()
            raise
        return self._finish(prepared, connection, answer)

    def _finish(self, prepared: Prepared, connection: Connection, answer: HTTPResponse) -> Response:
        body = _Body(self._connections, prepared.address, connection, answer)
        try:
            return _response(prepared, answer, body)
        except BaseException:
            body.close()
            raise


def add_slash(scope: RequestScope) -> Response:
    """TensorBoard's page is written for an address that ends in a slash."""
    query = f"?{scope.query}" if scope.query else ""
    return redirect(f"/p/{_project(scope).id}/{query}", 301)


def _project(scope: RequestScope) -> Project:
    if scope.project is None:  # the guard lets nobody in without one
        raise NotFound
    return scope.project


def _prepare(
    scope: RequestScope,
    asked: Wanted,
    address: Address,
    *,
    ours: list[tuple[str, str]],
    origin: str,
    prefix: str,
    blank: frozenset[str],
) -> Prepared:
    environ = scope.request.environ
    body, framing = _body(environ, scope.request.method)
    path = escaped(prefix + asked.path)
    sent = headers.to_tensorboard(environ, [*ours, *framing])
    if blank:
        sent = [(name, value) for name, value in sent if name != "Accept-Encoding"]
    return Prepared(
        address=address,
        method=scope.request.method,
        path=f"{path}?{scope.query}" if scope.query else path,
        headers=sent,
        body=body,
        mount=f"/p/{scope.params['project']}",
        origin=origin,
        prefix=prefix,
        blank=blank,
    )


def _body(environ: Mapping[str, object], method: str) -> tuple[Iterable[bytes], list[tuple[str, str]]]:
    """The body and our own framing of it (S-WIRE-1)."""
    if method != "POST":
        return (), []
    source = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if isinstance(length, str) and length.isdecimal():
        return body_pieces(source), [("Content-Length", str(int(length)))]  # type: ignore[arg-type]
    whole = b"".join(body_pieces(source))  # type: ignore[arg-type]
    return (whole,), [("Content-Length", str(len(whole)))]


def _exchange(connection: Connection, prepared: Prepared) -> HTTPResponse:
    try:
        connection.send(request_head(prepared.method, prepared.path, prepared.headers), prepared.body)
        return connection.answer(prepared.method)
    except TimeoutError as error:
        raise UpstreamTooSlow from error
    except (HTTPException, ValueError) as error:
        if isinstance(error, ConnectionError):
            raise
        raise UpstreamUnreachable from error


class _Body:
    """The body on its way to the browser; closing it gives the connection back, or cuts it."""

    def __init__(self, connections: Connections, address: Address, connection: Connection, answer: HTTPResponse) -> None:
        self._connections = connections
        self._address = address
        self._connection: Connection | None = connection
        self._answer = answer
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        yield from pieces(self._answer, _PIECE)
        self._ended = True

    def whole(self, most: int) -> bytes:
        """All of it, if it is that short."""
        read = bytearray()
        for piece in self:
            read += piece
            if len(read) > most:
                raise BrokenOff
        return bytes(read)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        reusable = self._ended and not self._answer.will_close
        self._answer.close()
        if reusable:
            self._connections.give_back(self._address, connection)
        else:
            connection.close()


def _response(prepared: Prepared, answer: HTTPResponse, body: _Body) -> Response:
    if answer.status >= 500:
        raise UpstreamUnreachable("This project's TensorBoard failed on this request. Its administrator can see why in its log.")
    if 300 <= answer.status < 400 and answer.status != 304:
        return _redirected(prepared, answer, body)
    if prepared.blank and answer.status == 200 and prepared.method == "GET":
        return _blanked(answer, body, prepared.blank)
    response = Response(status=answer.status, headers=headers.from_tensorboard(answer.getheaders(), answer.headers.get("Connection", "")))
    _fill(response, answer, body)
    if answer.headers.get("Content-Type") is None:
        response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Cache-Control"] = REVALIDATE if "ETag" in response.headers else NO_STORE
    response.headers["Content-Security-Policy"] = headers.extended_policy(answer.headers.get("Content-Security-Policy"))
    return response


def _fill(response: Response, answer: HTTPResponse, body: _Body) -> None:
    """A short answer is read at once, so that its connection is free before the browser has read a byte; a long one flows."""
    if answer.length is None or answer.length > _PIECE:
        response.response = body
        response.direct_passthrough = True
        return
    length = response.headers.get("Content-Length")
    try:
        response.set_data(body.whole(_PIECE))
    except BrokenOff as error:
        raise UpstreamUnreachable from error
    if length is not None:  # a HEAD request's answer has a length and no body
        response.headers["Content-Length"] = length
    body.close()


def _redirected(prepared: Prepared, answer: HTTPResponse, body: _Body) -> Response:
    location = headers.location_in_mount(
        answer.headers.get("Location", ""),
        asked=prepared.path.partition("?")[0],
        origin=prepared.origin,
        prefix=prepared.prefix,
        mount=prepared.mount,
    )
    body.close()
    if location is None:
        raise UpstreamUnreachable
    return redirect(location, answer.status)


def _blanked(answer: HTTPResponse, body: _Body, keys: frozenset[str]) -> Response:
    """What TensorBoard says of its server, without what only its owner should know. Unreadable means nothing at all is said."""
    try:
        with closing(body):
            value = json.loads(body.whole(_MOST_BLANKED))
    except (ValueError, BrokenOff) as error:
        raise UpstreamUnreachable from error
    if not isinstance(value, dict):
        raise UpstreamUnreachable
    kept = {key: "" if key in keys and isinstance(content, str) else content for key, content in value.items()}
    response = json_response({key: content for key, content in kept.items() if key not in keys or content == ""}, answer.status)
    response.headers["Content-Security-Policy"] = headers.TENSORBOARD_POLICY
    return response
