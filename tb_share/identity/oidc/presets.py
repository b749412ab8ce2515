"""What is known of providers by name: title, issuer, groups; and whether a provider's rules can be kept at all (S-OIDC-16)."""

from __future__ import annotations

import ssl
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tb_share.errors import SetUpError
from tb_share.identity.oidc.addresses import is_safe
from tb_share.settings import Preset, ProviderSettings


@dataclass(frozen=True, slots=True)
class Known:
    """Of one kind of provider."""

    title: str
    issuer: str = ""
    groups_claim: str = ""
    scopes: tuple[str, ...] = ()


KNOWN: Final[Mapping[Preset, Known]] = {
    Preset.OIDC: Known("your organisation"),
    Preset.GOOGLE: Known("Google", issuer="https://accounts.google.com"),
    Preset.ENTRA: Known("Microsoft", groups_claim="groups"),
    Preset.GITLAB: Known("GitLab", issuer="https://gitlab.com", groups_claim="groups_direct"),
    Preset.OKTA: Known("Okta", groups_claim="groups", scopes=("groups",)),
    Preset.KEYCLOAK: Known("Keycloak", groups_claim="groups"),
    Preset.AUTH0: Known("Auth0"),
    Preset.GITHUB: Known("GitHub", issuer="https://github.com", groups_claim="organisations and teams"),
}
_PLACEHOLDERS: Final = ("{", "}", "<", ">", "/common/", "/organizations/")


def completed(settings: ProviderSettings) -> ProviderSettings:
    """The settings with what the preset knows and the secret from its file.

    Raises:
        SetUpError: something is missing, or a rule could not be kept.
    """
    known = KNOWN[settings.preset]
    done = settings.model_copy(
        update={
            "title": settings.title or known.title,
            "issuer": settings.issuer or known.issuer,
            "groups_claim": settings.groups_claim or known.groups_claim,
            "scopes": settings.scopes or known.scopes,
            "client_secret": settings.client_secret or _secret(settings),
        }
    )
    if settings.preset is Preset.GITHUB:
        done = done.model_copy(update=_in_small_letters(done))
    _check(done)
    return done


def check_together(providers: Sequence[ProviderSettings]) -> None:
    """Whether what completed providers are to do can be kept: each lets somebody in, and no two are one.

    Raises:
        SetUpError: it cannot.
    """
    for each in providers:
        if not any((each.allowed_domains, each.allowed_groups, each.admin_groups, each.roles, each.vouches_for)):
            raise SetUpError(
                f'Provider "{each.name}" lets nobody in. Say who may with allowed_domains, allowed_groups or roles, '
                "or with vouches_for whose invitations count."
            )
        # Entra's tokens never say that an address was checked.
        if each.preset is Preset.ENTRA and (each.allowed_domains or each.vouches_for):
            raise SetUpError(
                f'Provider "{each.name}": Entra does not say which addresses it checked, so allowed_domains and vouches_for let nobody in. '
                "Use allowed_groups or roles."
            )
        same = [other.name for other in providers if other.issuer == each.issuer]
        if len(same) > 1:
            raise SetUpError(f"Providers {' and '.join(same)} have one issuer, {each.issuer}. Somebody is known by it: keep one of them.")


def _in_small_letters(settings: ProviderSettings) -> dict[str, object]:
    """GitHub's names of organisations and teams are the same in any case."""
    roles = tuple(rule.model_copy(update={"group": rule.group.lower()}) for rule in settings.roles)
    rules = {name: tuple(each.lower() for each in getattr(settings, name)) for name in ("allowed_groups", "admin_groups")}
    return {**rules, "roles": roles}


def _check(settings: ProviderSettings) -> None:
    name = settings.name
    if not is_safe(settings.issuer) or any(each in settings.issuer for each in _PLACEHOLDERS) or "?" in settings.issuer:
        raise SetUpError(f'Provider "{name}": issuer must be the https address of one issuer, as the provider writes it.')
    if (settings.allowed_groups or settings.admin_groups or settings.roles) and not settings.groups_claim:
        raise SetUpError(f'Provider "{name}" has rules about groups, but nothing says where its groups stand. Set groups_claim.')
    for rule in ("allowed_domains", "vouches_for"):
        for domain in getattr(settings, rule):
            if (
                not domain
                or domain != domain.lower()
                or not domain.isascii()
                or any(char in domain for char in "@*/ ")
                or "." not in domain
            ):
                raise SetUpError(f'Provider "{name}": "{domain}" in {rule} is no domain. Write it as example.org, in small letters.')
    if not settings.client_secret:
        raise SetUpError(f'Provider "{name}" has no client_secret. Name its file with client_secret_file.')
    if settings.ca_file is not None:
        _check_certificates(name, settings.ca_file)


def _check_certificates(name: str, path: Path) -> None:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise SetUpError(f'Provider "{name}": no certificates can be read from {path}. Correct ca_file.') from None


def _secret(settings: ProviderSettings) -> str:
    path = settings.client_secret_file
    if path is None:
        return ""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SetUpError(f"{path} can be read by other users of this machine. Run: chmod 600 {path}")
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SetUpError(f'The secret of provider "{settings.name}" cannot be read from {path}. Correct client_secret_file.') from None
