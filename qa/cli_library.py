"""The commands that look after a library: ``youju check | compact | export | import | migrate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import LibraryDamaged
from qa.cli_shared import json_option, library_option, opened, print_json

if TYPE_CHECKING:
    from index.upkeep import Repair


@click.command()
@library_option
@click.option("--repair", is_flag=True, help="Mend what is wrong.")
@json_option
def check(library: Path | None, repair: bool, as_json: bool) -> None:
    """Read the library's files from end to end and say what is wrong with them.

    Exit status 1 if something is, and was not mended.
    """
    if repair:
        done = _repair(library)
        _say_repaired(done, as_json)
        sys.exit(0)
    with opened(library) as shelf:
        problems = shelf.check()
    if as_json:
        print_json({"problems": [str(p) for p in problems]})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo("Mend it with: youju check --repair" if problems else "nothing is wrong")
    sys.exit(1 if problems else 0)


@click.command()
@library_option
def compact(library: Path | None) -> None:
    """Write the library's files anew, without anything of what was removed."""
    with opened(library) as shelf:
        done = shelf.compact()
    click.echo(f"{done.before / 1e6:,.1f} MB before, {done.after / 1e6:,.1f} MB now")
    if not done.clean:
        click.echo(
            "Another process is reading: something of what was removed may be left in "
            "library.sqlite-wal. Run it again when that process has ended.",
            err=True,
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@library_option
def export(file: Path, library: Path | None) -> None:
    """Write a copy of the library to one file, while it is in use."""
    with opened(library) as shelf:
        size = shelf.export(file)
        click.echo(f"{file}: {len(shelf):,} articles, {size / 1e6:,.1f} MB")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@library_option
def import_(file: Path, library: Path | None) -> None:
    """Make a library of a copy that ``youju export`` wrote."""
    from index.transfer import import_ as make
    from qa.settings import Settings

    folder = Settings.read(library).library.expanduser().resolve()
    make(file, folder)
    with opened(folder) as shelf:
        shelf.prepare()
        click.echo(f"{len(shelf):,} articles in {shelf.folder}")


@click.command()
@click.option(
    "--model",
    help="A sentence-transformers name or folder. Default: the model in the package.",
)
@library_option
def migrate(model: str | None, library: Path | None) -> None:
    """Embed the library anew by another model. The old one serves until that is done.

    What is broken off goes on where it stopped when the command is given again.
    """
    from index.encoder import load_encoder
    from qa.terminal import progress_bar

    with opened(library) as shelf:
        encoder = load_encoder(model)
        try:
            with progress_bar() as progress:
                done = shelf.migrate(encoder, progress)
        except KeyboardInterrupt:
            click.echo("Interrupted. To go on, give the same command again.", err=True)
            sys.exit(130)
        click.echo(f"{done:,} passages embedded by {encoder.name}")


def _repair(library: Path | None) -> Repair:
    from index import upkeep
    from index.folder import writing
    from qa.settings import Settings

    try:
        with opened(library) as shelf:
            return shelf.repair()
    except LibraryDamaged:
        folder = Settings.read(library).library.expanduser().resolve()
        with writing(folder, patience=0):
            done = upkeep.salvage(folder)
    with opened(library) as shelf:
        shelf.prepare()
    return done


def _say_repaired(done: Repair, as_json: bool) -> None:
    if as_json:
        print_json({"problems": [str(p) for p in done.problems], "add_again": list(done.lost)})
        return
    for problem in done.problems:
        click.echo(f"mended: {problem}")
    if not done.problems:
        click.echo("nothing is wrong")
    for source in done.lost:
        click.echo(f"damaged and taken out, add it again: {source}", err=True)
