"""What a program may import by name is written down here; changing it is a decision."""

from __future__ import annotations

import pytest

import index
import qa


def test_index_exports() -> None:
    assert index.__all__ == ["Article", "Encoder", "Hit", "Library", "Passage", "YoujuError"]


def test_qa_exports() -> None:
    assert qa.__all__ == ["Answer", "Assistant", "Citation", "Conversation", "Evidence", "Status"]


def test_every_export_is_the_class_of_that_name() -> None:
    for package in (index, qa):
        for name in package.__all__:
            assert getattr(package, name).__name__ == name


def test_a_name_that_is_not_there_is_said_so() -> None:
    for package in (index, qa):
        with pytest.raises(AttributeError, match="Nothing"):
            _ = package.Nothing
