"""The language of a text, by its script and its small words."""

from __future__ import annotations

import pytest

from index.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("区领导到现场督导河道治理工程，听取了汇报。", "zh"),
        ("捷運新線動工，預計三年後通車。", "zh-Hant"),
        ("中国GDP增长目标 about 5 percent", "zh"),
        ("東京都は新しい公園を開いた。", "ja"),
        ("서울시는 새 공원을 열었다고 밝혔다.", "ko"),
        ("The city opened a new park on Thursday.", "en"),
        ("La ville a ouvert un nouveau parc dans le centre.", "fr"),
        ("Die Stadt hat einen neuen Park eröffnet, und er ist schön.", "de"),
        ("Город открыл новый парк.", "ru"),
        ("افتتحت المدينة حديقة جديدة.", "ar"),
        ("เมืองเปิดสวนสาธารณะใหม่", "th"),
        ("123 456", "und"),
        ("", "und"),
        ("Hello", "en"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language
