"""``youju users``: who may log in to the chat page."""

from __future__ import annotations

from pathlib import Path

import click

_file = click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="The file of users; give it to `youju serve --users` too.",
)


@click.group()
def users() -> None:
    """Say who may log in to the chat page."""


@users.command()
@click.argument("name")
@_file
@click.option("--reader", is_flag=True, help="May ask, but not change the libraries.")
@click.password_option(help="Asked for when it is not given.")
def add(name: str, path: Path, reader: bool, password: str) -> None:
    """Add a user, or give one another password."""
    from qa.users import put_user

    put_user(path, name, "reader" if reader else "editor", password)
    click.echo(f"{name}: may log in ({'reader' if reader else 'editor'})")


@users.command()
@click.argument("name")
@_file
def remove(name: str, path: Path) -> None:
    """Take a user out; they are out at once."""
    from qa.users import drop_user

    if not drop_user(path, name):
        raise click.ClickException(f"{name}: there is no such user in {path}.")
    click.echo(f"{name}: may not log in any more")


@users.command("list")
@_file
def list_users(path: Path) -> None:
    """List the users with their roles."""
    from qa.users import read_users

    for user in read_users(path).values():
        click.echo(f"{user.name}\t{user.role}")
