"""What is looked at before anything is started. Each failure is one sentence that names the thing and the remedy."""

from __future__ import annotations

import http.client
import os
from typing import Final
from urllib.parse import SplitResult, urlsplit

from tb_share.cli.listening import is_loopback
from tb_share.cli.project_sources import refuse_same_names
from tb_share.errors import SetUpError
from tb_share.settings import LogdirSource, MailSettings, Settings, UpstreamSource

_UPSTREAM_DEADLINE_S: Final = 5.0


def check(settings: Settings) -> None:
    """See that these settings can be served.

    Raises:
        SetUpError: they cannot.
    """
    from tb_share.gateway.client_address import address_reader

    if not settings.logdir and not settings.upstream:
        raise SetUpError("There is nothing to serve. Name a directory with --logdir DIR, or a running TensorBoard with --upstream URL.")
    refuse_same_names([*(source.name for source in settings.logdir), *(source.name for source in settings.upstream)])
    check_address(settings)
    _check_content(settings)
    address_reader(settings.proxy)
    _check_providers(settings)
    _check_mail(settings.mail)
    for logdir in settings.logdir:
        _check_logdir(logdir)
    for upstream in settings.upstream:
        _check_upstream(upstream)


def check_address(settings: Settings) -> None:
    """Nobody on the way may read what people send (S-LIM-4).

    Raises:
        SetUpError: the public address cannot be one, or is reached by plain http from elsewhere.
    """
    public = None if settings.public_url is None else _public(settings.public_url)
    if settings.insecure_http:
        return
    if public is not None and public.scheme == "http" and not is_loopback(public.hostname or ""):
        raise SetUpError(f"{settings.public_url} is plain http: everybody on the way reads along. Use https, or say --insecure-http.")
    behind_tls = public is not None and public.scheme == "https" and bool(settings.proxy.trusted_peers)
    if not is_loopback(settings.host) and not behind_tls:
        where = settings.host or "all addresses"
        raise SetUpError(
            f"On {where} others reach us by plain http. Put a TLS proxy in front (--public-url https://… and proxy.trusted_peers), "
            "listen on 127.0.0.1, or say --insecure-http."
        )


def _check_content(settings: Settings) -> None:
    """Cookies know no ports, so only another host name is another place."""
    if settings.content_url is None:
        return
    content, public = _public(settings.content_url, "content"), urlsplit(settings.public_url or "")
    if settings.public_url is None:
        raise SetUpError("A content address needs a public one beside it. Set --public-url too.")
    if content.hostname == public.hostname:
        raise SetUpError(f"The content address {settings.content_url} has the host name of the public one. Give it a name of its own.")
    if content.scheme != public.scheme:
        raise SetUpError(f"The content address {settings.content_url} must be {public.scheme}, as the public one is.")


def _check_mail(mail: MailSettings) -> None:
    from tb_share.operations.members import is_email

    if not mail.host:
        return
    if not is_email(mail.sender):
        raise SetUpError("mail.sender must be one e-mail address, as tb-share@example.org: mails need somebody to come from.")
    if mail.security == "none" and not is_loopback(mail.host):
        raise SetUpError(f'mail.security = "none" sends invitations readable by everybody on the way to {mail.host}. Use starttls or tls.')
    if mail.password_file is not None and not os.access(mail.password_file, os.R_OK):
        raise SetUpError(f"{mail.password_file} cannot be read. It holds the password of the mail server: correct mail.password_file.")


def _check_providers(settings: Settings) -> None:
    """A rule that cannot be kept stops the start (S-OIDC-16)."""
    from tb_share.identity.oidc import presets

    names = [provider.name for provider in settings.provider]
    for name in names:
        if names.count(name) > 1:
            raise SetUpError(f'Two providers are called "{name}". Give each its own name.')
    presets.check_together([presets.completed(provider) for provider in settings.provider])
    served = {logdir.name for logdir in settings.logdir} | {upstream.name for upstream in settings.upstream}
    for provider in settings.provider:
        for rule in provider.roles:
            if rule.project not in served:
                raise SetUpError(f'Provider "{provider.name}" gives a role in "{rule.project}", which is not served. Correct its roles.')


def _public(url: str, which: str = "public") -> SplitResult:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.path in {"", "/"} and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username is not None:
        raise SetUpError(f'"{url}" cannot be the {which} address. Write scheme, host and port only, as https://tb.example.org.')
    return parts


def _check_logdir(source: LogdirSource) -> None:
    remedy = f'Correct --logdir for project "{source.name}".'
    try:
        if not source.path.exists():
            raise SetUpError(f"There is no directory {source.path}. Make it, or c{remedy[1:]}")
        if not source.path.is_dir():
            raise SetUpError(f"{source.path} is a file, not a directory of logs. {remedy}")
        with os.scandir(source.path):
            pass
    except PermissionError:
        raise SetUpError(f"{source.path} cannot be read by {_me()}. Give that user the right to read it, or c{remedy[1:]}") from None
    if not os.access(source.path, os.R_OK | os.X_OK):
        raise SetUpError(f"{source.path} cannot be read by {_me()}. Give that user the right to read it, or c{remedy[1:]}")


def _me() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _check_upstream(source: UpstreamSource) -> None:
    parts = urlsplit(source.url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=_UPSTREAM_DEADLINE_S)
    try:
        connection.request("GET", f"{parts.path}/data/plugins_listing")
        with connection.getresponse() as answer:
            kind = answer.headers.get_content_type()
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise SetUpError(f"No TensorBoard answers at {source.url} ({why}). Start it, or correct --upstream.") from None
    finally:
        connection.close()
    if answer.status != http.client.OK or kind != "application/json":
        raise SetUpError(f"What answers at {source.url} is not a TensorBoard (status {answer.status}). Correct --upstream.")
