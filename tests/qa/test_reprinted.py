"""Reprints in a library: one answer, one citation, every file listed."""

from __future__ import annotations

from pathlib import Path

from index.library import Library
from qa.assistant import Assistant
from qa.records import citation_from

TEXT = (
    "3月5日，柳林河综合整治工程开工。工程总投资4200万元，清淤十二公里，建设步道八公里，预计年底前完工。"
    "陆清和对工程建设提出要求：一是把好质量关；二是把好安全关；三是把好民意关。施工期间，沿岸三个村设临时便道。"
)


def test_a_reprinted_article_is_cited_once_with_all_its_files(tmp_path: Path) -> None:
    for n in range(30):
        text = f"柳林河综合整治工程开工\n{TEXT}\n（第{'一二三四五六七八九十'[n % 10]}版）\n"
        (tmp_path / f"paper{n:02d}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "other.txt").write_text(
        "柳林河步道命名\n4月1日，柳林河步道征集名称，居民可以到社区报名，投票截止到月底。\n",
        encoding="utf-8",
    )
    library = Library.open(tmp_path / "library")
    library.add([tmp_path])
    answer = Assistant(library).ask("柳林河综合整治工程总投资多少")
    assert "4200万元" in answer.text
    [citation] = answer.citations
    files = {citation.source, *citation.also}
    assert {Path(f).name for f in files} == {f"paper{n:02d}.txt" for n in range(30)}
    # The reprints do not take the places of other articles.
    found = {e.hit.article.title for e in answer.evidence}
    assert found == {"柳林河综合整治工程开工", "柳林河步道命名"}
    again = citation_from({**answer.to_dict()["citations"][0], "also": list(citation.also)})
    assert again == citation
