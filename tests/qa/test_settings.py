"""Where the library is: an argument before the environment before the user's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.settings import LIBRARY_VARIABLE, MODEL_VARIABLE, Settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(LIBRARY_VARIABLE, raising=False)
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_argument_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, "elsewhere")
    monkeypatch.setenv(MODEL_VARIABLE, "small")
    assert Settings.read("here", "large") == Settings(Path("here"), "large")
    assert Settings.read(Path("here")) == Settings(Path("here"), "small")


def test_then_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, "~/news")
    assert Settings.read() == Settings(tmp_path / "news")


def test_then_the_user_s_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for unset in (None, ""):
        monkeypatch.setenv(LIBRARY_VARIABLE, unset or "")
        monkeypatch.setenv(MODEL_VARIABLE, "")
        settings = Settings.read(unset)
        assert settings.library.name == "youju-library"
        assert tmp_path in settings.library.parents
        assert settings.model is None


def test_reading_makes_no_folder() -> None:
    assert not Settings.read().library.exists()
