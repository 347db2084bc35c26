"""The chat page: settings → library → assistant → page. ``make run`` runs it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from index.errors import YoujuError
from index.library import Library
from qa.page import serve
from qa.settings import LIBRARY_VARIABLE, Settings

SAMPLE = Path(__file__).resolve().parent / "examples" / "corpus"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=7860, show_default=True)
@click.option("--library", type=click.Path(path_type=Path))
@click.option("--open/--no-open", "open_browser", default=True)
def main(host: str, port: int, library: Path | None, open_browser: bool) -> None:
    """Open the chat page. Without a library of your own, the first start makes a sample one."""
    folder = Settings.read(library).library
    try:
        with Library.open(folder) as shelf:
            own = library is not None or LIBRARY_VARIABLE in os.environ
            if not own and shelf.revision == 0 and SAMPLE.is_dir():
                click.echo(f"First start: the sample articles go into {folder} ...")
                shelf.add([SAMPLE])
        serve(folder, host, port, open_browser)
    except YoujuError as error:
        sys.exit(f"youju: {error}")


if __name__ == "__main__":
    main()
