"""The worker: requests are collected without a thread and answered in one (finding 4 of the security rules).

gunicorn's threaded worker gives a thread to whoever connects; as many slow clients as threads stall it. Here the one loop of the process
collects each request's head, and its body up to a bound, and only then a thread takes it. Knows HTTP's framing through gunicorn's parser
and nothing of what is answered.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from gunicorn import http
from gunicorn.http import errors, wsgi
from gunicorn.workers.gthread import ThreadWorker

from tb_share.gateway.pipeline import LOG_KEY, places
from tb_share.gateway.server import access_log
from tb_share.gateway.server.refusals import refusal, status_of
from tb_share.gateway.server.sockets import PacedSocket
from tb_share.gateway.server.turns import Turns, claims
from tb_share.gateway.server.visit import AwaitedBody, Visit, is_whole

_READ: Final = 64 * 1024
_LINGER_S: Final = 2.0
_LINGER_BYTES: Final = 1024 * 1024
_DRAIN_S: Final = 1.0
_SWEEP_EVERY_S: Final = 0.5
_GRACE_WITHOUT_PARENT_S: Final = 2


class DoorWorker(ThreadWorker):
    """Collects requests in its loop, answers them in threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._collecting: set[Visit] = set()
        self._swept_at = 0.0
        self._turns: Turns[Visit] = Turns()
        server = self.app.settings.server
        self.header_deadline_s = float(server.header_deadline_s)
        self.body_deadline_s = float(server.body_deadline_s)
        self.max_body_bytes = int(server.max_body_bytes)

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The threads."""
        return ThreadPoolExecutor(max_workers=self.cfg.threads, thread_name_prefix="request")

    def waiting_per_thread(self) -> float:
        """How many requests wait for each thread."""
        return float(self.tpool._work_queue.qsize() + self._turns.waiting) / self.cfg.threads  # noqa: SLF001

    def run(self) -> None:
        """Serve; at the end nobody waits for a thread that still waits for somebody else."""
        super().run()
        os._exit(0)

    def is_parent_alive(self) -> bool:
        """As gunicorn's; without a parent nobody waits for a long farewell."""
        alive = bool(super().is_parent_alive())
        if not alive:
            self.cfg.set("graceful_timeout", _GRACE_WITHOUT_PARENT_S)
        return alive

    # -- the loop's part: it never waits for one client

    def accept(self, listener: Any) -> None:
        """A new client."""
        try:
            accepted, client = listener.accept()
        except OSError:  # it left again, or another worker was faster
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections and self.keepalived_conns:
            self._drop_idle(self.keepalived_conns.popleft())
        visit = Visit(PacedSocket.adopt(accepted, self.waiting_per_thread), client, listener.getsockname())
        self._collect_from(visit)

    def _collect_from(self, visit: Visit) -> None:
        """Wait for the rest of a request's head and body without a thread."""
        if is_whole(visit.early, self.max_body_bytes):
            self.enqueue_req(visit)
            return
        visit.timeout = time.monotonic() + self.header_deadline_s
        self._collecting.add(visit)
        self.poller.register(visit.sock, selectors.EVENT_READ, partial(self._on_more, visit))

    def enqueue_req(self, visit: Visit) -> None:
        """It is whole: a thread takes it when it is its turn."""
        head = bytes(visit.early[: max(0, visit.early.find(b"\r\n\r\n"))])
        if self._turns.begin(visit, claims(head, self.cfg.threads)):
            super().enqueue_req(visit)

    def _on_more(self, visit: Visit, _fileobj: object) -> None:
        try:
            data = socket.socket.recv(visit.sock, _READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._let_go(visit)
            return
        if visit.lingered is not None:
            visit.lingered += len(data)
            if visit.lingered > _LINGER_BYTES:
                self._let_go(visit)
            return
        had_head = b"\r\n\r\n" in visit.early
        visit.early += data
        if is_whole(visit.early, self.max_body_bytes):
            self._stop_watching(visit)
            self.enqueue_req(visit)
        elif not had_head and b"\r\n\r\n" in visit.early:
            visit.timeout = time.monotonic() + self.body_deadline_s

    def _on_idle_readable(self, visit: Visit, fileobj: object) -> None:
        self.keepalived_conns.remove(visit)
        visit.timeout = time.monotonic() + self.header_deadline_s
        self._collecting.add(visit)
        self.poller.modify(visit.sock, selectors.EVENT_READ, partial(self._on_more, visit))
        self._on_more(visit, fileobj)

    def finish_request(self, visit: Visit, answered: Future[bool]) -> None:
        """A thread is done with a request."""
        for next_one in self._turns.end(visit):
            super().enqueue_req(next_one)
        try:
            keep = answered.result() and self.alive
            visit.sock.settimeout(0)
            if not keep:
                self._linger(visit)
            elif visit.early:
                self._collect_from(visit)
            else:
                visit.timeout = time.monotonic() + self.cfg.keepalive
                self.keepalived_conns.append(visit)
                self.poller.register(visit.sock, selectors.EVENT_READ, partial(self._on_idle_readable, visit))
        except Exception:  # noqa: BLE001 - whatever happened to this client, the loop goes on
            self._let_go(visit)

    def _linger(self, visit: Visit) -> None:
        # Closing while the client still sends would reset the connection and take our last words with it.
        visit.sock.shutdown(socket.SHUT_WR)
        visit.lingered = 0
        visit.timeout = time.monotonic() + _LINGER_S
        self._collecting.add(visit)
        self.poller.register(visit.sock, selectors.EVENT_READ, partial(self._on_more, visit))

    def murder_pending(self) -> None:
        """Cut off whoever is past its deadline."""
        now = time.monotonic()
        if now - self._swept_at < _SWEEP_EVERY_S:
            return
        self._swept_at = now
        for visit in [each for each in self._collecting if each.timeout <= now]:
            if visit.lingered is None and visit.early:
                with suppress(OSError):
                    socket.socket.send(visit.sock, refusal(408))
                self._logrefusal(visit, 408, "TooSlow")
            self._let_go(visit)

    def _drop_idle(self, visit: Visit) -> None:
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(visit.sock)
        self.nr_conns -= 1
        visit.close()

    def _stop_watching(self, visit: Visit) -> None:
        self._collecting.discard(visit)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(visit.sock)

    def _let_go(self, visit: Visit) -> None:
        self._stop_watching(visit)
        self.nr_conns -= 1
        visit.close()

    # -- the threads' part

    def handle(self, visit: Visit) -> bool:
        """Answer one request; True if the connection may carry another."""
        request = None
        now = time.monotonic()
        visit.sock.begin(now + self.body_deadline_s)
        if visit.parser is None:
            visit.parser = http.get_parser(self.cfg, visit.sock, visit.client)
        visit.parser.unreader.unread(bytes(visit.early))
        visit.early.clear()
        try:
            request = next(visit.parser)
            return self._answer(request, visit) and self._drained(visit)
        except (StopIteration, errors.NoMoreData):
            return False
        except OSError:  # the client left or was too slow, or TensorBoard's answer broke off
            return False
        except Exception as error:  # noqa: BLE001 - the parser's many kinds, and none may end the thread
            self._refuse(visit, error)
            return False

    def _answer(self, request: Any, visit: Visit) -> bool:
        began = time.monotonic()
        if request._expected_100_continue:  # noqa: SLF001
            # The client is told to go on when somebody wants its body, and not before it is let in.
            request._expected_100_continue = False  # noqa: SLF001
            request.body = AwaitedBody(request.body, visit.sock)
            request.force_close()
        response, environ = wsgi.create(request, visit.sock, visit.client, visit.server, self.cfg)
        environ["wsgi.multithread"] = True
        self._count(response)
        answered = self.wsgi(environ, response.start_response)
        try:
            for piece in answered:
                response.write(piece)
            response.close()
        finally:
            if hasattr(answered, "close"):
                answered.close()
            access_log.write(
                access_log.line(
                    status=response.status_code,
                    method=request.method,
                    ms=(time.monotonic() - began) * 1000,
                    sent=response.sent,
                    known=environ.get(LOG_KEY, {}),
                    at=datetime.now(UTC),
                )
            )
        return not response.should_close()

    def _count(self, response: Any) -> None:
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        if not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            response.force_close()

    def _drained(self, visit: Visit) -> bool:
        """Whether what nobody read of the body is gone, so that the next request starts where we think it does."""
        visit.sock.read_by = time.monotonic() + _DRAIN_S
        if not visit.parser.finish_body(deadline=visit.sock.read_by):
            return False
        visit.early += visit.parser.unreader.take_buffered()
        return True

    def _refuse(self, visit: Visit, error: Exception) -> None:
        status = status_of(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            access_log.write(access_log.error_line(places(error)))
        with suppress(OSError):
            visit.sock.sendall(refusal(status))
        self._logrefusal(visit, status, type(error).__name__)

    def _logrefusal(self, visit: Visit, status: int, reason: str) -> None:
        peer = visit.client[0] if isinstance(visit.client, tuple) else ""
        access_log.write(access_log.refused_line(status=status, peer=peer, reason=reason, at=datetime.now(UTC)))
