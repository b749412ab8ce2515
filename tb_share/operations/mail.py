"""Mails invitations, where the settings name a mail server. What cannot be sent stops nothing: the address is shown anyway."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from tb_share.model.project import Project, Role
from tb_share.operations.members import is_email
from tb_share.settings import MailSettings

_DEADLINE_S: Final = 5.0
_INVITATION: Final = """You were invited to the project {project} as {role}.

Open this address to join. It works once, and until the invitation expires:

{url}

If you did not expect this, ignore it: nothing happens until somebody opens the address.
"""


def invitation(settings: MailSettings, to: str, project: Project, role: Role, url: str) -> bool | None:
    """Send the address of an invitation; whether the mail server took it, None where there is none."""
    if not settings.host:
        return None
    if not is_email(to):
        return False
    try:
        message = _message(settings.sender, to, f"Invitation to {project.id}", _INVITATION.format(project=project.id, role=role, url=url))
        _send(settings, message)
    except (OSError, smtplib.SMTPException, ValueError, UnicodeError):
        return False
    return True


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    # Addresses that are more than one address are refused by the parser, not cut to fit.
    message["From"], message["To"] = Address(addr_spec=sender), Address(addr_spec=to)
    message["Subject"] = subject
    message.set_content(text)
    return message


def _send(settings: MailSettings, message: EmailMessage) -> None:
    trusted = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_DEADLINE_S, context=trusted)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=_DEADLINE_S)
    with server:
        if settings.security == "starttls":
            server.starttls(context=trusted)
        if settings.user:
            server.login(settings.user, _password(settings))
        server.send_message(message)


def _password(settings: MailSettings) -> str:
    return "" if settings.password_file is None else settings.password_file.read_text("utf-8").strip()
