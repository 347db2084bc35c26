"""``youju doctor``: is all there that an answer needs, and if not, what is wrong?"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from index.errors import AnswerCutOff, LibraryNotFound, ServerRefused, YoujuError
from qa.cli_shared import json_option, library_option, print_json
from qa.settings import LLM_KEY_VARIABLES, LLM_MODEL_VARIABLE, LLM_URL_VARIABLE, Settings

if TYPE_CHECKING:
    from qa.generate import OpenAIGenerator

_KEY_HINT = f" The key is read from {' or '.join(LLM_KEY_VARIABLES)}."
_MOST_NAMES = 10  # models of a server that are named


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``good``, ``bad`` (it is set and does not work) or ``none``
    (it is not set, or there is none)."""

    subject: Literal["model", "library", "server", "local"]
    state: Literal["good", "bad", "none"]
    text: str


@click.command()
@library_option
@json_option
def doctor(library: Path | None, as_json: bool) -> None:
    """Say whether the model, the library and a language model's server are in order.

    Exit status 1 if something that is set does not work.
    """
    settings = Settings.read(library)
    findings = [_model(), _library(settings), *_server(settings)]
    if as_json:
        print_json([asdict(f) for f in findings])
    else:
        signs = {"good": "ok", "bad": "!!", "none": "--"}
        for finding in findings:
            click.echo(f"{signs[finding.state]}  {finding.subject:<8} {finding.text}")
    sys.exit(int(any(f.state == "bad" for f in findings)))


def _model() -> Finding:
    from index.encoder import load_encoder

    try:
        start = time.perf_counter()
        encoder = load_encoder()
        encoder.encode_queries(["有据"])
    except YoujuError as error:
        return Finding("model", "bad", str(error))
    took = (time.perf_counter() - start) * 1000
    return Finding("model", "good", f"{encoder.name}, ready in {took:.0f} ms")


def _library(settings: Settings) -> Finding:
    from index.library import Library

    try:
        with Library.open(
            settings.library, create=False, reranking=settings.reranking()
        ) as library:
            return Finding("library", "good", f"{len(library)} articles in {library.folder}")
    except LibraryNotFound as error:
        return Finding("library", "none", str(error))
    except YoujuError as error:
        return Finding("library", "bad", str(error))


def _server(settings: Settings) -> list[Finding]:
    """The language model that is set; where none is, those that could be."""
    try:
        generator = settings.generator()
    except YoujuError as error:
        return [Finding("server", "bad", str(error))]
    if generator is None:
        return [Finding("server", "none", "no language model is set; none is needed"), *_offers()]
    try:
        return _answering(generator)
    finally:
        generator.close()


def _answering(server: OpenAIGenerator) -> list[Finding]:
    from qa.generator import Message

    try:
        names = server.models()
    except YoujuError as error:
        hint = _KEY_HINT if isinstance(error, ServerRefused) else ""
        return [Finding("server", "bad", f"{error}{hint}")]
    listed = ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
    findings = [
        Finding("server", "good", f"{server.base_url} has: {listed or 'no list of models'}")
    ]
    try:
        start = time.perf_counter()
        first = 0.0
        for _ in server.stream([Message("user", "1+1=")]):
            first = first or time.perf_counter() - start
    except AnswerCutOff:
        pass  # it answers; how long is not asked here
    except YoujuError as error:
        return [*findings, Finding("server", "bad", str(error))]
    if not first:
        return [*findings, Finding("server", "bad", f"{server.name} answered nothing.")]
    text = f"{server.name} answers, first sign after {first * 1000:.0f} ms, context {server.context} tokens"
    return [*findings, Finding("server", "good", text)]


def _offers() -> list[Finding]:
    """What would have to be set to use a server that was found on this machine."""
    from qa.servers import find_local

    return [
        Finding(
            "local",
            "none",
            f"{found.program} on this machine; to use it: {LLM_URL_VARIABLE}={found.base_url} "
            f"{LLM_MODEL_VARIABLE}={found.models[0]}",
        )
        for found in find_local()
    ]
