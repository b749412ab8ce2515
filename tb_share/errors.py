"""Every error a caller may see: status, stable code, safe text.

Knows nothing of HTTP libraries: ``gateway.error_pages`` draws these, the command line prints them.

    ShareError
    ├── BadRequest (400)          PathNotCanonical, HostNotAllowed, EntryNotValid, DeviceNotYet, DeviceTooFast, DeviceRefused, DeviceExpired
    ├── SignInFirst (401)
    ├── NotAllowed (403)          CrossSiteRequest, LinkEnded, SignInRefused, NotAdmitted, LinkForOthers, PasscodeWrong
    ├── NotFound (404)            LinkNotValid, CodeNotValid
    ├── MethodNotAllowed (405)
    ├── Conflict (409)            EditConflict, LastOwner
    ├── BodyTooLarge (413)
    ├── UnsupportedMediaType (415)
    ├── TooManyTries (429)
    ├── UpstreamUnreachable (502), ProviderUnreachable (502)
    ├── StoreUnavailable (503)    TensorBoardStarting
    ├── UpstreamTooSlow (504)
    └── SetUpError                the command line's: one sentence and a remedy, exit code 2
"""

from __future__ import annotations

from typing import ClassVar


class ShareError(Exception):
    """A failure whose text is safe to show to whoever asked.

    ``status`` is the HTTP status, ``code`` is stable and for programs, ``text`` is for people and says what to do.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    text: str = "Something went wrong on our side. Try again; if it happens again, give your administrator the request id."

    def __init__(self, text: str | None = None, *, retry_after_s: int | None = None) -> None:
        if text is not None:
            self.text = text
        self.retry_after_s = retry_after_s
        super().__init__(self.text)


class BadRequest(ShareError):
    """The request cannot be understood."""

    status = 400
    code = "bad_request"
    text = "This request cannot be understood."


class PathNotCanonical(BadRequest):
    """The address has more than one possible reading (S-PATH-2)."""

    code = "path_not_canonical"
    text = "This address is not written in its one plain form."


class HostNotAllowed(BadRequest):
    """The Host header names somebody else, or nobody (S-HEAD-6)."""

    code = "host_not_allowed"
    text = "This server does not answer under that host name. An administrator can set --public-url."


class SignInFirst(ShareError):
    """Nobody known is asking."""

    status = 401
    code = "sign_in_first"
    text = "Sign in to see this."


class NotAllowed(ShareError):
    """Known, may see the thing, may not do this to it."""

    status = 403
    code = "not_allowed"
    text = "Your role does not allow this. A project owner can change your role."


class CrossSiteRequest(NotAllowed):
    """Another site made the browser ask (S-CSRF-1)."""

    code = "cross_site_request"
    text = "This came from another site, so nothing was done. Open the page here and try again."


class LinkEnded(NotAllowed):
    """A link that was good is expired, revoked or has lost its creator's right."""

    code = "link_ended"
    text = "This share link no longer works. Ask the person who sent it for a new one."


class SignInRefused(NotAllowed):
    """An identity provider's answer failed a check. ``reason`` is for the server's log; visitors are told nothing of it."""

    code = "sign_in_refused"
    text = "The sign-in could not be completed. Start it again; if it fails again, tell your administrator the request id."

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


class NotAdmitted(NotAllowed):
    """Somebody proved who they are, and is not among those who may use this server. ``reason`` is for the server's log."""

    code = "not_admitted"
    text = "You signed in, but you may not use this server yet. Ask an administrator or a project owner to invite you."

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


class NotFound(ShareError):
    """No such thing, or nothing this caller may know of (S-ROLE-3)."""

    status = 404
    code = "not_found"
    text = "There is nothing here, or nothing you may see."


class EntryNotValid(BadRequest):
    """A browser came to the content's origin without having been sent there, or too late."""

    code = "entry_not_valid"
    text = "This page could not be opened. Allow cookies for this site, then open the project again."


class LinkNotValid(NotFound):
    """Unknown, expired, revoked and altered links look alike (S-LINK-10)."""

    code = "link_not_valid"
    text = "This share link does not work. Ask the person who sent it for a new one."


