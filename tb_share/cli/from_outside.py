"""What ``tb-share doctor`` sees from outside: the public address as a visitor meets it, identity providers, upstreams that lie open."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from tb_share.cli.finding import Finding
from tb_share.cli.listening import is_loopback
from tb_share.errors import ProviderUnreachable, SetUpError
from tb_share.identity import session_cookie
from tb_share.settings import Preset, ProviderSettings, Settings, UpstreamSource

_DEADLINE_S: Final = 5.0
_CLOCK_SLACK_S: Final = 60
_SOON_S: Final = 14 * 24 * 3600
_ALWAYS: Final = ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "X-Request-Id")
_ABOUT_COOKIES: Final = {
    True: "If it is not there, the proxy changed it: browsers refuse a name that begins with __Host- without all of these.",
    False: "It is not Secure, since this address is plain http: right on this machine, not on a network.",
}


def door_findings(public_url: str) -> Iterator[Finding]:
    """Whether the sign-in page comes as we send it: over TLS that browsers trust, with every header, from us."""
    try:
        with closing(_connected(public_url)) as connection:
            if isinstance(connection.sock, ssl.SSLSocket):
                yield certificate_finding(connection.sock.getpeercert() or {}, time.time())
            connection.request("GET", "/login", headers={"Accept": "text/html"})
            with connection.getresponse() as answer:
                yield from answer_findings(public_url, answer.status, dict(answer.headers.items()), time.time())
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            "wrong", f"Browsers will not trust the certificate of {public_url}: {error.verify_message}", "Correct it in the proxy."
        )
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        yield Finding("wrong", f"Nobody answers at {public_url} ({why})", "Look at name, proxy and firewall; start tb-share serve.")


def answer_findings(public_url: str, status: int, headers: Mapping[str, str], now: float) -> Iterator[Finding]:
    """What the answer's head says."""
    if status != HTTPStatus.OK or "X-Request-Id" not in headers:
        yield Finding("wrong", f"What answers at {public_url} is not tb-share (status {status})", "Let the proxy hand everything to it.")
        return
    needed = [*_ALWAYS, *(["Strict-Transport-Security"] if public_url.startswith("https://") else [])]
    missing = [name for name in needed if name not in headers]
    if missing:
        yield Finding("wrong", f"Headers are lost on the way: {', '.join(missing)}", "The proxy must pass on what tb-share sends.")
    elif "no-store" not in headers.get("Cache-Control", ""):
        yield Finding("wrong", "The proxy lets browsers keep pages that are private", "It must not change Cache-Control.")
    else:
        yield Finding("good", f"{public_url} answers with every header that protects it")
    date = headers.get("Date")
    if date and abs(parsedate_to_datetime(date).timestamp() - now) > _CLOCK_SLACK_S:
        yield Finding(
            "wrong", f"The clock of {public_url} differs from this one", "Set both clocks by NTP: sign-ins and links end by them."
        )


def certificate_finding(certificate: Mapping[str, object], now: float) -> Finding:
    """How long the certificate is good."""
    until = ssl.cert_time_to_seconds(str(certificate.get("notAfter")))
    if until - now < _SOON_S:
        return Finding("note", f"The certificate ends in {int((until - now) / 86400)} days", "Renew it, or see why it is not renewed.")
    return Finding("good", "Browsers trust the certificate")


def cookie_finding(public_url: str, provider: str) -> Finding:
    """Whether a cookie arrives as we set it; the one of a sign-in that is begun and goes no further."""
    secure = public_url.startswith("https://")
    try:
        with closing(_connected(public_url)) as connection:
            connection.request("GET", f"/login/with/{provider}", headers={"Accept": "text/html"})
            with connection.getresponse() as answer:
                found = answer.headers.get_all("Set-Cookie") or []
    except (OSError, http.client.HTTPException):
        return Finding("note", "Cookies were not looked at: the public address does not answer")
    if not found:
        return Finding(
            "wrong", f'tb-share cannot begin a sign-in with "{provider}"', "Its log says why; can this machine reach the provider?"
        )
    lost = lost_of_cookie(found, "__Host-tb_share_sign_in_" if secure else "tb_share_sign_in_", secure=secure)
    if lost:
        remedy = "The proxy must not change Set-Cookie, nor public_url be plain http."
        return Finding("wrong", f"Cookies do not arrive as they were set: {', '.join(lost)}", remedy)
    return Finding("good", f"Cookies arrive as they were set: {', '.join(cookie_flags(secure=secure))}")


