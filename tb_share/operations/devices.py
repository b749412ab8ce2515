"""Letting a program in from a browser, as RFC 8628 has it: the program shows a short code, somebody who is signed in types it and decides.

What the program gets is an API token of that person. No secret is kept while it waits (S-TOK-7).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tb_share.errors import (
    BadRequest,
    DeviceExpired,
    DeviceNotYet,
    DeviceRefused,
    DeviceTooFast,
    NotFound,
    TooManyTries,
)
from tb_share.model.api_token import TokenScope
from tb_share.model.caller import Member
from tb_share.model.origin import site
from tb_share.operations import tokens
from tb_share.operations.desk import Desk
from tb_share.operations.tokens import CreatedToken, NewToken
from tb_share.signing import hashed, new_secret
from tb_share.store import devices, people
from tb_share.store.devices import Device

INTERVAL_S: Final = 5
LIFE_S: Final = 600
_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; twenty letters, eight of them: 2.5e10 codes (RFC 8628, section 6.1)."""
_CODE_LENGTH: Final = 8
_MOST_OF_ONE_ADDRESS: Final = 10
_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class BegunDevice:
    """What a program is told: its own secret code, and the short one that it shows."""

    device_code: str
    user_code: str


def begin(desk: Desk, name: str, scopes: frozenset[TokenScope], expires_in_s: int | None) -> BegunDevice:
    """A program asks to be let in.

    Raises:
        BadRequest: its wishes cannot be met.
        TooManyTries: too many wait already.
    """
    wanted = NewToken(name.strip(), scopes, None, expires_in_s)
    life_s = tokens.check(desk, wanted)
    now = desk.now()
    code = new_secret()
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    expires = now + timedelta(seconds=LIFE_S)
    with desk.database.write() as connection:
        sites = list(map(site, devices.waiting(connection, now)))
        if (
            sites.count(site(desk.origin.address)) >= _MOST_OF_ONE_ADDRESS
            or len(sites) >= _MOST
            or devices.undecided(connection, letters, now) is not None
        ):
            raise TooManyTries("Too many programs wait to be let in. Try again in ten minutes.", retry_after_s=LIFE_S)
        devices.add(connection, Device(hashed(code), letters, wanted.name, scopes, life_s, desk.origin.address, now, expires))
    return BegunDevice(code, f"{letters[:4]}-{letters[4:]}")


def look(desk: Desk, user_code: str) -> Device:
    """The program that shows this code.

    Raises:
        NotFound: none does, or it was decided.
    """
    with desk.database.read() as connection:
        found = devices.undecided(connection, _letters(user_code), desk.now())
    if found is None:
        raise NotFound("No program waits with this code. Compare it with what the program shows; it is good for ten minutes.")
    return found


def decide(desk: Desk, by: Member, user_code: str, *, allow: bool) -> None:
    """Let the program in as oneself, or not.

    Raises:
        NotFound: none shows this code, or it was decided.
    """
    with desk.database.write() as connection:
        found = devices.undecided(connection, _letters(user_code), desk.now())
        if found is None:
            raise NotFound("No program waits with this code any more. Start it again.")
        if allow:
            devices.let_in(connection, found.hash, by.user_id)
        else:
            devices.refuse(connection, found.hash, desk.now())
        desk.note(connection, f"user:{by.user_id}", "device.decide", f"name:{found.name}", "done" if allow else "refused")


def take(desk: Desk, device_code: str) -> CreatedToken:
    """The program asks whether it was let in; the token is given once.

    Raises:
        DeviceNotYet, DeviceTooFast, DeviceRefused, DeviceExpired: it was not, as RFC 8628 tells them apart.
    """
    now, hash_ = desk.now(), hashed(device_code)
    with desk.database.write() as connection:
        found = devices.find(connection, hash_)
        if found is None or found.expires_at <= now:
            raise DeviceExpired
        who = None if found.user_id is None else people.caller(connection, found.user_id, desk.groups_since)
        if found.refused_at is None and found.user_id is None:
            outcome: type[BadRequest] | None = DeviceNotYet
            if found.polled_at is not None and now - found.polled_at < timedelta(seconds=INTERVAL_S - 1):
                outcome = DeviceTooFast
            devices.polled(connection, hash_, now)
        else:
            devices.drop(connection, hash_)
            outcome = DeviceRefused if who is None else None
        if outcome is None and who is not None:
            return tokens.add(desk, connection, who, NewToken(found.name, found.scopes, None, found.token_life_s), who)
    raise (outcome or DeviceRefused)


def _letters(user_code: str) -> str:
    return "".join(char for char in user_code.upper() if char in _LETTERS)[: _CODE_LENGTH + 1]
