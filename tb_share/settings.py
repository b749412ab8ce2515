"""All settings, typed and read once; handed down, never looked up.

Each field is documented where it is declared, with its default. Where values come from is ``cli.settings_source``'s business.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from platformdirs import user_data_path
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from tb_share.model.project import Role, Visibility

DAY_S = 24 * 3600
_LONGEST_LIFE_S: Final = 10 * 365 * DAY_S
"""Beyond, dates and clocks overflow one after the other."""
_LONGEST_WAIT_S: Final = DAY_S


class Preset(StrEnum):
    """The providers that we know by name."""

    OIDC = "oidc"
    GOOGLE = "google"
    ENTRA = "entra"
    GITLAB = "gitlab"
    OKTA = "okta"
    KEYCLOAK = "keycloak"
    AUTH0 = "auth0"
    GITHUB = "github"


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 - pydantic takes no other
    return value


_Number = Annotated[int, BeforeValidator(_no_truth)]
_PluginName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, use_attribute_docstrings=True)


class LogdirSource(_Settings):
    """A project whose TensorBoard we run."""

    name: str
    path: Path


class UpstreamSource(_Settings):
    """A project whose TensorBoard somebody else runs."""

    name: str
    url: str


class ProxySettings(_Settings):
    """A TLS proxy in front of us."""

    trusted_peers: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-* headers we believe. Empty: nobody's. Wildcards are refused."""
    hops: Annotated[_Number, Field(ge=1, le=8)] = 1
    """How many proxies add to X-Forwarded-For."""


class SessionSettings(_Settings):
    """How long somebody stays signed in."""

    idle_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 7 * DAY_S
    """Signed out after so long without a request."""
    absolute_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 30 * DAY_S
    """Signed out after so long in any case."""
    code_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 7 * DAY_S
    """Life of an invitation."""
    owner_code_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = DAY_S
    """Life of the one-time owner sign-in URL that `serve` prints."""


class LinkSettings(_Settings):
    """Limits of share links."""

    default_expiry_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 7 * DAY_S
    """Expiry of a link that names none."""
    max_expiry_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 90 * DAY_S
    """The longest expiry anybody may ask for."""


class VisibilitySettings(_Settings):
    """Whether owners may open their projects to people without a role."""

    allow_signed_in: bool = False
    """Owners may let everybody read who signed in."""
    allow_public: bool = False
    """Owners may let anybody read, without signing in."""

    def allows(self, wanted: Visibility) -> bool:
        """Whether owners may choose this; what one chose earlier holds only as long."""
        return {Visibility.MEMBERS: True, Visibility.SIGNED_IN: self.allow_signed_in, Visibility.PUBLIC: self.allow_public}[wanted]


class TokenSettings(_Settings):
    """Limits of API tokens."""

    default_expiry_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 90 * DAY_S
    """Expiry of a token that names none."""
    max_expiry_s: Annotated[_Number, Field(ge=60, le=_LONGEST_LIFE_S)] = 365 * DAY_S
    """The longest expiry anybody may ask for."""


class TensorBoardSettings(_Settings):
    """The TensorBoard hosts that we run."""

    idle_stop_s: Annotated[_Number, Field(ge=5, le=_LONGEST_LIFE_S)] = 1800
    """A host that nobody asked for so long is stopped; the next request starts it again."""
    start_deadline_s: Annotated[_Number, Field(ge=1, le=_LONGEST_WAIT_S)] = 60
    """A host that is not ready by then has failed."""
    reload_interval_s: Annotated[_Number, Field(ge=1, le=_LONGEST_WAIT_S)] = 5
    """How often RustBoard looks for new data."""
    samples_per_plugin: dict[_PluginName, Annotated[_Number, Field(ge=0, le=2**31 - 1)]] = {}
    """As TensorBoard's flag of that name: the points kept of each series, by plugin."""
    foreign_plugins: bool = False
    """Also load plugins that read the disk themselves (projector, profile, any other installed plugin); members only."""
    hand_out_files: bool = True
    """Let members look at and fetch files that lie beside the event files; without it they are only listed."""
    namespaces: Literal["auto", "require", "off"] = "auto"
    """Give each host its own network namespace, so that no other user of the machine reaches its data server."""
    answer_deadline_s: Annotated[_Number, Field(ge=1, le=_LONGEST_WAIT_S)] = 60
    """Longest wait for the first byte of an answer."""
    follow_links_to: tuple[Path, ...] = ()
    """Directories outside a logdir that symbolic links in it may point to (S-FILE-10)."""


