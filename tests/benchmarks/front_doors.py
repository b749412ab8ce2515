"""``make bench BENCH=--front-doors``: tb-share beside Apache's mod_auth_openidc, both signed in with a certified provider, in front of one TensorBoard."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urljoin

import requests

from tests.benchmarks import measures, sides
from tests.benchmarks.equality import plain
from tests.benchmarks.pairs import Compared, compared
from tests.benchmarks.replay import Asked, Connection
from tests.benchmarks.sets import SIZES, made
from tests.benchmarks.sides import PROJECT, Side, now_s
from tests.certified_provider import Certified, free_port
from tests.processes import wait_for
from tests.running_serve import start_serve
from tests.tls import Certificates, certificates

MODULES = Path("/usr/lib/apache2/modules")
TARGET = "/data/environment"
"""Small, and asked of TensorBoard's data server by nobody: what is left is the way there."""
PROOF = "/data/runs"
HERE, THERE = "127.0.0.1", "127.0.0.2"
PERSON = "ann+vision"
_AT_ONCE = 16
_APACHE = """
ServerRoot {place}
ServerName {host}
Listen {host}:{port}
PidFile {place}/apache.pid
ErrorLog {place}/apache.log
DefaultRuntimeDir {place}
User www-data
Group www-data
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 30
{modules}
OIDCProviderMetadataURL https://{there}:{provider}/.well-known/openid-configuration
OIDCCABundlePath {authority}
OIDCClientID tb-share
OIDCClientSecret the-secret-of-this-test
OIDCRedirectURI http://{host}:{port}/redirect_uri
OIDCCryptoPassphrase only-for-this-benchmark
OIDCScope "openid email profile"
OIDCPKCEMethod S256
<Location "/">
    AuthType openid-connect
    Require valid-user
    ProxyPass http://{host}:{tensorboard}/
    ProxyPassReverse http://{host}:{tensorboard}/
</Location>
"""
_LOADED = "mpm_event authn_core authz_core authz_user proxy proxy_http auth_openidc"
_OURS = """
[[provider]]
name = "work"
issuer = "https://{there}:{provider}"
ca_file = "{authority}"
client_id = "tb-share"
client_secret = "the-secret-of-this-test"
groups_claim = "groups"
roles = [{{ group = "vision", project = "{project}", role = "viewer" }}]
"""


def run(pairs: int, requests_each: int) -> list[Compared]:
    """Prove that both guard and say the same, then measure latency, CPU and throughput in pairs."""
    if shutil.which("apache2") is None or not (MODULES / "mod_auth_openidc.so").exists():
        raise SystemExit("Needs Apache with mod_auth_openidc: apt-get install apache2 libapache2-mod-auth-openidc")
    print(f"{TARGET} of one stock TensorBoard. {pairs} pairs. Ratios: tb-share / Apache with mod_auth_openidc.\n")
    print(f"{'':<46}   median     least to  most")
    with tempfile.TemporaryDirectory(prefix="tb-share-doors-") as name, sides.stock(made(SIZES["S"].name)) as stock:
        place = Path(name)
        place.chmod(0o755)
        files = certificates(place)
        with apache(place, stock, files) as theirs, ours(place, stock, files) as mine:
            _prove(stock, theirs, mine)
            figures = compared(
                "one after the other",
                pairs,
                lambda: measures.small(theirs, TARGET, requests_each),
                lambda: measures.small(mine, TARGET, requests_each),
            )
            figures += compared(
                f"{_AT_ONCE} at once",
                pairs,
                lambda: throughput(theirs, requests_each),
                lambda: throughput(mine, requests_each),
            )
    for each in figures:
        print(f"{each.line()}   ({median(each.stock):.2f} and {median(each.ours):.2f})")
    return figures


def throughput(side: Side, requests_each: int) -> dict[str, float]:
    """Requests a second over several kept connections, and CPU milliseconds for each. The client is one Python process: it bounds both sides."""
    asked = Asked(0, "GET", TARGET, (("accept", "application/json"),))
    connections = [Connection(side) for _ in range(_AT_ONCE)]
    statuses: list[int] = []

    def one(connection: Connection) -> None:
        statuses.extend(connection.ask(asked).status for _ in range(requests_each))

    threads = [threading.Thread(target=one, args=[each]) for each in connections]
    before, began = side.cpu_s(), now_s()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu_s = now_s() - began, side.cpu_s() - before
    for each in connections:
        each.close()
    if set(statuses) != {200}:
        raise SystemExit(f"{side.name}: {sorted(set(statuses))}")
    return {"requests a second": len(statuses) / took, "CPU": cpu_s / len(statuses) * 1000}