def lost_of_cookie(set_cookie: Sequence[str], start: str, *, secure: bool) -> list[str]:
    """What is wrong with our cookie among those that arrived. Browsers refuse ``__Host-`` with a Domain or another path."""
    ours = [each for each in set_cookie if each.startswith(start)]
    if len(ours) != 1:
        return [f"{len(ours)} of them begin with {start}"]
    attributes = {each.strip().casefold() for each in ours[0].split(";")[1:]}
    missing = [f"{each} is missing" for each in cookie_flags(secure=secure) if each.casefold() not in attributes]
    return missing + (["Domain was added"] if any(each.startswith("domain=") for each in attributes) else [])


def cookie_flags(*, secure: bool) -> list[str]:
    """What each cookie of ours carries."""
    return [*(["Secure"] if secure else []), "HttpOnly", "SameSite=Lax", "Path=/"]


def no_cookie(public_url: str) -> Finding:
    """Without a provider nothing sets a cookie before somebody signs in, and doctor signs nobody in."""
    secure = public_url.startswith("https://")
    name, _ = session_cookie.names(secure=secure)
    text = "No cookie was seen: without a provider none is set before somebody signs in, and doctor signs nobody in"
    shown = f"Sign in, and look among the browser's cookies for {name}: {', '.join(cookie_flags(secure=secure))}, no Domain."
    return Finding("note", text, f"{shown} {_ABOUT_COOKIES[secure]}")


def provider_finding(settings: ProviderSettings) -> Finding:
    """Whether an identity provider answers, and is who the settings say."""
    from tb_share.identity.oidc import presets
    from tb_share.identity.oidc.calls import Calls
    from tb_share.identity.oidc.metadata import Discovery

    try:
        done = presets.completed(settings)
        if done.preset is Preset.GITHUB:
            _connected(done.issuer).close()
        else:
            Discovery(done.issuer, Calls(None if done.ca_file is None else str(done.ca_file))).metadata()
    except SetUpError as error:
        return Finding("wrong", error.text)
    except (ProviderUnreachable, OSError):
        remedy = "Is the issuer written as the provider writes it? Can this machine reach it? Does it need a ca_file?"
        return Finding("wrong", f'Provider "{settings.name}" does not answer as it should', remedy)
    return Finding("good", f'Provider "{settings.name}" answers')


def upstream_finding(source: UpstreamSource) -> Finding:
    """Whether others reach an upstream past us: it has no login of its own (``tensorboard --bind_all``)."""
    parts = urlsplit(source.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not is_loopback(parts.hostname or ""):
        remedy = "Let only this machine reach it, by a firewall."
        return Finding("note", f"{source.url} is on the network: whoever reaches it needs no sign-in", remedy)
    reached = [address for address in own_addresses() if _answers(address, port)]
    if reached:
        remedy = "Start TensorBoard without --bind_all or --host."
        return Finding("wrong", f"The TensorBoard of {source.name} is open to the network at {reached[0]}:{port}, without sign-in", remedy)
    return Finding("good", f"The TensorBoard of {source.name} is reached from this machine only")


def outside_findings(settings: Settings, served_at: str | None) -> Iterator[Finding]:
    """Everything of this page; ``served_at`` is the address of a serve that is running."""
    for provider in settings.provider:
        yield provider_finding(provider)
    for upstream in settings.upstream:
        yield upstream_finding(upstream)
    if served_at is None:
        return
    yield from door_findings(served_at)
    yield cookie_finding(served_at, settings.provider[0].name) if settings.provider else no_cookie(served_at)
    if settings.content_url is not None:
        yield from door_of_content(settings.content_url)


def door_of_content(content_url: str) -> Iterator[Finding]:
    """Whether the second origin leads here, and to TensorBoard's pages alone."""
    try:
        with closing(_connected(content_url)) as connection:
            statuses = []
            for path in ("/healthz", "/login"):
                connection.request("GET", path)
                with connection.getresponse() as answer:
                    statuses.append(answer.status)
                    answer.read()
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or type(error).__name__
        yield Finding("wrong", f"Nobody answers at {content_url} ({why})", "The proxy must hand this name to tb-share too.")
        return
    if statuses == [HTTPStatus.OK, HTTPStatus.NOT_FOUND]:
        yield Finding("good", f"{content_url} shows TensorBoard's pages and nothing else")
    else:
        yield Finding("wrong", f"{content_url} does not lead to tb-share under that name", "The proxy must leave the Host header as it is.")


def own_addresses() -> list[str]:
    """The addresses by which others reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only chooses the way. The address is reserved for documentation.
            probe.connect(("192.0.2.1", 9))
            found = {probe.getsockname()[0]}
        except OSError:
            found = set()
    with suppress(OSError):
        found |= {str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)}
    return sorted(each for each in found if not is_loopback(each))


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def _connected(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=_DEADLINE_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_DEADLINE_S)
    connection.connect()
    return connection