class ServerSettings(_Settings):
    """The gateway's own server."""

    workers: Annotated[_Number, Field(ge=1, le=64)] = 2
    threads: Annotated[_Number, Field(ge=1, le=256)] = 32
    header_deadline_s: Annotated[_Number, Field(ge=1, le=_LONGEST_WAIT_S)] = 5
    """A client that has not sent its headers by then is cut off."""
    body_deadline_s: Annotated[_Number, Field(ge=1, le=_LONGEST_WAIT_S)] = 30
    """The same for the body."""
    max_body_bytes: Annotated[_Number, Field(ge=1024, le=2**40)] = 4 * 1024 * 1024


class GroupRole(_Settings):
    """People of this group have this role in this project."""

    group: str
    project: str
    role: Role


class ProviderSettings(_Settings):
    """An identity provider that people sign in with."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
    """Part of the callback address: PUBLIC_URL/login/callback/NAME. Never change it: accounts stay with the issuer, addresses do not."""
    preset: Preset = Preset.OIDC
    """What kind of provider it is: its title, its issuer if there is one for all, and where its groups stand."""
    issuer: str = ""
    """Exactly as the provider writes it, as https://accounts.example.org. A preset may know it."""
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: Annotated[str, Field(repr=False)] = ""
    """Better kept in a file."""
    client_secret_file: Path | None = None
    """A file that holds the secret and nothing else, readable by the server's user only."""
    title: str = ""
    """What the button says after "Sign in with"."""
    scopes: tuple[str, ...] = ()
    """Asked for beside openid, profile and email; many providers want one for groups."""
    groups_claim: str = ""
    """The claim that lists groups. Default: what the preset knows, else none."""
    allowed_domains: tuple[str, ...] = ()
    """Whoever has a verified e-mail address of these domains may sign in."""
    allowed_groups: tuple[str, ...] = ()
    """Whoever is in one of these groups may sign in."""
    admin_groups: tuple[str, ...] = ()
    """Whoever is in one of these groups is a workspace administrator."""
    roles: tuple[GroupRole, ...] = ()
    """Roles that groups have, as {group = "vision", project = "vision", role = "viewer"}; looked at anew at each sign-in."""
    vouches_for: tuple[str, ...] = ()
    """Domains whose e-mail addresses this provider really checks: invitations to such an address are for whoever signs in with it."""
    ca_file: Path | None = None
    """Certificates that the provider is believed by, if they are not the system's."""


class MailSettings(_Settings):
    """A server that sends invitations. Without one, their addresses are there to be copied."""

    host: str = ""
    """Its name. Empty: nothing is mailed."""
    port: Annotated[_Number, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the way to it is protected; none is for this machine only."""
    sender: str = ""
    """The address that mails come from, as tb-share@example.org."""
    user: str = ""
    """Whom to sign in as there. Empty: nobody."""
    password_file: Path | None = None
    """A file that holds the password and nothing else, readable by the server's user only."""


class Settings(_Settings):
    """Everything `tb-share serve` can be told."""

    data: Path = Field(default_factory=lambda: user_data_path("tb-share", appauthor=False))
    """Where keys, database and caches are kept. Default: the platform's user data directory."""
    database_url: Annotated[str | None, Field(repr=False)] = None
    """postgresql://USER@HOST/DATABASE, to keep there what people said. Default: SQLite in the data directory."""
    database_password_file: Path | None = None
    """A file that holds the database's password and nothing else, readable by the server's user only."""
    logdir: tuple[LogdirSource, ...] = ()
    """[NAME=]DIR, repeatable: a directory of TensorBoard logs to serve."""
    upstream: tuple[UpstreamSource, ...] = ()
    """[NAME=]URL, repeatable: a running TensorBoard to stand in front of."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[_Number, Field(ge=0, le=65535)] = 6080
    """Port to listen on; 0 takes any free one."""
    public_url: str | None = None
    """What people type, such as https://tb.example.org. Default: http://HOST:PORT."""
    content_url: str | None = None
    """A second address of this server, on a host name of its own, that TensorBoard's pages are shown under: a script in one of them then
    has no part in the portal. Default: PUBLIC_URL."""
    insecure_http: bool = False
    """Allow plain http on an address that others can reach."""
    provider: tuple[ProviderSettings, ...] = ()
    """Identity providers, repeatable as [[provider]]."""
    proxy: ProxySettings = ProxySettings()
    session: SessionSettings = SessionSettings()
    link: LinkSettings = LinkSettings()
    mail: MailSettings = MailSettings()
    visibility: VisibilitySettings = VisibilitySettings()
    revoked_before: AwareDatetime | None = None
    """Sessions, tokens and links made before this moment open nothing: after a theft, or when a backup was restored. As
    2026-11-24T12:00:00Z."""
    token: TokenSettings = TokenSettings()
    tensorboard: TensorBoardSettings = TensorBoardSettings()
    server: ServerSettings = ServerSettings()
