"""The client of language models against servers that behave, and against those that do not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from scripted_server import Exchange, Script, ScriptedServer, serving

from index.errors import (
    AnswerCutOff,
    AnswerUnusable,
    GenerationError,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    SettingsError,
)
from qa.generate import ContextTooSmall, OpenAIGenerator, Patience
from qa.generator import FakeGenerator, Generator, Message, estimated_tokens

ASK = [Message("system", "规则"), Message("user", "何时开工？")]
QUICK = Patience(connect=1, first=0.5, between=0.3, whole=5)


MADE: list[OpenAIGenerator] = []


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    yield
    while MADE:
        MADE.pop().close()


def made(url: str, model: str | None = "m1", **options: object) -> OpenAIGenerator:
    settings = {"patience": QUICK, "retries": 0, **options}
    MADE.append(OpenAIGenerator(url, model, **settings))  # type: ignore[arg-type]
    return MADE[-1]


def generator(server: ScriptedServer, **options: object) -> OpenAIGenerator:
    return made(server.url, **options)


def test_an_answer_comes_in_pieces_and_whole() -> None:
    with serving(lambda x, _: x.say("三月十二日开工。[1]", wait=0.01)) as server:
        pieces = list(generator(server, api_key="secret-1").stream(ASK))
    assert "".join(pieces) == "三月十二日开工。[1]"
    assert len(pieces) > 2
    path, body, headers = server.asked[-1]
    assert path == "/v1/chat/completions"
    assert body["model"] == "m1"
    assert body["stream"] is True
    assert body["messages"] == [{"role": m.role, "content": m.content} for m in ASK]
    assert {k.lower(): v for k, v in headers.items()}["authorization"] == "Bearer secret-1"


def test_thinking_that_the_server_keeps_apart_is_not_part_of_it() -> None:
    def think(x: Exchange, _: int) -> None:
        x.begin()
        x.piece("", reasoning_content="让我想想")
        x.piece("开工。")
        x.piece("", "stop")

    with serving(think) as server:
        assert "".join(generator(server).stream(ASK)) == "开工。"


def cut(x: Exchange, _: int) -> None:
    x.begin()
    x.piece("三月十二")


def hang_up(x: Exchange, _: int) -> None:
    x.begin()
    x.piece("三月十二")
    x.connection.shutdown(socket.SHUT_RDWR)


def torn(x: Exchange, _: int) -> None:
    x.send_response(200)
    x.send_header("content-type", "text/event-stream")
    x.send_header("transfer-encoding", "chunked")
    x.end_headers()
    x.wfile.write(b"40\r\ndata: {")
    x.wfile.flush()
    x.connection.shutdown(socket.SHUT_RDWR)


def fails(x: Exchange, _: int) -> None:
    x.begin()
    x.piece("三月")
    x.event('{"error": {"message": "out of memory", "code": 500}}')


def too_long(x: Exchange, _: int) -> None:
    x.begin()
    x.piece("三月", "length")


def broken_json(x: Exchange, _: int) -> None:
    x.begin()
    x.event('{"choices": [{"delta": {"cont')


def silent(x: Exchange, _: int) -> None:
    time.sleep(1.2)


def stalls(x: Exchange, _: int) -> None:
    x.begin()
    x.piece("三月")
    time.sleep(1.0)
    x.piece("", "stop")


def endless(x: Exchange, _: int) -> None:
    x.begin()
    while True:
        x.piece("好" * 500)


BAD: list[tuple[Script, type[GenerationError]]] = [
    (cut, AnswerCutOff),
    (hang_up, AnswerCutOff),
    (torn, AnswerCutOff),
    (fails, AnswerCutOff),
    (too_long, AnswerCutOff),
    (broken_json, AnswerUnusable),
    (endless, AnswerUnusable),
    (silent, ServerTooSlow),
    (stalls, ServerTooSlow),
    (lambda x, _: x.plain(200, b"<html>welcome</html>"), AnswerUnusable),
    (lambda x, _: x.json(401, {"error": {"message": "bad key"}}), ServerRefused),
    (lambda x, _: x.json(404, {"error": {"message": "no model m1"}}), ServerRefused),
    (lambda x, _: x.json(400, {"error": {"message": "nonsense"}}), ServerRefused),
    (lambda x, _: x.json(429, {"error": {"message": "slow down"}}), ServerBusy),
    (lambda x, _: x.json(503, {"error": {"message": "loading"}}), ServerBusy),
    (lambda x, _: x.plain(500, b"oops"), ServerBusy),
    (
        lambda x, _: x.json(400, {"error": {"message": "maximum context length is 4096"}}),
        ContextTooSmall,
    ),
]


@pytest.mark.parametrize(("script", "error"), BAD)
def test_what_goes_wrong_has_a_name(script: Script, error: type[GenerationError]) -> None:
    with serving(script) as server, pytest.raises(error) as raised:
        list(generator(server, api_key="secret-1").stream(ASK))
    assert type(raised.value) is error
    assert "secret-1" not in str(raised.value)


def test_no_server_at_all() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = made(f"http://127.0.0.1:{port}/v1")
    with pytest.raises(ServerUnreachable, match=str(port)):
        list(model.stream(ASK))
    with pytest.raises(ServerUnreachable):
        model.models()


def test_a_busy_server_is_asked_again() -> None:
    def script(x: Exchange, n: int) -> None:
        if n < 3:
            x.json(429, {"error": {"message": "wait"}}, Retry_After="0.05")
        else:
            x.say("开工。")

    with serving(script) as server:
        model = generator(server, retries=2, patience=Patience(first=5))
        assert "".join(model.stream(ASK)) == "开工。"
    assert len([body for _, body, _ in server.asked if body]) == 3


def test_what_a_server_does_not_take_is_left_out() -> None:
    def script(x: Exchange, _: int) -> None:
        if "max_tokens" in server.asked[-1][1]:
            x.json(400, {"error": {"message": "Unsupported parameter: 'max_tokens'"}})
        else:
            x.say("开工。")

    with serving(script) as server:
        assert "".join(generator(server).stream(ASK)) == "开工。"


@pytest.mark.parametrize("how", ["stop", "close"])
def test_stopping_hangs_up(how: str) -> None:
    with serving(lambda x, _: x.say("好" * 3000, wait=0.02)) as server:
        stop = threading.Event()
        stream = generator(server, patience=Patience()).stream(ASK, stop)
        next(stream)
        start = time.perf_counter()
        if how == "stop":
            stop.set()
            assert len(list(stream)) <= 1
        else:
            stream.close()  # type: ignore[attr-defined]
        assert time.perf_counter() - start < 0.3
        assert server.gone.wait(3)


def test_stopping_does_not_wait_for_a_server_that_says_nothing() -> None:
    with serving(silent) as server:
        stop = threading.Event()
        threading.Timer(0.1, stop.set).start()
        start = time.perf_counter()
        assert list(generator(server, patience=Patience()).stream(ASK, stop)) == []
        assert time.perf_counter() - start < 0.6


def test_several_threads_share_one() -> None:
    def script(x: Exchange, _: int) -> None:
        x.say(x.server.asked[-1][1]["messages"][-1]["content"] * 3)

    def ask(n: int) -> None:
        message = [Message("user", "何时")]
        said[n] = "".join(model.stream(message))

    with serving(script) as server:
        model = generator(server)
        said: dict[int, str] = {}
        threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == dict.fromkeys(range(6), "何时" * 3)


def test_the_only_model_is_taken_and_its_context_asked() -> None:
    with serving(lambda x, _: x.say("好。")) as server:
        server.models = {"object": "list", "data": [{"id": "solo", "max_model_len": 12345}]}
        model = made(server.url, None)
        assert model.name == "solo"
        assert model.context == 12345
        server.models = {"object": "list", "data": [{"id": "a"}, {"id": "b"}]}
        with pytest.raises(SettingsError, match="a, b"):
            _ = made(server.url, None).name


@pytest.mark.parametrize("address", ["", "localhost:8000", "ftp://x/v1", "http://"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(SettingsError, match="address"):
        OpenAIGenerator(address)


def test_tokens_are_rather_over_than_underestimated() -> None:
    assert estimated_tokens("柳林河治理") == 5
    assert estimated_tokens("a" * 30) == 10
    assert estimated_tokens("") == 0


def test_the_fake_says_what_it_is_told() -> None:
    reply: Callable[..., str] = lambda messages: messages[-1].content + "好。"  # noqa: E731
    fake = FakeGenerator(reply, piece=2)
    assert isinstance(fake, Generator)
    assert list(fake.stream([Message("user", "问")])) == ["问好", "。"]
    assert fake.heard == [(Message("user", "问"),)]
    with pytest.raises(AnswerCutOff):
        list(FakeGenerator("半", error=AnswerCutOff("x")).stream([]))


def test_a_request_that_another_thread_closed_has_a_name() -> None:
    with serving(lambda x, _: x.say("好。")) as server:
        asking = generator(server)
        assert "".join(asking.stream(ASK)) == "好。"
        taken = asking._client  # as a request has it that is about to be sent
        assert taken is not None
        asking.close()
        asking._client = taken
        with pytest.raises(GenerationError, match="the connection broke"):
            list(asking.stream(ASK))
