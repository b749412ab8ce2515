import socket
import threading

import pytest

from tb_share.cli.listening import is_loopback, listen
from tb_share.errors import SetUpError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "tb.localhost"])
def test_only_this_machine_reaches_a_loopback_address(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", "::ffff:192.0.2.1", "127.1.example"]
)
def test_others_may_reach_everything_else(host):
    assert not is_loopback(host)


def test_port_0_takes_a_free_one():
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_a_taken_port_is_named_with_the_remedy():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SetUpError, match=f"^Port {port} of 127.0.0.1 is taken.*--port"):
            listen("127.0.0.1", port)


def test_a_port_that_is_just_being_left_is_waited_for():
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    leaving = threading.Timer(0.2, first.close)
    leaving.start()
    with listen("127.0.0.1", port, patience_s=10) as second:
        assert second.getsockname()[1] == port
    leaving.join()


def test_a_port_that_connections_have_just_left_is_free():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()
    with listen("127.0.0.1", port):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_refused(host):
    with pytest.raises(SetUpError, match="--host"):
        listen(host, 0)
