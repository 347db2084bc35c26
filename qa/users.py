"""Who may use the page: a file of names, roles and password hashes (argon2id), one a line.

    # name  role    hash
    景静    editor  $argon2id$v=19$m=65536,t=3,p=4$…
    访客    reader  $argon2id$…

An ``editor`` may change the libraries, a ``reader`` only asks. ``youju users`` writes the file.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from index.errors import SettingsError

Role = Literal["editor", "reader"]
SHORTEST = 8
"""Characters of the shortest password."""
_NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in."""

    name: str
    role: Role
    hash: str

    @property
    def writes(self) -> bool:
        """Whether they may change the libraries."""
        return self.role == "editor"


class Users:
    """The users of a file, read again when it changes, so that nothing has to be restarted."""

    def __init__(self, path: Path) -> None:
        """Raises SettingsError when the file cannot be read or a line is not as it should be."""
        self._path = path
        self._lock = threading.Lock()
        self._stamp, self._users = _stamp(path), read_users(path)

    def find(self, name: str) -> User | None:
        """A user by name, as the file stands now; a file that went bad keeps nobody out or in."""
        stamp = _stamp(self._path)
        with self._lock:
            if stamp != self._stamp:
                self._stamp, self._users = stamp, read_users(self._path)
            return self._users.get(name)

    def check(self, name: str, password: str) -> User | None:
        """The user whose password this is; it takes as long whether or not there is such a user."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        user = self.find(name)
        try:
            PasswordHasher().verify(user.hash if user else _nobody(), password)
        except (VerificationError, InvalidHashError):
            return None
        return user


@cache
def _nobody() -> str:
    """A hash that is nobody's: checking a password against it takes as long as any other."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(secrets.token_hex(16))


def read_users(path: Path) -> dict[str, User]:
    """The users of a file by name. Raises SettingsError that names the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the users cannot be read ({error}).") from error
    found: dict[str, User] = {}
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        if len(parts) != 3 or parts[1] not in get_args(Role) or not parts[2].startswith("$argon2"):
            raise SettingsError(
                f"{path}, line {number}: not “name role hash”. Write it with: youju users add NAME"
            )
        found[parts[0]] = User(parts[0], cast("Role", parts[1]), parts[2])
    return found


def put_user(path: Path, name: str, role: Role, password: str) -> None:
    """Add a user, or give one another role and password. Raises SettingsError for a bad name or
    a short password."""
    from argon2 import PasswordHasher

    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r}: a user's name is 1–64 letters, digits or . @ - _")
    if len(password) < SHORTEST:
        raise SettingsError(f"The password needs at least {SHORTEST} characters.")
    users = read_users(path) if path.exists() else {}
    users[name] = User(name, role, PasswordHasher().hash(password))
    _write(path, users.values())


def drop_user(path: Path, name: str) -> bool:
    """Take a user out; false when there is none of that name."""
    users = read_users(path)
    if users.pop(name, None) is None:
        return False
    _write(path, users.values())
    return True


def _write(path: Path, users: Iterable[User]) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    lines = "".join(f"{u.name}\t{u.role}\t{u.hash}\n" for u in users)
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write("# name\trole\thash\n" + lines)
    draft.replace(path)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
