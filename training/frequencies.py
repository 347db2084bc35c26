"""In how many of 10,000 news articles a word stands: how much a word says, before a library tells.

    python -m training.frequencies ../shared/data

A small library cannot know that 进行 is a common word and 迁坟 a rare one. The table is counted
on the corpora marked *train*; words of fewer than ``FLOOR`` articles are left out (they are rare).
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from index.tokens import default_segmenter

SOURCES = ("crud_a", "xwlb_train")
FLOOR = 30
OUT = Path(__file__).parent.parent / "index" / "model" / "frequencies.txt"


def main(data: Path) -> None:
    segmenter = default_segmenter()
    counts: Counter[str] = Counter()
    articles = 0
    for name in SOURCES:
        with gzip.open(data / "corpora" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                counts.update(set(segmenter.words(f"{row['title']}\n{row['text']}")))
                articles += 1
    kept = sorted((w for w, n in counts.items() if n >= FLOOR and not w.isdigit()))
    rows = (f"{w}\t{counts[w]}" for w in kept)
    OUT.write_text(f"# articles\t{articles}\n" + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{articles} articles, {len(kept)} words, {OUT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
