"""One request, in the order in which it runs: address, identity, route, guard, destination, finish.

Each step is a line of ``_answer``. Errors of every step end in one place; nothing here knows what a destination does.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from tb_share.errors import (
    BadRequest,
    BodyTooLarge,
    CrossSiteRequest,
    DeviceExpired,
    HostNotAllowed,
    MethodNotAllowed,
    NotAdmitted,
    NotFound,
    PasscodeWrong,
    ProviderUnreachable,
    ShareError,
    SignInFirst,
    SignInRefused,
    StoreUnavailable,
    TooManyTries,
)
from tb_share.gateway import error_pages, guard
from tb_share.gateway.bodies import counted
from tb_share.gateway.client_address import ReadAddress
from tb_share.gateway.proxy import paths
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import finish, redirect_to_ourselves
from tb_share.gateway.routes import ON_CONTENT, ONLY_ON_CONTENT, ROUTES, Destination, Route, WrongMethod, match
from tb_share.gateway.same_origin import WRITING_METHODS, is_ours
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Project, Visibility, is_project_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Answer = Callable[[RequestScope], Response]

LOG_KEY: Final = "tb_share.log"
"""The environ key under which the server finds what may be logged of a request."""
_METHODS: Final = frozenset({"GET", "HEAD"}) | WRITING_METHODS
# What a client says of proxies was read in step 2, if anybody may say it; nobody after that shall see it.
_FORWARDED: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PROTO")
_NO_LIMIT: Final = 1 << 62
# Forms of one field: nothing that is decided before signing in needs more.
_LONGEST_BODY: Final = {Destination.LOGIN: 64 * 1024, Destination.SHARING: 64 * 1024}
_RENEWING: Final = frozenset({Destination.PORTAL, Destination.API})
_GUESSABLE: Final = frozenset({Destination.LOGIN, Destination.SHARING})
_RETURNS: Final = frozenset({"return_from_provider"})
_FROM_PROVIDERS: Final = "/login/backchannel/"
_FROM_PROGRAMS: Final = frozenset({"/api/v1/device", "/api/v1/device/token"})
"""Asked by programs without a session; no cookie has part in them."""
_GUESSED_CODES: Final = frozenset({"take_device_token", "look_at_device", "decide_device"})
_LONGEST_LOGGED: Final = 512


class Resolved(Protocol):
    """Who is asking."""

    @property
    def callers(self) -> tuple[Caller, ...]:
        """All valid credentials, strongest first."""
        ...

    @property
    def ended_link(self) -> bool:
        """Whether a link's cookie was there whose link has ended."""
        ...

    @property
    def to_renew(self) -> str | None:
        """The hash of a session that is to get a new secret."""
        ...


class Resolver(Protocol):
    """Turns credentials into callers."""

    def resolve(self, session_cookies: list[str], link_cookies: list[str], bearer: str | None) -> Resolved:
        """Who is asking with these."""
        ...

    def resolve_content(self, content_cookies: list[str], link_cookies: list[str]) -> Resolved:
        """Who is asking with these on the content's origin."""
        ...


class Tries(Protocol):
    """Counts failed tries by address."""

    def wait_s(self, address: str) -> int | None:
        """Seconds to wait, or None."""
        ...

    def failed(self, address: str) -> None:
        """One more."""
        ...


@dataclass(frozen=True, slots=True)
class ContentOrigin:
    """A second origin that TensorBoard's pages are shown under."""

    url: str
    hosts: frozenset[str]
    cookie: str
    led_cookie: str
    """There for a minute after a browser was led over."""
    begin: Answer
    """How a browser without a credential comes by one."""


@dataclass(frozen=True, slots=True)
class Door:
    """What the pipeline is built with; ``app`` puts it together."""

    own_scheme: str
    hosts: frozenset[str]
    session_cookie: str
    link_cookie: str
    max_body_bytes: int
    read_address: ReadAddress
    resolver: Resolver
    projects: Mapping[str, Project]
    tries: Tries
    destinations: Mapping[tuple[Destination, str], Answer]
    visibility: Callable[[str], Visibility]
    """Of a project, by its uid."""
    viewers_comment: Callable[[str], bool]
    """Whether its owners let viewers write notes, by its uid."""
    note_refusal: Callable[[RequestScope, ShareError], None]
    renew: Callable[[str, Response], None] = lambda _hash, _response: None
    """Gives a session a new secret, and its browser the cookie."""
    content: ContentOrigin | None = None

    def __post_init__(self) -> None:
        """A route that leads nowhere does not start (S-ROLE-1)."""
        missing = [f"{route.destination}/{route.name}" for route in ROUTES if (route.destination, route.name) not in self.destinations]
        if missing:
            raise ValueError(f"routes without destination: {', '.join(missing)}")


