"""What the commands share: options, opening the library, printing JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from index.library import Library

library_option = click.option(
    "--library",
    "-l",
    type=click.Path(path_type=Path),
    help="The library's folder. Default: $YOUJU_LIBRARY, else a folder for your user.",
)
llm_option = click.option(
    "--llm/--no-llm",
    default=None,
    help="Let the language model that is set write the answer, or not. Default: if one is set.",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Put evidence in place of what a model writes without support."
)
caution_option = click.option(
    "--caution",
    type=click.Choice(["cautious", "balanced", "bold"]),
    default="balanced",
    show_default=True,
    help="How much evidence an answer takes.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def opened(path: Path | None, create: bool = False, model: str | None = None) -> Iterator[Library]:
    """The library of a ``--library`` option, closed in the end."""
    from index.library import Library
    from qa.settings import Settings

    settings = Settings.read(path, model)
    encoder = None
    if create and settings.model:
        from index.encoder import load_encoder

        encoder = load_encoder(settings.model)
    with Library.open(
        settings.library, encoder=encoder, create=create, reranking=settings.reranking()
    ) as library:
        yield library


def print_json(value: object) -> None:
    """Print a value as JSON that people can read."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
