"""Language models' servers on this machine: found on the ports that they usually have, never used unasked."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from index.errors import GenerationError

USUAL_PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""Where such programs listen unless told otherwise."""
_SOON = 1.0  # seconds that a server on this machine may take to answer


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answers as an OpenAI-compatible one, with the names of its models."""

    program: str
    base_url: str
    models: tuple[str, ...]


def find_local(ports: Iterable[int] = tuple(USUAL_PORTS)) -> list[Found]:
    """The servers that answer on these ports of this machine, in the order of the ports."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        return [found for found in pool.map(_ask, ports) if found is not None]


def _ask(port: int) -> Found | None:
    from qa.generate import OpenAIGenerator, Patience

    address = f"http://127.0.0.1:{port}/v1"
    patience = Patience(connect=_SOON / 2, first=_SOON, between=_SOON, whole=_SOON)
    server = OpenAIGenerator(address, patience=patience, retries=0)
    try:
        models = server.models()
    except GenerationError:
        return None
    finally:
        server.close()
    return Found(USUAL_PORTS.get(port, "?"), address, tuple(models)) if models else None
