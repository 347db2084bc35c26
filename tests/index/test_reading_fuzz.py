"""Every reader on damaged files: out comes a document or a named error, and nothing else."""

from __future__ import annotations

import os
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.articles import split_all
from index.errors import DocumentError
from index.readers import Found, read_bytes
from index.reading.dispatch import SUFFIXES
from tests.index.made_doc import doc_file
from tests.index.made_files import each_kind

# YOUJU_FUZZ=2000 tries as many files a test; a run of the whole suite tries some.
FEW = settings(
    max_examples=int(os.environ.get("YOUJU_FUZZ", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def sound() -> dict[str, bytes]:
    return each_kind() | {"a.doc": doc_file()}


def kinds() -> list[str]:
    return ["a.txt", "a.md", "a.html", "a.csv", "a.tsv", "a.jsonl", "a.json", "a.docx", "a.xlsx",
            "a.srt", "a.gz", "a.doc", "a.pptx", "a.rtf",
            "a.odt", "a.ods", "a.odp", "a.xls", "a.pdf", "a.eml", "a.epub", "a.zip"]  # fmt: skip


def read_or_error(data: bytes, name: str) -> Found | DocumentError:
    try:
        return read_bytes(data, name)
    except DocumentError as error:
        return error


def tried(data: bytes, name: str) -> None:
    """Read it: a document with articles in order, or an error that names the file and the mend."""
    found = read_or_error(data, name)
    if isinstance(found, DocumentError):
        assert str(found).startswith(name)
        assert found.cause
        assert found.mend.endswith(".")
        return
    assert found.documents
    assert all(str(f).startswith(name) for f in found.failures)
    for article in split_all(found.documents):
        assert all(0 <= h.start <= len(article.text) for h in article.headings)
        article.text.encode("utf-8")


@pytest.mark.parametrize("name", kinds())
def test_a_sound_file_of_each_kind_is_read(name: str) -> None:
    found = read_bytes(sound()[name], name)
    assert found.documents
    assert found.failures == ()
    assert any("3月5日" in d.text or "11月14日" in d.text for d in found.documents)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@FEW
@given(data=st.binary(max_size=600))
def test_random_bytes_under_any_name(suffix: str, data: bytes) -> None:
    tried(data, f"a{suffix}")


@pytest.mark.parametrize("name", kinds())
@FEW
@given(data=st.data())
def test_a_file_cut_off_anywhere(name: str, data: st.DataObject) -> None:
    whole = sound()[name]
    tried(whole[: data.draw(st.integers(0, len(whole)))], name)


@pytest.mark.parametrize("name", kinds())
@FEW
@given(data=st.data())
def test_a_file_with_flipped_bits(name: str, data: st.DataObject) -> None:
    damaged = bytearray(sound()[name])
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=12)):
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    tried(bytes(damaged), name)


@pytest.mark.parametrize(
    "name", [n for n in kinds() if n[2:] in {"docx", "xlsx", "pptx", "epub", "odt", "ods", "odp"}]
)
@FEW
@given(data=st.data())
def test_a_sound_archive_with_a_damaged_part(name: str, data: st.DataObject) -> None:
    """Flipped bits in an archive mostly break its checksums; here its parts are packed anew."""
    import io
    import zipfile

    from tests.index.made_files import zip_file

    with zipfile.ZipFile(io.BytesIO(sound()[name])) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    which = data.draw(st.sampled_from(sorted(parts)))
    part = bytearray(parts[which])
    kind = data.draw(st.sampled_from(["cut", "flip", "gone", "junk"]))
    if kind == "cut":
        del part[data.draw(st.integers(0, len(part))) :]
    elif kind == "flip" and part:
        for at in data.draw(st.lists(st.integers(0, len(part) - 1), min_size=1, max_size=8)):
            part[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "junk":
        part = bytearray(data.draw(st.binary(max_size=200)))
    parts[which] = bytes(part)
    if kind == "gone":
        del parts[which]
    tried(zip_file(parts), name)


@pytest.mark.parametrize("name", kinds())
@pytest.mark.parametrize("suffix", [".txt", ".pdf", ".docx", ".csv", ".html", ".zip", ".jsonl", ""])
def test_a_wrong_ending_is_no_harm(name: str, suffix: str) -> None:
    tried(sound()[name], f"a{suffix}")