class FrontDoor:
    """The WSGI application."""

    def __init__(self, door: Door, log_error: Callable[[str], None]) -> None:
        self._door = door
        self._secure = door.own_scheme == "https"
        self._content_url = None if door.content is None else door.content.url
        self._log_error = log_error

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        peer = self._door.read_address(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR"))
        for name in _FORWARDED:
            environ.pop(name, None)
        environ["wsgi.url_scheme"] = self._door.own_scheme
        scope = RequestScope(secrets.token_hex(8), Request(environ), peer=peer, secure=self._secure)
        try:
            response = self._answer(scope, environ)
            with suppress(StoreUnavailable):  # what was asked is done; the next request renews
                self._renew(scope, response)
        except ShareError as error:
            response = self._refused(error, scope)
        except HTTPException as error:  # a body that werkzeug could not read
            response = error_pages.render(BodyTooLarge() if error.code == BodyTooLarge.status else BadRequest(), scope)
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends as one shape that tells nothing
            self._log_error(f"request {scope.request_id}: {places(error)}")
            response = error_pages.render(ShareError(), scope)
        finish(response, scope.path, scope.request_id, secure=self._secure, content_url=self._content_url)
        environ[LOG_KEY] = _loggable(scope)
        return response(environ, start_response)

    def _answer(self, scope: RequestScope, environ: WSGIEnvironment) -> Response:
        method = environ["REQUEST_METHOD"]
        self._check_host(scope, environ)
        self._read_target(scope, environ)
        bearer = _bearer(environ.get("HTTP_AUTHORIZATION"))
        self._check_origin(scope.path, method, environ, bearer)
        self._identify(scope, environ, bearer)
        route, allowed = self._route(scope, method)
        elsewhere = self._elsewhere(scope, route, bearer)
        if elsewhere is not None:
            return elsewhere
        guard.admit(scope, route.action)
        if not allowed:
            raise MethodNotAllowed
        if "HTTP_UPGRADE" in environ:
            raise BadRequest("This server does not switch protocols.")
        if method in WRITING_METHODS:
            environ["wsgi.input"] = counted(environ, min(self._door.max_body_bytes, _LONGEST_BODY.get(route.destination, _NO_LIMIT)))
        return self._deliver(scope, route, method)

    def _renew(self, scope: RequestScope, response: Response) -> None:
        """With a page or an answer of the API: what anybody may keep carries no cookie, and parallel requests for data need none."""
        if scope.to_renew is None or scope.route is None or "Set-Cookie" in response.headers:
            return
        if scope.route.destination in _RENEWING or error_pages.is_navigation(scope):
            self._door.renew(scope.to_renew, response)

    def _refused(self, error: ShareError, scope: RequestScope) -> Response:
        if isinstance(error, ProviderUnreachable | NotAdmitted):
            scope.refusal = error.reason
        self._note(scope, error)
        content = self._door.content
        if content is not None and scope.on_content and isinstance(error, SignInFirst) and error_pages.is_navigation(scope):
            return content.begin(scope)
        return error_pages.render(error, scope)

    def _note(self, scope: RequestScope, error: ShareError) -> None:
        try:
            self._door.note_refusal(scope, error)
        except ShareError as why:  # the refusal holds, whether it could be written down or not
            self._log_error(f"request {scope.request_id}: {places(why)}")

    def _check_host(self, scope: RequestScope, environ: WSGIEnvironment) -> None:
        host, content = environ.get("HTTP_HOST", "").lower(), self._door.content
        scope.on_content = content is not None and host in content.hosts
        if not scope.on_content and host not in self._door.hosts:
            raise HostNotAllowed

    def _elsewhere(self, scope: RequestScope, route: Route, bearer: str | None) -> Response | None:
        """With two origins, the way from one to the other; said of every project alike, before anybody is asked who they are.

        Raises:
            NotFound: this origin has no such address. A token is read by programs, not by pages, so it opens TensorBoard on both.
        """
        content = self._door.content
        if content is None:
            return None
        if scope.on_content:
            if route.name not in ON_CONTENT:
                raise NotFound
            return content.begin(scope) if self._may_be_more(scope, route, content) else None
        if route.name not in ONLY_ON_CONTENT or bearer is not None:
            return None
        if scope.request.method not in {"GET", "HEAD"} or not error_pages.is_navigation(scope):
            raise NotFound
        return redirect_to_ourselves(content.url, scope.target, 302)

    def _may_be_more(self, scope: RequestScope, route: Route, content: ContentOrigin) -> bool:
        """Whether only a link's cookie is here, which may be older than the session that this browser has on the main origin."""
        by_link_alone = scope.ended_link or any(isinstance(each, LinkVisitor) for each in scope.callers)
        return (
            by_link_alone
            and route.name == "tensorboard"
            and scope.request.method == "GET"
            and error_pages.is_navigation(scope)
            and not any(isinstance(each, Member) for each in scope.callers)
            and content.led_cookie not in scope.request.cookies
        )

    def _read_target(self, scope: RequestScope, environ: WSGIEnvironment) -> None:
        # PATH_INFO is already decoded, and cut at '#': what was asked stands in the raw target only.
        target = paths.canonical(environ.get("RAW_URI", ""))
        scope.path, scope.query = target.path, target.query
        path = paths.escaped(target.path)
        scope.target = f"{path}?{target.query}" if target.query else path

    def _check_origin(self, path: str, method: str, environ: WSGIEnvironment, bearer: str | None) -> None:
        if method not in _METHODS:
            raise MethodNotAllowed
        # What a provider's server sends proves itself by its signature; no browser and no cookie has part in it.
        if method == "POST" and (path.startswith(_FROM_PROVIDERS) or path in _FROM_PROGRAMS):
            return
        # A Bearer token is not sent by browsers of themselves, and the cookies beside it are not looked at (S-CSRF-4).
        own_origin = f"{self._door.own_scheme}://{environ['HTTP_HOST'].lower()}"
        if bearer is None and not is_ours(method, environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), own_origin):
            raise CrossSiteRequest

    def _identify(self, scope: RequestScope, environ: WSGIEnvironment, bearer: str | None) -> None:
        header = environ.get("HTTP_COOKIE", "")
        if scope.on_content and self._door.content is not None and bearer is None:
            contents, links = self._cookies(header, self._door.content.cookie)
            if contents or links:
                resolved = self._door.resolver.resolve_content(contents, links)
                scope.callers, scope.ended_link = resolved.callers, resolved.ended_link
            return
        sessions, links = ([], []) if bearer is not None else self._cookies(header, self._door.session_cookie)
        if bearer is not None:
            self._check_tries(scope)
        if sessions or links or bearer is not None:
            resolved = self._door.resolver.resolve(sessions, links, bearer)
            scope.callers, scope.ended_link, scope.to_renew = resolved.callers, resolved.ended_link, resolved.to_renew
        if bearer is not None and isinstance(scope.callers[0], Stranger):
            scope.has_bad_token = True
            self._door.tries.failed(scope.peer)

    def _check_tries(self, scope: RequestScope) -> None:
        wait_s = self._door.tries.wait_s(scope.peer)
        if wait_s is not None:
            raise TooManyTries(retry_after_s=wait_s)

    def _cookies(self, header: str, person: str) -> tuple[list[str], list[str]]:
        sessions, links = [], []
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == person:
                sessions.append(value)
            elif name == self._door.link_cookie:
                links.append(value)
        return sessions, links

    def _route(self, scope: RequestScope, method: str) -> tuple[Route, bool]:
        found = match(method, scope.path)
        if found is None:
            raise NotFound
        if isinstance(found, WrongMethod):
            # Who may not know the address does not learn its methods either, so the guard comes first.
            route, params, allowed = found.route, found.params, False
        else:
            (route, params), allowed = found, True
        scope.route, scope.params = route, params
        scope.project = self._door.projects.get(params["project"]) if is_project_id(params.get("project", "")) else None
        scope.visibility = Visibility.MEMBERS if scope.project is None else self._door.visibility(scope.project.uid)
        if scope.project is not None and route.destination is Destination.API:
            scope.viewers_comment = self._door.viewers_comment(scope.project.uid)
        return route, allowed

    def _deliver(self, scope: RequestScope, route: Route, method: str) -> Response:
        destination = self._door.destinations[route.destination, route.name]
        guesses = method == "POST" and (route.destination in _GUESSABLE or route.name in _GUESSED_CODES)
        if not guesses and route.name not in _RETURNS:
            return destination(scope)
        self._check_tries(scope)
        try:
            response = destination(scope)
        except SignInRefused as error:
            scope.refusal = error.reason
            self._door.tries.failed(scope.peer)
            raise
        except (NotFound, PasscodeWrong, DeviceExpired):
            self._door.tries.failed(scope.peer)
            raise
        if response.status_code == NotFound.status:
            self._door.tries.failed(scope.peer)
        elif response.status_code == PasscodeWrong.status:  # a page that asks again
            self._note(scope, PasscodeWrong())
        return response


def _bearer(authorization: str | None) -> str | None:
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _loggable(scope: RequestScope) -> dict[str, Any]:
    """What may be written down of a request: never a query, never a secret in a path (S-LOG-1)."""
    route = scope.route
    path = scope.path if route is None or "token" not in scope.params else route.pattern
    if route is None and path.startswith(("/s/", "/login/")):
        path = path.split("/", 2)[1]
    found: dict[str, Any] = {"id": scope.request_id, "from": scope.peer, "path": path[:_LONGEST_LOGGED], "caller": _label(scope.callers[0])}
    if scope.refusal:
        found["refused"] = scope.refusal
    return found


def _label(caller: Caller) -> str:
    match caller:
        case Member():
            return f"member:{caller.user_id}"
        case LinkVisitor():
            return f"link:{caller.link_id}"
        case Stranger():
            return "-"


def places(error: BaseException) -> str:
    """Where it went wrong. The message of the exception is left out: it may quote a secret."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__} at " + " < ".join(reversed(frames))