@contextmanager
def apache(place: Path, stock: Side, files: Certificates) -> Iterator[Side]:
    """Debian's Apache, as its documentation says: event MPM, sessions in shared memory, proxy with kept connections."""
    port, provider_port = free_port(HERE), free_port(THERE)
    base = f"http://{HERE}:{port}"
    modules = "\n".join(f"LoadModule {each}_module {MODULES}/mod_{each}.so" for each in _LOADED.split())
    told = {"place": place, "host": HERE, "port": port, "there": THERE, "provider": provider_port, "tensorboard": stock.port}
    (place / "apache.conf").write_text(_APACHE.format(**told, modules=modules, authority=files.authority))
    provider = Certified("apache", THERE, provider_port, base, files, f"{base}/redirect_uri")
    process = subprocess.Popen(["apache2", "-f", str(place / "apache.conf"), "-DFOREGROUND"], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: process.poll() is not None or _status(base) is not None)
        if process.poll() is not None:
            raise SystemExit("Apache does not start:\n" + (place / "apache.log").read_text())
        yield Side("Apache", port, "", signed_in(base, f"{base}{PROOF}", files), (process.pid,))
    finally:
        process.terminate()
        process.wait(timeout=20)
        provider.stop()


@contextmanager
def ours(place: Path, stock: Side, files: Certificates) -> Iterator[Side]:
    """``tb-share serve --upstream`` as it comes, with one provider."""
    provider_port, port = free_port(THERE), free_port(HERE)
    settings = place / "tb-share.toml"
    settings.write_text(_OURS.format(there=THERE, provider=provider_port, authority=files.authority, project=PROJECT))
    arguments = [f"--upstream={PROJECT}=http://{HERE}:{stock.port}", "--config", str(settings), "--port", str(port)]
    running = start_serve(place / "data", arguments)
    provider = Certified("work", THERE, provider_port, running.base, files)
    try:
        cookie = signed_in(running.base, f"{running.base}/login/with/work", files)
        yield Side("tb-share", running.port, f"/p/{PROJECT}", cookie, (running.process.pid,))
    finally:
        running.stop()
        provider.stop()


def signed_in(base: str, begin: str, files: Certificates) -> str:
    """The cookies of somebody who went through the provider's two forms, by hand and without a browser."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(files.authority)
        answer = session.get(begin, headers={"Accept": "text/html"}, timeout=30)
        for form in ({"prompt": "login", "login": PERSON, "password": "x"}, {"prompt": "consent"}):
            action = answer.text.split('action="', 1)[1].split('"', 1)[0]
            answer = session.post(urljoin(answer.url, action), data=form, timeout=30)
        if not answer.url.startswith(base):
            raise SystemExit(f"Signing in ended at {answer.url.partition('?')[0]} with {answer.status_code}.")
        return "; ".join(f"{each.name}={each.value}" for each in session.cookies if each.domain == HERE)


def _prove(stock: Side, theirs: Side, mine: Side) -> None:
    asked = Asked(0, "GET", PROOF, (("accept", "application/json"),))
    answers = [_body(side, asked) for side in (stock, theirs, mine)]
    if not answers[0] or answers.count(answers[0]) != len(answers):
        raise SystemExit("Not timed, for they answer differently.")
    for side in (theirs, mine):
        status = _status(f"http://{HERE}:{side.port}{side.prefix}{TARGET}")
        if status not in (302, 401):
            raise SystemExit(f"Not timed, for {side.name} lets strangers in: {status}")
    print("Both answer as TensorBoard does, and refuse whoever has not signed in.")


def _body(side: Side, asked: Asked) -> object:
    connection = Connection(side)
    got = connection.ask(asked)
    connection.close()
    return json.loads(plain(got))


def _status(url: str) -> int | None:
    try:
        return requests.get(url, timeout=5, allow_redirects=False).status_code
    except requests.RequestException:
        return None
