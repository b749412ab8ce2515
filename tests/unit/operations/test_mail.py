"""Invitations by mail, through a real mail server of this process."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller

from tb_share.model.project import Role
from tb_share.operations import mail
from tb_share.settings import MailSettings
from tests.certified_provider import free_port


class Letterbox:
    """Takes everything."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append(envelope)
        return "250 OK"


@contextmanager
def mail_server():
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port("127.0.0.1"))
    controller.start()
    try:
        yield box, MailSettings(host="127.0.0.1", port=controller.port, security="none", sender="tb@example.org")
    finally:
        controller.stop()


def send(settings, room, to="ann@good.test", url="https://tb.example.org/login/abc"):
    return mail.invitation(settings, to, room.logs, Role.VIEWER, url)


def test_an_invitation_is_mailed_as_plain_text(room):
    with mail_server() as (box, settings):
        assert send(settings, room) is True
    (letter,) = box.letters
    assert (letter.mail_from, letter.rcpt_tos) == ("tb@example.org", ["ann@good.test"])
    text = letter.content.decode()
    assert "https://tb.example.org/login/abc" in text
    assert "logs as viewer" in text
    assert re.search("^Subject: Invitation to logs", text, re.MULTILINE)
    assert "text/plain" in text


def test_without_a_mail_server_nothing_is_said_of_mail(room):
    assert send(MailSettings(), room) is None


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_mail_server_that_is_away_or_cannot_be_trusted_stops_nothing(room, security):
    settings = MailSettings(host="127.0.0.1", port=free_port("127.0.0.1"), security=security, sender="tb@example.org")
    assert send(settings, room) is False
    with mail_server() as (box, plain):
        if security != "none":
            assert send(plain.model_copy(update={"security": security}), room) is False
        assert box.letters == []


@pytest.mark.parametrize(
    "to", ["a@good.test\nBcc: b@evil.test", "a@good.test, b@evil.test", "a@good.test\r\n\r\nhello", "not an address", ""]
)
def test_no_address_adds_a_header_or_a_recipient(room, to):
    with mail_server() as (box, settings):
        assert send(settings, room, to) is False
    assert box.letters == []


def test_a_password_that_cannot_be_read_is_a_mail_that_is_not_sent(room, tmp_path):
    with mail_server() as (box, settings):
        asked = settings.model_copy(update={"user": "tb", "password_file": tmp_path / "nothing"})
        assert send(asked, room) is False
    assert box.letters == []
