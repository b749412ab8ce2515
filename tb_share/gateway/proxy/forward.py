"""Destination 1, TensorBoard: prepare a request, attempt it, finish its answer.

Rights were decided before this; what lies below a project's address is decided here, on the canonical path. Knows no session and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
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
from tb_share.gateway.proxy.answers import Body, passed_on
from tb_share.gateway.proxy.prepared import NOTHING, Prepared, prepare
from tb_share.gateway.proxy.upstreams import Connection, Connections, UnixAddress, request_head
from tb_share.gateway.proxy.whereabouts import Whereabouts
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response, redirect
from tb_share.model.caller import Caller, LinkVisitor
from tb_share.model.project import Managed, Project, Role, Upstream
from tb_share.model.share_link import ChosenExperiments
from tb_share.model.tensorboard_routes import CONTEXT, FILE, FILES, Kind, Wanted, is_download, wanted
from tb_share.policy.actions import Action

_SERVER_DATA: Final = {"/data/environment": frozenset({"data_location", "debug"}), "/data/logdir": frozenset({"logdir"})}

_NO_FILES: Final = {"files": [], "more": False, "facts": {}, "contents": False}


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


class Proxy:
    """Answers everything below ``/p/<project>``."""

    def __init__(
        self,
        connections: Connections,
        whereabouts: Whereabouts,
        assets: Assets,
        rights: Rights,
        *,
        foreign_plugins: bool,
        hand_out_files: bool,
    ) -> None:
        self._connections = connections
        self._whereabouts = whereabouts
        self._assets = assets
        self._rights = rights
        self._foreign_plugins = foreign_plugins
        self._hand_out_files = hand_out_files

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
        if isinstance(scope.caller, LinkVisitor) and not scope.caller.download and is_download(asked, scope.query):
            raise NotAllowed("This link is for looking only. Whoever made it can make one that allows downloads.")
        if asked.kind is Kind.FOREIGN:
            if managed and not self._foreign_plugins:
                raise NotFound
            if not self._rights.may(scope, Action.READ_FOREIGN_PLUGINS):
                raise NotFound
        if asked.path_below_experiment == FILE and not (self._hand_out_files and self._rights.may(scope, Action.READ_FILES)):
            raise NotFound

    def _local_answer(self, scope: RequestScope, project: Project, asked: Wanted) -> Response | None:
        environ = scope.request.environ
        if asked.kind is Kind.NOTIFICATIONS:
            return json_response({"notifications": []})
        # An upstream's plugin knows nobody in front, and would list them for anybody.
        if asked.path_below_experiment == FILES and not self._rights.may(scope, Action.READ_FILES):
            return json_response(_NO_FILES)
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
        prepared = prepare(
            scope,
            asked,
            address,
            ours=[("Host", "localhost"), self._whereabouts.note(scope, project, host)],
            origin="",
            prefix="",
            blank=frozenset(),
        )
        try:
            response = self._attempt(prepared)
        except (ConnectionError, FileNotFoundError) as error:
            self._connections.forget(address)
            self._whereabouts.lost(project.id, host.generation)
            if isinstance(error, ConnectionRefusedError | FileNotFoundError):
                raise TensorBoardStarting from error
            raise UpstreamUnreachable from error
        except OSError as error:
            raise UpstreamUnreachable from error
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            # A host that does not know our note was started anew on the same socket: its key is another one.
            response.close()
            self._whereabouts.lost(project.id, host.generation)
            raise TensorBoardStarting
        return response

    def _ask_upstream(self, scope: RequestScope, project: Project, asked: Wanted, url: str) -> Response:
        somewhere = self._whereabouts.upstream(url)
        blank = _SERVER_DATA.get(asked.path_below_experiment, frozenset())
        if blank and self._rights.role_of(scope.caller, project) is Role.OWNER:
            blank = frozenset()
        put = self._put(scope, project, asked)
        prepared = prepare(
            scope,
            asked,
            somewhere.address,
            ours=[("Host", somewhere.host_header)],
            origin=somewhere.origin,
            prefix=somewhere.prefix,
            blank=blank,
            put=put,
        )
        try:
            return self._attempt(prepared)
        except OSError as error:
            raise UpstreamUnreachable from error

    def _put(self, scope: RequestScope, project: Project, asked: Wanted) -> Mapping[str, object]:
        """What an upstream's plugin does not say itself: it knows nobody in front, and none of our settings."""
        if asked.path_below_experiment == CONTEXT:
            # It is we who can share, and write down what people say.
            return {"gateway": self._whereabouts.introduction(scope, project)}
        if asked.path_below_experiment == FILES and not self._hand_out_files:
            return {"contents": False}
        return NOTHING

    def _attempt(self, prepared: Prepared) -> Response:
        connection = self._connections.take(prepared.address)
        try:
            answer = _exchange(connection, prepared)
        except ConnectionError:
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
        body = Body(self._connections, prepared.address, connection, answer)
        try:
            return passed_on(prepared, answer, body)
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


def _exchange(connection: Connection, prepared: Prepared) -> HTTPResponse:
    try:
        connection.send(request_head(prepared.method, prepared.path, prepared.headers), prepared.body)
        return connection.answer(prepared.method)
    except TimeoutError as error:
        raise UpstreamTooSlow from error
    except ConnectionError:  # http.client's own kind for a hang-up is both
        raise
    except (HTTPException, ValueError) as error:
        raise UpstreamUnreachable from error