class CodeNotValid(NotFound):
    """Unknown, expired and used sign-in codes and invitations look alike."""

    code = "code_not_valid"
    text = "This sign-in address does not work any more. Ask for a new one: each works once and only for a while."


class LinkForOthers(NotAllowed):
    """A link for certain people, opened by somebody else or by nobody known."""

    code = "link_for_others"
    text = "This link is for certain people. Sign in with the e-mail address that it was made for, then open it again."


class PasscodeWrong(NotAllowed):
    """A link with another passcode (S-LINK-13)."""

    code = "passcode_wrong"
    text = "That is not the passcode of this link. The person who sent you the link knows it."


class DeviceNotYet(BadRequest):
    """A program asks whether it was let in, and nobody has decided (RFC 8628, section 3.5)."""

    code = "authorization_pending"
    text = "Nobody has let this program in yet. Ask again in a few seconds."


class DeviceTooFast(BadRequest):
    """It asks more often than it was told to."""

    code = "slow_down"
    text = "This program asks too often. Wait five seconds between two questions."


class DeviceRefused(BadRequest):
    """Somebody said no."""

    code = "access_denied"
    text = "You did not let this program in."


class DeviceExpired(BadRequest):
    """Nobody let it in in time, or the code is unknown or used."""

    code = "expired_token"
    text = "The code has expired. Start tb-share login again."


class MethodNotAllowed(ShareError):
    """The address exists, this method does not."""

    status = 405
    code = "method_not_allowed"
    text = "This address does not answer to that method."


class Conflict(ShareError):
    """The state of things forbids it."""

    status = 409
    code = "conflict"
    text = "Somebody changed this at the same time. Reload and try again."


class EditConflict(Conflict):
    """Somebody changed the same thing since it was read; ``current`` is what it is now, so that nobody's words are lost."""

    code = "edit_conflict"
    text = "Somebody changed this since you opened it. Look at what it says now, then save again."

    def __init__(self, current: object) -> None:
        super().__init__()
        self.current = current


class LastOwner(Conflict):
    """A project keeps at least one owner (S-ROLE-5)."""

    code = "last_owner"
    text = "A project needs an owner. Make somebody else an owner first."


class BodyTooLarge(ShareError):
    """The body is over the limit."""

    status = 413
    code = "body_too_large"
    text = "This request is larger than the server accepts."


class UnsupportedMediaType(ShareError):
    """Our API takes application/json only (S-CSRF-5)."""

    status = 415
    code = "unsupported_media_type"
    text = "Send the body as application/json."


class TooManyTries(ShareError):
    """Slowed down after failures (S-LIM-1)."""

    status = 429
    code = "too_many_tries"
    text = "Too many tries. Wait a minute, then try again."


class ProviderUnreachable(ShareError):
    """The identity provider does not answer, or not as it should. ``reason``, what was asked and what came back, is for the log."""

    status = 502
    code = "provider_unreachable"
    text = (
        "The identity provider does not answer, or not as it should. Try again in a moment, or sign in another way; "
        "if it happens again, give your administrator the request id."
    )

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


class UpstreamUnreachable(ShareError):
    """TensorBoard does not answer."""

    status = 502
    code = "tensorboard_unreachable"
    text = "This project's TensorBoard does not answer. Its administrator can see why in the server's log."


class StoreUnavailable(ShareError):
    """The database is locked or gone: closed, never open (S-LIM-3)."""

    status = 503
    code = "store_unavailable"
    text = "The server cannot reach its database just now. Try again in a moment."


class TensorBoardStarting(ShareError):
    """The project's TensorBoard is on its way."""

    status = 503
    code = "tensorboard_starting"
    text = "This project's TensorBoard is starting. The page tries again by itself."


class UpstreamTooSlow(ShareError):
    """TensorBoard took longer than the limit."""

    status = 504
    code = "tensorboard_too_slow"
    text = "This project's TensorBoard took too long to answer. Try again, or look at fewer runs."


class SetUpError(ShareError):
    """The command cannot start: one sentence naming the thing and the remedy; exit code 2."""

    code = "set_up"
    text = "The command cannot start."
