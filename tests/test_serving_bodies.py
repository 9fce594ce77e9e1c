"""Bodies on the wire: broken off, endless, in pieces, a byte at a time; by a real server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from api.http.places import PLACES
from api.serving import THREADS
from api.store import Store
from engine.declaration.strict_json import MAX_BODY
from tests.http_sample import declaration
from tests.serving import Server, serving, wait_until

NDJSON = "application/x-ndjson"


@pytest.fixture(scope="module")
def server(release_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("serving"), release_file) as found:
        yield found


def head(
    server: Server,
    path: str,
    *headers: str,
    kind: str = "application/json",
    token: str | None = None,
) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    lines += [f"Authorization: Bearer {token or server.token}", f"Content-Type: {kind}", "", ""]
    return "\r\n".join(lines).encode()


def exchanged(server: Server, *sent: bytes, ended: bool = False) -> tuple[int, bytes]:
    """The status and body of what comes back; with *ended*, the sender stops in the middle."""
    with server.connected() as raw:

        def send() -> None:
            with suppress(OSError):  # a server may have heard enough
                for part in sent:
                    raw.sendall(part)
                if ended:
                    raw.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        answer = b""
        with suppress(ConnectionResetError):
            while part := raw.recv(2**16):
                answer += part
        sender.join()
    first, _, rest = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]) if first else 0, rest


def size(server: Server) -> int:
    with Store.open(server.database) as store:
        return store.size()


def encoded(name: str) -> bytes:
    return json.dumps(declaration(name)).encode()


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


def test_a_body_in_pieces_is_read_whole(server: Server) -> None:
    body = encoded("pieces")
    pieces = chunks(*(body[at : at + 7] for at in range(0, len(body), 7))) + b"0\r\n\r\n"
    sent = head(server, "/v1/decisions", "Transfer-Encoding: chunked") + pieces
    assert exchanged(server, sent)[0] == 200


def test_a_body_that_broke_off_is_refused_and_nothing_is_kept(server: Server) -> None:
    body = encoded("broken")
    before = size(server)
    sent = head(server, "/v1/decisions", f"Content-Length: {len(body) + 10}") + body
    status, answer = exchanged(server, sent, ended=True)
    assert (status, size(server)) == (400, before)
    assert f"the body broke off after {len(body)} of {len(body) + 10} bytes".encode() in answer


@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/acts", "/v1/outcomes", "/v1/what-if"])
def test_fifty_megabytes_are_refused_before_they_are_read(server: Server, path: str) -> None:
    sent = head(server, path, f"Content-Length: {50 * 2**20}", "Expect: 100-continue")
    status, answer = exchanged(server, sent)
    assert status == 413
    assert b"larger than 8 MiB" in answer


def test_fifty_megabytes_of_unknown_length_are_not_read_to_their_end(server: Server) -> None:
    piece = b" " * 2**20
    sent = [head(server, "/v1/decisions", "Transfer-Encoding: chunked"), *[chunks(piece)] * 50]
    status, _ = exchanged(server, *sent)
    assert status in (413, 0)  # 0: it closed while we were sending, as it may
    assert server.ready()


def test_what_is_beyond_the_bound_of_a_body_is_not_left_out(server: Server) -> None:
    body = encoded("padded").ljust(MAX_BODY)
    sent = head(server, "/v1/decisions", "Transfer-Encoding: chunked")
    before = size(server)
    status, _ = exchanged(server, sent, chunks(body, b"x"), b"0\r\n\r\n")
    assert (status, size(server)) == (413, before)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX-A: " + b"b" * 2**20 + b"\r\n\r\n",
        b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
    ],
    ids=["path", "headers", "header", "negative", "no length", "another protocol", "NUL"],
)
def test_what_is_no_request_is_refused(server: Server, sent: bytes) -> None:
    assert exchanged(server, sent, ended=True)[0] in (400, 414, 431)
    assert server.ready()


def test_a_batch_longer_than_any_declaration_may_be_is_decided(server: Server) -> None:
    line = encoded("long") + b" " * 100_000 + b"\n"
    names = [f"long-{number}".encode() for number in range(90)]
    body = b"".join(line.replace(b"long", name, 1) for name in names)
    assert len(body) > MAX_BODY
    answer = server.ask("POST", "/v1/decisions/batch", body, Content_Type=NDJSON)
    lines = [json.loads(one) for one in answer.body.splitlines()]
    assert [one["decision"]["declaration"] for one in lines] == [name.decode() for name in names]


def test_a_batch_whose_sender_vanished_is_sent_again_and_nothing_is_doubled(
    server: Server,
) -> None:
    lines = [encoded(f"again-{number}") for number in range(300)]
    body = b"\n".join(lines)
    before = size(server)
    start = head(
        server, "/v1/decisions/batch", f"Content-Length: {len(body)}", "Idempotency-Key: again",
        kind=NDJSON,
    )  # fmt: skip
    with server.connected() as raw:
        raw.sendall(start + body[: len(body) * 2 // 3])
        assert raw.recv(100)  # the first lines are kept
    answer = server.ask(
        "POST", "/v1/decisions/batch", body, Content_Type=NDJSON, Idempotency_Key="again"
    )
    found = [json.loads(line)["decision"]["declaration"] for line in answer.body.splitlines()]
    assert found == [f"again-{number}" for number in range(300)]
    assert size(server) == before + 300


def slow(
    server: Server, path: str, count: int, stack: ExitStack, token: str | None = None
) -> Callable[[], None]:
    """Open connections that send a body a byte at a time: the next one when called."""
    sockets = [stack.enter_context(server.connected()) for _ in range(count)]
    for raw in sockets:
        raw.sendall(head(server, path, "Content-Length: 5000", token=token))

    def trickle() -> None:
        for raw in sockets:
            with suppress(OSError):
                raw.sendall(b" ")

    return trickle


def test_a_caller_who_sends_slowly_keeps_no_other_caller_waiting(server: Server) -> None:
    with ExitStack() as stack:
        trickle = slow(server, "/v1/decisions", 2 * THREADS, stack)
        other = {"Authorization": f"Bearer {server.key()}"}
        for number in range(5):
            trickle()
            assert server.lodge(encoded(f"quick-{number}"), **other).status == 200
            assert server.ask("GET", "/healthz").status == 200


def test_who_shows_no_key_keeps_nobody_waiting_by_a_slow_form(server: Server) -> None:
    with ExitStack() as stack:
        trickle = slow(server, "/sign-in", 2 * THREADS, stack)
        trickle()
        assert server.lodge(encoded("beside a form")).status == 200


def test_beyond_its_places_a_caller_is_told_to_wait_and_served_when_it_has_some(
    server: Server,
) -> None:
    # A key of its own: the places of the tests before may be given back only now.
    token = server.key()
    caller = {"Authorization": f"Bearer {token}"}
    with ExitStack() as stack:
        slow(server, "/v1/decisions", PLACES, stack, token)

        def full() -> bool:
            if server.lodge(encoded("too many"), **caller).status == 429:
                return True
            # One of them came while the question itself had the last place, and was refused.
            slow(server, "/v1/decisions", 1, stack, token)
            return False

        wait_until(full)
        refused = server.lodge(encoded("too many"), **caller)
        assert (refused.status, refused.headers["retry-after"]) == (429, "2")
    wait_until(lambda: server.lodge(encoded("again"), **caller).status == 200)


def test_answers_that_nobody_reads_keep_no_place_when_their_reader_has_gone(
    server: Server,
) -> None:
    body = b"\n".join(encoded(f"gone-{number}") for number in range(200))
    start = head(server, "/v1/decisions/batch", f"Content-Length: {len(body)}", kind=NDJSON)
    for _ in range(PLACES + 1):
        with server.connected() as raw:
            raw.sendall(start + body)
            raw.recv(10)
    wait_until(
        lambda: (
            server.ask("POST", "/v1/decisions/batch", encoded("last"), Content_Type=NDJSON).status
            == 200
        )
    )
