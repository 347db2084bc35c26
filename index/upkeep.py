"""Looking after a library: is every file of it whole, mending it, making it small."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index import folder as folder_of
from index import stamps, vectors
from index.derived import DerivedIndexes
from index.errors import LibraryDamaged
from index.keywords import damaged_files
from index.store import Store
from index.store import upkeep as truth


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file of the library; ``source``: the file of the user's that it is
    about, which would have to be added again."""

    file: str
    what: str
    source: str | None = None

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Repair:
    """What mending did: the problems that were found, and sources that have to be added again."""

    problems: tuple[Problem, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes on disk before and after. ``clean``: nothing that was removed is left in any file;
    it may be while another process reads (compact again later)."""

    before: int
    after: int
    clean: bool


def check(store: Store, indexes: DerivedIndexes, folder: Path) -> list[Problem]:
    """Every problem of a library's files, read from end to end; empty when all is as written."""
    problems = [Problem(store.path.name, f.what, f.source) for f in truth.verify(store)]
    return [*problems, *_of_indexes(store, indexes, folder)]


def _of_indexes(store: Store, indexes: DerivedIndexes, folder: Path) -> Iterator[Problem]:
    stamp = stamps.read(folder / "keywords.json")
    place = folder / stamp["folder"] if stamp else None
    if place is not None and place.is_dir():
        for name in damaged_files(place):
            yield Problem(f"{place.name}/{name}", "is not as it was written")
    if vectors.saved_revision(folder) and not vectors.is_intact(folder):
        yield Problem("vectors.json", "does not fit the file that it names")
    revision, (_, _, held) = store.revision, store.counts()
    for name, (count, at) in indexes.sizes().items():
        if at == revision and count != held:
            yield Problem(name, f"has {count} passages, the library {held}")


def repair(store: Store, indexes: DerivedIndexes, folder: Path) -> Repair:
    """For the writer: mend what ``check`` finds. What of the truth is damaged is taken out."""
    problems = check(store, indexes, folder)
    lost = sorted({p.source for p in problems if p.source})
    for source in lost:
        store.remove_source(source)
    if any(p.file == store.path.name for p in problems):
        truth.recount(store)
    if problems:
        indexes.renew()
    left = list(truth.verify(store))
    if left:
        raise LibraryDamaged(
            f"{store.path}: {left[0].what}, and it cannot be mended in place. Run it again: "
            "youju check --repair saves what can be read in a new file."
        )
    return Repair(tuple(problems), tuple(lost))


def salvage(folder: Path) -> Repair:
    """For the writer, when the truth cannot even be opened: a new file of what can be read."""
    file = folder / folder_of.TRUTH
    saved, lost = truth.salvage(file)
    what = f"damaged; {saved} files saved, the damaged one is kept as {file.name}.damaged"
    return Repair((Problem(file.name, what),), tuple(lost))


def compact(store: Store, indexes: DerivedIndexes, folder: Path) -> Compacted:
    """For the writer: write every file anew, without what was removed."""
    before = folder_of.size(folder)
    if indexes.holds_removed:
        indexes.renew()
    for part in folder.glob("*.part"):  # of a writer that was cut off
        part.unlink(missing_ok=True)
    clean = truth.compact(store)
    return Compacted(before, folder_of.size(folder), clean)


def forget_upload(folder: Path, source: str) -> None:
    """Delete the copy of a removed file that the page keeps in the library's folder."""
    path = Path(source)
    if path.is_relative_to(folder / folder_of.UPLOADS):
        with suppress(OSError):
            path.unlink()
