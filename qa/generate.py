"""Language models: any OpenAI-compatible server, streamed; the only room of its client.

A generator gives the pieces of one answer as they come, and raises a ``GenerationError`` when the
answer is not whole: what came before it is then worth nothing. The client runs in an event loop
of its own, so that a request can be dropped at any moment, in whatever it is waiting.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

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
from qa.generator import Message, estimated_tokens

CONTEXT = 4096
"""Tokens that prompt and answer may take together where neither the user nor the server says."""
LONGEST = 8_000
"""Characters after which an answer is taken to have run away."""
_TICK = 0.05  # seconds between two looks at whether to stop
_ROOM = 256  # tokens left over, since tokens are estimated


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a server may take: to connect, to the first sign, between signs, in all."""

    connect: float = 5.0
    first: float = 60.0
    between: float = 30.0
    whole: float = 300.0


class ContextTooSmall(ServerRefused):
    """The prompt is longer than the model's context."""


class OpenAIGenerator:
    """A model on an OpenAI-compatible server. Safe to use from several threads.

    ``model`` None takes the server's only one. ``retries`` are for a server that is busy or cannot
    be reached, with waits that double (the client's own, which heeds Retry-After). The key goes to
    that server and nowhere else, and into no message.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        *,
        api_key: str | None = None,
        context: int | None = None,
        patience: Patience | None = None,
        retries: int = 2,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise SettingsError(
                f"The language model's address {base_url!r} is none. Give the server's base URL, "
                "such as http://127.0.0.1:11434/v1."
            )
        self.base_url = base_url
        self._model, self._context = model, context
        self._key, self._retries = api_key, retries
        self._patience = patience or Patience()
        self._client: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name; asked of the server where none was given."""
        if self._model is None:
            names = self.models()
            if len(names) != 1:
                raise SettingsError(
                    f"{self.base_url} has {len(names)} models"
                    + (f": {', '.join(names[:20])}" if names else "")
                    + ". Say which one: YOUJU_LLM_MODEL."
                )
            self._model = names[0]
        return self._model

    @property
    def context(self) -> int:
        """Tokens for prompt and answer: as given, else as the server says, else ``CONTEXT``.

        Raises GenerationError when no server answers.
        """
        if self._context is None:
            try:
                entries = self._entries()
            except (ServerUnreachable, ServerTooSlow):
                raise
            except GenerationError:  # not every server has a list of its models
                entries = []
            said = [_context_of(e) for e in entries if e.get("id") == self._model]
            self._context = next((n for n in said if n), CONTEXT)
        return self._context

    def count(self, text: str) -> int:
        """An estimate that is rather too high."""
        return estimated_tokens(text)

    def models(self) -> list[str]:
        """The names of the server's models. Raises GenerationError when it does not say."""
        return [str(e["id"]) for e in self._entries() if e.get("id")]

    def stream(
        self, messages: Sequence[Message], stop: threading.Event | None = None
    ) -> Iterator[str]:
        """See ``Generator.stream``."""
        room = self.context - _ROOM - sum(self.count(m.content) for m in messages)
        pieces: SimpleQueue[str | GenerationError | None] = SimpleQueue()
        name = self.name
        job = asyncio.run_coroutine_threadsafe(
            self._feed(name, messages, max(room, _ROOM), pieces.put), _loop()
        )
        length = 0
        try:
            while not (stop and stop.is_set()):
                try:
                    piece = pieces.get(timeout=_TICK)
                except Empty:
                    if job.done() and pieces.empty():
                        job.result()  # raises what has no name of ours
                        return
                    continue
                if piece is None:
                    return
                if isinstance(piece, GenerationError):
                    raise piece
                length += len(piece)
                if length > LONGEST:
                    raise AnswerUnusable(f"{name} did not come to an end.")
                yield piece
        finally:
            job.cancel()

    def close(self) -> None:
        """Close the connections to the server; the next request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            asyncio.run_coroutine_threadsafe(client.close(), _loop()).result()

    async def _feed(
        self,
        name: str,
        messages: Sequence[Message],
        room: int,
        put: Callable[[str | GenerationError | None], None],
    ) -> None:
        """Put the pieces, then None or what went wrong."""
        try:
            with self._named_errors():
                async with asyncio.timeout(self._patience.whole):
                    async for piece in self._pieces(name, messages, room):
                        put(piece)
            put(None)
        except GenerationError as error:
            put(error)

    async def _pieces(
        self, name: str, messages: Sequence[Message], room: int
    ) -> AsyncIterator[str]:
        asked = {
            "model": name,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "stream": True,
        }
        stream = await self._open(asked, {"temperature": 0.0, "max_tokens": room})
        ended, came = "", False
        patience = self._patience.first
        try:
            while True:
                with _NamedErrors(self.base_url, begun=True):
                    async with asyncio.timeout(patience):
                        chunk = await anext(stream, None)
                if chunk is None:
                    break
                came, patience = True, self._patience.between
                for choice in getattr(chunk, "choices", None) or ():
                    ended = choice.finish_reason or ended
                    if choice.delta is not None and choice.delta.content:
                        yield choice.delta.content
        finally:
            await stream.close()
        if not came:
            raise AnswerUnusable(
                f"{self.base_url} sent what is no answer. Is it an OpenAI-compatible server?"
            )
        if not ended:
            raise AnswerCutOff(f"{self.base_url} broke off in the middle of the answer.")
        if ended in ("length", "content_filter"):
            raise AnswerCutOff(f"{name} did not finish its answer ({ended}).")

    async def _open(self, asked: dict[str, Any], wished: dict[str, Any]) -> Any:
        """The stream; asked again without what we only wish for if the server will not have it."""
        import openai

        create = self._connection().chat.completions.create
        async with asyncio.timeout(self._patience.first):
            try:
                return await create(**asked, **wished)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not any(word in str(error) for word in wished):
                    raise
            return await create(**asked)

    def _entries(self) -> list[dict[str, Any]]:
        """What the server says about its models."""

        async def ask() -> list[dict[str, Any]]:
            async with asyncio.timeout(self._patience.connect * 2):
                page = await self._connection().models.list()
            return [m.model_dump() for m in page.data or ()]

        with self._named_errors():
            return asyncio.run_coroutine_threadsafe(ask(), _loop()).result()

    def _connection(self) -> Any:
        with self._lock:
            if self._client is None:
                import openai

                here = urlsplit(self.base_url).hostname in ("127.0.0.1", "localhost", "::1")
                p = self._patience
                self._client = openai.AsyncOpenAI(
                    base_url=self.base_url,
                    api_key=self._key or "none",  # the client wants one; local servers do not
                    timeout=openai.Timeout(p.first, connect=p.connect),
                    max_retries=self._retries,
                    # A proxy of the network has no business with a server on this machine.
                    http_client=openai.DefaultAsyncHttpxClient(trust_env=not here),
                )
            return self._client

    def _named_errors(self) -> _NamedErrors:
        return _NamedErrors(self.base_url)


class _NamedErrors:
    """Turns what the client raises into our errors, with the server's address and the mend."""

    def __init__(self, address: str, begun: bool = False) -> None:
        self._at, self._begun = address, begun

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (GenerationError, SettingsError)) or error is None:
            return
        named = self._named(error)
        if named is not None:
            raise named from error

    def _named(self, error: BaseException) -> GenerationError | None:
        import openai

        at = self._at
        if isinstance(error, (TimeoutError, openai.APITimeoutError)):
            return ServerTooSlow(f"{at} took too long. Try a smaller model or a faster server.")
        if self._begun and isinstance(error, (openai.APIError, _transport_error(), OSError)):
            return AnswerCutOff(f"{at} broke off in the middle of the answer.")
        if isinstance(error, openai.APIConnectionError):
            return ServerUnreachable(
                f"{at}: no server answers there. Start it, or mend the address."
            )
        if isinstance(error, openai.RateLimitError):
            return ServerBusy(f"{at} has no room for the request now. Try again later.")
        if isinstance(error, openai.APIStatusError):
            said = _said(error)
            if error.status_code >= 500:
                return ServerBusy(f"{at} failed at the request ({error.status_code}: {said}).")
            if "context" in said.lower() or "too long" in said.lower():
                return ContextTooSmall(f"{at}: the prompt is longer than the model takes ({said}).")
            mend = {
                401: "Set the key: YOUJU_LLM_API_KEY.",
                403: "Set a key that may use the model: YOUJU_LLM_API_KEY.",
                404: "Mend the address (most end in /v1) or the model's name.",
            }.get(error.status_code, "See the server's log.")
            return ServerRefused(f"{at} refused ({error.status_code}: {said}). {mend}")
        # Closed by ``close`` in the middle, as another model was chosen.
        closed = isinstance(error, RuntimeError) and "closed" in str(error)
        if closed or isinstance(error, (_transport_error(), OSError)):
            return ServerUnreachable(f"{at}: the connection broke ({error}).")
        # An address that is no such server sends pages, and a broken one lines that are no JSON.
        if isinstance(error, (openai.OpenAIError, ValueError, AttributeError, TypeError)):
            return AnswerUnusable(
                f"{at} sent what is no answer. Is it an OpenAI-compatible server?"
            )
        return None


def _said(error: Any) -> str:
    """The server's own words about an error, one short line of them."""
    body = error.body
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail") or body
    return " ".join(str(body or error.message).split())[:200]


def _context_of(entry: dict[str, Any]) -> int:
    """The context of a model as vLLM, llama.cpp and others tell it; 0 where it is not told."""
    meta = entry.get("meta")
    said = [
        entry.get("max_model_len"),
        entry.get("context_length"),
        entry.get("max_context_length"),
    ]
    said += [meta.get("n_ctx"), meta.get("n_ctx_train")] if isinstance(meta, dict) else []
    return next((n for n in said if isinstance(n, int) and n > 0), 0)


@lru_cache(maxsize=1)
def _transport_error() -> type[BaseException]:
    """What the client's HTTP library raises; which library that is depends on its version."""
    import openai

    for base in openai.DefaultAsyncHttpxClient.__mro__:
        library = base.__module__.partition(".")[0]
        if library not in ("openai", "builtins"):
            error: type[BaseException] = sys.modules[library].HTTPError
            return error
    return OSError


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests, in a thread that ends with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="youju-llm", daemon=True).start()
    return loop
