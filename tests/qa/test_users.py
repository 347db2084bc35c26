"""Who may log in: the file of users, and what a stranger can find out."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import SettingsError
from qa.cli import app
from qa.users import Users, drop_user, put_user, read_users


def test_users_are_kept_as_hashes(tmp_path: Path) -> None:
    path = tmp_path / "users"
    put_user(path, "景静", "editor", "correct horse")
    put_user(path, "guest", "reader", "battery staple")
    text = path.read_text(encoding="utf-8")
    assert "horse" not in text
    assert text.count("$argon2id$") == 2
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    users = Users(path)
    editor = users.check("景静", "correct horse")
    assert editor is not None
    assert editor.writes
    reader = users.check("guest", "battery staple")
    assert reader is not None
    assert not reader.writes
    assert users.check("guest", "correct horse") is None
    assert users.check("nobody", "battery staple") is None


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "users"
    put_user(path, "a", "reader", "long enough")
    users = Users(path)
    put_user(path, "a", "editor", "another one")
    found = users.check("a", "another one")
    assert found is not None
    assert found.writes
    assert users.check("a", "long enough") is None
    assert drop_user(path, "a")
    assert users.find("a") is None
    assert not drop_user(path, "a")


@pytest.mark.parametrize("name", ["", "a b", "a\tb", "x" * 65, "a/b", "<a>"])
def test_names_are_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="name"):
        put_user(tmp_path / "users", name, "reader", "long enough")


def test_short_passwords_are_turned_down(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="8 characters"):
        put_user(tmp_path / "users", "a", "reader", "short")
    assert not (tmp_path / "users").exists()


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text("# fine\n\na boss $argon2id$x\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 3"):
        read_users(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_users(tmp_path / "none")


def test_a_stranger_waits_as_long_as_a_user(tmp_path: Path) -> None:
    """How long a refusal takes says nothing about which names exist."""
    path = tmp_path / "users"
    put_user(path, "a", "reader", "long enough")
    users = Users(path)
    users.check("nobody", "x")  # the first one makes the hash that is nobody's

    def took(name: str) -> float:
        start = time.perf_counter()
        users.check(name, "wrong")
        return time.perf_counter() - start

    known, unknown = min(took("a") for _ in range(3)), min(took("b") for _ in range(3))
    assert unknown > known / 3


def test_the_command_line_writes_the_file(tmp_path: Path) -> None:
    path = str(tmp_path / "users")
    run = CliRunner().invoke
    password = ["--password", "long enough"]
    assert run(app, ["users", "add", "景静", "--file", path, *password]).exit_code == 0
    assert run(app, ["users", "add", "guest", "--reader", "--file", path, *password]).exit_code == 0
    assert run(app, ["users", "list", "--file", path]).output == "景静\teditor\nguest\treader\n"
    assert run(app, ["users", "remove", "guest", "--file", path]).exit_code == 0
    assert run(app, ["users", "remove", "guest", "--file", path]).exit_code == 1
    assert run(app, ["users", "list", "--file", path]).output == "景静\teditor\n"
