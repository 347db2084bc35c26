"""The command line: ``youju add | ask | chat | serve | status | remove | eval``.

Exit status: 0 done (for ``ask``: answered), 1 an error, 2 no evidence (for ``ask``), or, as usual,
2 for a command line that cannot be understood.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import YoujuError

if TYPE_CHECKING:
    from index.library import Library
    from index.types import AddReport
    from qa.types import Answer

app = typer.Typer(
    name="youju",
    help="Youju 有据: answers from your own documents, with evidence for every sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-l",
        help="The library's folder. Default: $YOUJU_LIBRARY, else a folder for your user.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Embedding model for a new library: a sentence-transformers name or folder.",
        show_default=False,
    ),
]


def main() -> None:
    """Run the command line; errors that we know become one line and exit status 1."""
    # What a terminal cannot show, or sends by mistake, is no reason to fail.
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    try:
        app()
    except YoujuError as error:
        print(f"youju: {error}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files and folders.")],
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """Read files and folders into the library. Exit status 1 if any file failed; the others are in."""
    with _library(library, create=True, model=model) as shelf:
        report = _add_with_progress(shelf, paths)
        print(f"{len(shelf)} articles in {shelf.folder}")
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer one question. Exit status 0 answered, 2 no evidence, 1 error."""
    from qa.assistant import Assistant
    from qa.types import Status

    with _library(library) as shelf:
        answer = Assistant(shelf).ask(_readable(question))
    if as_json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        _show(answer)
    raise typer.Exit(2 if answer.status is Status.NO_EVIDENCE else 0)


@app.command()
def chat(library: LibraryOption = None) -> None:
    """Talk in the terminal; questions may lean on those before. An empty line or Ctrl-D ends it."""
    from qa.assistant import Assistant

    with _library(library) as shelf:
        talk = Assistant(shelf).chat()
        while True:
            try:
                question = input("? ").strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return
            if not question:
                return
            answer = talk.ask(question)
            if answer.resolved != question:
                print(f"({answer.resolved})")
            _show(answer)
            print()


@app.command()
def serve(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 7860,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = False,
) -> None:
    """Open the chat page."""
    from qa.page import serve as serve_page
    from qa.settings import Settings

    serve_page(Settings.read(library).library, host=host, port=port, open_browser=open_browser)


@app.command()
def status(
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what the library holds."""
    with _library(library) as shelf:
        facts = shelf.status()
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for name, value in facts.items():
        print(f"{name + ':':<12} {value}")


@app.command()
def remove(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="Files, as added.")],
    library: LibraryOption = None,
) -> None:
    """Forget files and all their articles. Exit status 1 if one was not in the library."""
    missing = False
    with _library(library) as shelf:
        for source in sources:
            gone = shelf.remove([source])
            if gone:
                print(f"{source}: {gone} articles removed")
            else:
                missing = True
                print(
                    f"youju: {source}: not in the library. Give {_nearest(source, shelf)}.",
                    file=sys.stderr,
                )
    raise typer.Exit(1 if missing else 0)


@app.command("eval")
def evaluate(
    exam: Annotated[Path, typer.Option(help="Questions with known answers, JSON lines.")],
    library: LibraryOption = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(help="Ask over these files, in a library made for this run."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    at_least: Annotated[
        int | None, typer.Option(help="Exit status 1 when fewer questions are right.")
    ] = None,
) -> None:
    """Ask an exam's questions and say which went right, which wrong, and why."""
    import tempfile

    from index.library import Library
    from qa.assistant import Assistant
    from qa.evaluate import read_exam, run_exam

    questions = read_exam(exam)
    with tempfile.TemporaryDirectory() as folder:
        if documents:
            with Library.open(folder) as shelf:
                _say_failed(shelf.add(documents))
                report = run_exam(questions, Assistant(shelf))
        else:
            with _library(library) as shelf:
                report = run_exam(questions, Assistant(shelf))
    print(
        json.dumps(report.to_dict(), ensure_ascii=False, indent=2)
        if as_json
        else report.to_markdown()
    )
    raise typer.Exit(1 if at_least is not None and report.right < at_least else 0)


def _readable(argument: str) -> str:
    """An argument without the bytes that are no text in the terminal's encoding."""
    return argument.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _library(
    path: Path | None, create: bool = False, model: str | None = None
) -> Iterator[Library]:
    from index.library import Library
    from qa.settings import Settings

    settings = Settings.read(path, model)
    encoder = None
    if create and settings.model:
        from index.encoder import load_encoder

        encoder = load_encoder(settings.model)
    with Library.open(settings.library, encoder=encoder, create=create) as library:
        yield library


def _add_with_progress(library: Library, paths: list[str]) -> AddReport:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # Progress goes to standard error, so that what is printed can be piped.
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, source: str) -> None:
            bar.update(task, completed=done, total=total, description=Path(source).name)

        report = library.add(paths, progress=show)
    for file in report.files:
        if file.outcome == "added":
            print(f"added {file.source}: {file.articles} articles, {file.passages} passages")
    unchanged = sum(f.outcome == "unchanged" for f in report.files)
    if unchanged:
        print(f"unchanged: {unchanged} files")
    _say_failed(report)
    return report


def _nearest(source: str, library: Library) -> str:
    """The file of a library that may have been meant."""
    import difflib

    known = library.sources()
    found = difflib.get_close_matches(source, known, 1, 0.5) or [
        k for k in known if Path(k).name == Path(source).name
    ]
    return found[0] if found else "the path of a file that was added"


def _say_failed(report: AddReport) -> None:
    for file in report.failed:
        print(f"failed: {file.error}", file=sys.stderr)


def _near(source: str) -> str:
    """A file as seen from here: relative when it lies below the current folder."""
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source


def _show(answer: Answer) -> None:
    """An answer for the terminal: bold where the answering span is, then its sources."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    text = Text(answer.text)
    at = 0
    for sentence in answer.sentences:
        at = answer.text.index(sentence.text, at)
        for start, end in sentence.highlights:
            text.stylize("bold", at + start, at + end)
        at += len(sentence.text)
    console.print(text)
    if answer.citations:
        console.print()
    for c in answer.citations:
        about = "  ".join(part for part in (c.published, c.byline) if part)
        console.print(Text(f"[{c.marker}] {c.title}  {about}".rstrip()))
        console.print(Text(f"    {_near(c.source)}:{c.lines}", style="dim"))


if __name__ == "__main__":
    main()
