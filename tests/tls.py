"""TLS for tests: an authority of their own, and something that ends TLS in front of a server as a proxy does, changing no byte."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOSTS = ("127.0.0.1", "127.0.0.2")


@dataclass(frozen=True)
class Certificates:
    """Files: whom to believe, and the certificate and key of every host of ours."""

    authority: Path
    certificate: Path
    key: Path


def certificates(place: Path) -> Certificates:
    """Fresh ones, good for an hour."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed(_name("tests' authority"), authority_key, _name("tests' authority"), authority_key, is_authority=True)
    certificate = _signed(_name("tests"), key, authority.subject, authority_key, is_authority=False)
    files = Certificates(place / "authority.pem", place / "certificate.pem", place / "key.pem")
    files.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(subject, key, issuer, issuer_key, *, is_authority):
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(each)) for each in HOSTS])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


_FAREWELL_S = 5.0


@contextmanager
def in_front(target_port: int, port: int, files: Certificates) -> Iterator[None]:
    """Speak TLS on ``port`` of 127.0.0.1 and hand everything on to ``target_port``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    loop = asyncio.new_event_loop()

    async def relay(reader, writer):
        writers = [writer]
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target_port)
            writers.append(there_writer)
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
            await asyncio.wait_for(asyncio.gather(*(each.wait_closed() for each in writers)), _FAREWELL_S)
        except (OSError, TimeoutError):
            return
        finally:
            # Also when it is cancelled: a writer that outlives its loop complains later, in somebody else's test.
            for each in writers:
                each.transport.abort()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(relay, "127.0.0.1", port, ssl=context), loop).result(10)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _pump(reader, writer):
    with suppress(OSError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, ssl.SSLError):
        writer.close()


async def _ended(server):
    server.close()
    others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)
