"""The command line: ``youju add | ask | chat | serve | status | remove | eval``, and
those of ``cli_library`` and ``cli_users``.

Exit status: 0 done (for ``ask``: answered), 1 an error, 2 no evidence (for ``ask``), or, as usual,
2 for a command line that cannot be understood.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import YoujuError
from qa.cli_doctor import doctor
from qa.cli_library import check, compact, export, import_, migrate
from qa.cli_shared import (
    caution_option,
    json_option,
    library_option,
    llm_option,
    opened,
    print_json,
    strict_option,
)
from qa.cli_users import users as users_commands

if TYPE_CHECKING:
    from qa.options import Caution

_model_option = click.option(
    "--model", help="Embedding model for a new library: a sentence-transformers name or folder."
)


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


@click.group(name="youju")
def app() -> None:
    """Youju 有据: answers from your own documents, with evidence for every sentence."""


@app.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--watch", is_flag=True, help="Then follow the folders' changes until Ctrl-C.")
@click.option(
    "--column",
    metavar="ROLE=NAME",
    multiple=True,
    help="Which column of tables is the title, text, date, url, byline or section.",
)
@click.option("--name", help="What to call standard input (-); its ending says what it is.")
@library_option
@_model_option
@json_option
def add(
    paths: tuple[str, ...],
    watch: bool,
    column: tuple[str, ...],
    name: str | None,
    library: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Read files and folders into the library; - is standard input.

    Exit status 1 if any file failed; the others are in. JSON is one object a line for each file.
    """
    from qa import intake
    from qa.terminal import add_with_progress, print_added, say_added

    say = print_added if as_json else say_added
    columns = intake.columns_of(column)
    files = [path for path in paths if path != intake.INPUT]
    with opened(library, create=True, model=model) as shelf:
        try:
            failed = False
            if len(files) < len(paths):
                failed = say(intake.add_input(shelf, name, columns))
            failed |= say(add_with_progress(shelf, files, columns))
            if watch and files:
                click.echo(f"{len(shelf)} articles in {shelf.folder}", err=as_json)
                intake.follow(shelf, files, columns, say)
        except KeyboardInterrupt:
            click.echo(f"{len(shelf)} articles in {shelf.folder}", err=as_json)
            print(
                "Interrupted. What was finished is kept; to go on, give the same command again.",
                file=sys.stderr,
            )
            sys.exit(130)
        click.echo(f"{len(shelf)} articles in {shelf.folder}", err=as_json)
    sys.exit(1 if failed else 0)


@app.command()
@click.argument("question")
@library_option
@caution_option
@llm_option
@strict_option
@json_option
def ask(
    question: str,
    library: Path | None,
    caution: Caution,
    llm: bool | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Answer one question.

    Exit status 0 answered, 2 no evidence, 1 error.
    """
    with _uncollected():
        from qa.assistant import Assistant
        from qa.options import ANSWER_FROM
        from qa.terminal import show_answer
        from qa.types import Status

        with opened(library) as shelf:
            assistant = Assistant(shelf, ANSWER_FROM[caution], **_writing(llm), strict=strict)
            answer = assistant.ask(_readable(question))
            if assistant.generator is not None:
                assistant.generator.close()
        if as_json:
            print_json(answer.to_dict())
        else:
            show_answer(answer)
        sys.exit(2 if answer.status is Status.NO_EVIDENCE else 0)


@app.command()
@library_option
@caution_option
@llm_option
@strict_option
def chat(library: Path | None, caution: Caution, llm: bool | None, strict: bool) -> None:
    """Talk in the terminal; questions may lean on those before.

    An empty line or Ctrl-D ends it.
    """
    from qa.assistant import Assistant
    from qa.options import ANSWER_FROM
    from qa.terminal import show_answer

    with opened(library) as shelf:
        talk = Assistant(shelf, ANSWER_FROM[caution], **_writing(llm), strict=strict).chat()
        while True:
            try:
                question = input("? ").strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return
            if not question:
                return
            answer = talk.ask(question)
            if answer.rewritten:
                print(f"({answer.resolved})")
            show_answer(answer)
            print()


@app.command()
@library_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, help="Port to listen on.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open the page in a browser.")
@click.option(
    "--users",
    type=click.Path(path_type=Path),
    help="A file of people who may log in (`youju users`). Default: no log-in.",
)
@click.option(
    "--root-path", default="", help="The path under which a reverse proxy shows the page: /youju"
)
def serve(
    library: Path | None,
    host: str,
    port: int,
    open_browser: bool,
    users: Path | None,
    root_path: str,
) -> None:
    """Open the chat page."""
    from qa.page import serve as serve_page
    from qa.settings import Settings

    folder = Settings.read(library).library
    serve_page(folder, host, port, open_browser, users=users, root_path=root_path)


@app.command()
@library_option
@json_option
def status(library: Path | None, as_json: bool) -> None:
    """Say what the library holds."""
    with opened(library) as shelf:
        facts = shelf.status()
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        shown = f"{value:,}" if isinstance(value, int) else value
        print(f"{name + ':':<12} {shown}")


@app.command()
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True)
@library_option
def remove(sources: tuple[str, ...], library: Path | None) -> None:
    """Forget files and all their articles.

    Exit status 1 if one was not in the library.
    """
    from qa.terminal import nearest_source

    missing = False
    with opened(library) as shelf:
        for source in sources:
            gone = shelf.remove([source])
            if gone:
                print(f"{source}: {gone} articles removed")
            else:
                missing = True
                print(
                    f"youju: {source}: not in the library. Give {nearest_source(source, shelf)}.",
                    file=sys.stderr,
                )
    sys.exit(1 if missing else 0)


@app.command("eval")
@click.option(
    "--exam", type=click.Path(path_type=Path), help="Questions with known answers, JSON lines."
)
@click.option(
    "--follow-ups",
    type=click.Path(path_type=Path),
    help="Talks whose last question leans on those before it, JSON lines.",
)
@library_option
@click.option(
    "--documents", multiple=True, help="Ask over these files, in a library made for this run."
)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Passages with ids, JSON lines: asked over in a library made for this run.",
)
@click.option(
    "--questions",
    type=click.Path(path_type=Path),
    help="Questions on the corpus with their passages' ids, JSON lines.",
)
@click.option(
    "--unanswerable",
    type=click.Path(path_type=Path),
    help="Questions that the corpus does not answer, JSON lines.",
)
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "dense", "keyword", "all"]),
    default="hybrid",
    show_default=True,
    help="Which search to measure.",
)
@click.option(
    "--reranker",
    metavar="light|none|NAME",
    help="How hybrid search orders its best: light (default), none, or a cross-encoder's name.",
)
@click.option("--body-only", is_flag=True, help="Leave the titles of the corpus out.")
@caution_option
@_model_option
@json_option
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Write the report to a file too: Markdown, or JSON if its name ends in .json.",
)
@click.option(
    "--fail-under",
    metavar="METRIC=VALUE",
    multiple=True,
    help="Exit status 1 when a figure is lower: right=14, RR@10=0.8, refusal_rate=0.9 …",
)
def evaluate(**options: Any) -> None:
    """Measure: an exam's questions, follow-ups, or retrieval and answers on a corpus.

    Says which questions went right, which wrong, and why; or how well follow-ups are found with and
    without the talk before them; or recall, MRR and nDCG with 95 % intervals, and how answers,
    citations and refusals did.
    """
    from qa.evaluation import evaluate as run

    sys.exit(run(**options))


def _writing(llm: bool | None) -> dict[str, Any]:
    from qa.settings import Settings

    settings = Settings.read()
    generator = settings.generator(llm)
    return {"generator": generator, "entailment": settings.entailment() if generator else None}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: a process that answers one question ends before there is any
    to speak of, and looking for it is a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _readable(argument: str) -> str:
    """An argument without the bytes that are no text in the terminal's encoding."""
    return argument.encode("utf-8", "replace").decode("utf-8")


for command in (check, compact, export, import_, migrate, doctor, users_commands):
    app.add_command(command)


if __name__ == "__main__":
    main()
