"""Youju beside the hybrid searches people build from other libraries: time, memory, disk.

    python -m benchmarks.peers --folder DIR [--passages 10000] [--systems NAME …] [--json FILE]

All have the same passages, the same vectors (the bundled model) and jieba's words for BM25; each
phase is a process of its own: index, then load and ask (cold start, questions), then change one
article in a thousand. Needs, in an environment of its own with the project's dependencies:
``pip install langchain-community langchain-classic rank_bm25 llama-index-core
llama-index-retrievers-bm25 llama-index-vector-stores-faiss haystack-ai txtai bm25s model2vec``.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.encoders import all_readings, whole

os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
)
os.environ |= {"TOKENIZERS_PARALLELISM": "false", "ALLOW_RESOLVE_TRANSFORM": "True"}
QUESTIONS = 120
LARGE = 50_000
"""Passages from which some are asked fewer questions (``System.patience``)."""
BLANK = " "


class System:
    """One way to search. ``folder`` is where it keeps its files between processes."""

    patience = QUESTIONS
    """How many questions it is asked of a large library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def index(self, rows: Sequence[dict[str, str]]) -> None:
        """Take passages (id, article, title, text) in, and save."""
        raise NotImplementedError

    def load(self) -> None:
        """Make ready to be asked."""
        raise NotImplementedError

    def ask(self, question: str) -> list[str]:
        """The ids of the ten best passages."""
        raise NotImplementedError

    def change(self, rows: Sequence[dict[str, str]], article: str) -> None:
        """One article has other text: bring the saved index up to it. It is loaded already."""
        self.index(rows)


class Youju(System):
    def index(self, rows: Sequence[dict[str, str]]) -> None:
        from index.library import Library

        with Library.open(self.folder) as library:
            library.add_many(self._sources(rows))

    def load(self) -> None:
        from index.library import Library

        self.library = Library.open(self.folder, create=False)

    def ask(self, question: str) -> list[str]:
        return [f"{h.article.id}" for h in self.library.search(question, 10)]

    def change(self, rows: Sequence[dict[str, str]], article: str) -> None:
        self.library.add_many(self._sources([r for r in rows if r["article"] == article]))

    def _sources(self, rows: Sequence[dict[str, str]]) -> Any:
        from index.types import Article, Origin

        by_article: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            by_article.setdefault(row["article"], []).append(row)
        for name, parts in by_article.items():
            text = "\n".join(row["text"] for row in parts)
            yield name, [Article(name, parts[0]["title"], text, "zh-Hans", name, Origin(1, 1))]


class YoujuPlain(Youju):
    """Without the reranker: both legs and fusion, which is all that the others do."""

    def load(self) -> None:
        from index.library import Library

        self.library = Library.open(self.folder, create=False, reranking="none")


class Bare(System):
    """The parts alone: FAISS flat and bm25s, fused by weighted scores."""

    def index(self, rows: Sequence[dict[str, str]]) -> None:
        import bm25s
        import faiss

        vectors = encode([whole(r) for r in rows])
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(self.folder / "faiss"))
        words = bm25s.BM25()
        words.index([tokens(whole(r)) for r in rows], show_progress=False)
        words.save(str(self.folder / "bm25"), corpus=None)
        (self.folder / "rows.json").write_text(json.dumps(list(rows), ensure_ascii=False))

    def load(self) -> None:
        import bm25s
        import faiss

        self.dense = faiss.read_index(str(self.folder / "faiss"))
        self.words = bm25s.BM25.load(str(self.folder / "bm25"), mmap=True)
        self.rows = json.loads((self.folder / "rows.json").read_text())

    def ask(self, question: str) -> list[str]:
        from index.fusion import fuse

        scores, ids = self.dense.search(encode([question]), 100)
        found, best = self.words.retrieve([tokens(question)], k=100, show_progress=False)
        dense = dict(zip(map(int, ids[0]), map(float, scores[0]), strict=True))
        words = dict(zip(map(int, found[0]), map(float, best[0]), strict=True))
        return [self.rows[i]["id"] for i, _ in fuse(dense, words)[:10]]


class Txtai(System):
    def index(self, rows: Sequence[dict[str, str]]) -> None:
        embeddings = self._new()
        embeddings.index((r["id"], whole(r), None) for r in rows)
        embeddings.save(str(self.folder / "index"))

    def load(self) -> None:
        self.embeddings = self._new()
        self.embeddings.load(str(self.folder / "index"))

    def ask(self, question: str) -> list[str]:
        return [hit["id"] for hit in self.embeddings.search(question, 10)]

    def change(self, rows: Sequence[dict[str, str]], article: str) -> None:
        changed = [r for r in rows if r["article"] == article]
        self.embeddings.upsert((r["id"], whole(r), None) for r in changed)
        self.embeddings.save(str(self.folder / "index"))

    def _new(self) -> Any:
        from txtai import Embeddings

        return Embeddings(
            {
                "method": "external",
                "transform": "benchmarks.peers.encode",
                "backend": "faiss",
                "faiss": {"components": "IDMap,Flat"},
                "scoring": {
                    "method": "benchmarks.txtai_words.TokensBM25",
                    "terms": True,
                    "normalize": True,
                },
                "content": True,
                "hybrid": True,
            }
        )


class LangChain(System):
    def index(self, rows: Sequence[dict[str, str]]) -> None:
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document

        documents = [Document(whole(r), metadata={"id": r["id"]}) for r in rows]
        FAISS.from_documents(documents, self._embeddings()).save_local(str(self.folder / "faiss"))
        retriever = BM25Retriever.from_documents(documents, preprocess_func=tokens)
        (self.folder / "bm25").write_bytes(pickle.dumps(retriever))

    def load(self) -> None:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.vectorstores import FAISS

        words = pickle.loads((self.folder / "bm25").read_bytes())
        words.k = 10
        dense = FAISS.load_local(
            str(self.folder / "faiss"), self._embeddings(), allow_dangerous_deserialization=True
        ).as_retriever(search_kwargs={"k": 10})
        self.both = EnsembleRetriever(retrievers=[words, dense], weights=[0.8, 0.2])

    def ask(self, question: str) -> list[str]:
        return [d.metadata["id"] for d in self.both.invoke(question)[:10]]

    def _embeddings(self) -> Any:
        from langchain_core.embeddings import Embeddings

        class Bundled(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return encode(texts).tolist()

            def embed_query(self, text: str) -> list[float]:
                return encode([text])[0].tolist()

        return Bundled()


class LlamaIndex(System):
    def index(self, rows: Sequence[dict[str, str]]) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.retrievers.bm25 import BM25Retriever
        from llama_index.vector_stores.faiss import FaissVectorStore

        vectors = encode([whole(r) for r in rows])
        nodes = [
            TextNode(id_=r["id"], text=whole(r), embedding=v.tolist())
            for r, v in zip(rows, vectors, strict=True)
        ]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(vectors.shape[1]))
        context = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=self._embeddings())
        index.storage_context.persist(str(self.folder / "dense"))
        cut = [TextNode(id_=r["id"], text=BLANK.join(tokens(whole(r)))) for r in rows]
        words = BM25Retriever.from_defaults(nodes=cut, similarity_top_k=10, token_pattern=r"\S+")
        words.persist(str(self.folder / "bm25"))

    def load(self) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.retrievers.bm25 import BM25Retriever
        from llama_index.vector_stores.faiss import FaissVectorStore

        place = str(self.folder / "dense")
        context = StorageContext.from_defaults(
            vector_store=FaissVectorStore.from_persist_dir(place), persist_dir=place
        )
        index = load_index_from_storage(context, embed_model=self._embeddings())
        self.dense = index.as_retriever(similarity_top_k=10)
        self.words = BM25Retriever.from_persist_dir(str(self.folder / "bm25"))

    def ask(self, question: str) -> list[str]:
        ranks: dict[str, float] = {}
        for weight, found in (
            (0.2, self.dense.retrieve(question)),
            (0.8, self.words.retrieve(BLANK.join(tokens(question)))),
        ):
            for rank, hit in enumerate(found):
                ranks[hit.node.node_id] = ranks.get(hit.node.node_id, 0.0) + weight / (60 + rank)
        return sorted(ranks, key=lambda i: -ranks[i])[:10]

    def _embeddings(self) -> Any:
        from llama_index.core.embeddings import BaseEmbedding

        class Bundled(BaseEmbedding):
            def _get_query_embedding(self, query: str) -> list[float]:
                return encode([query])[0].tolist()

            def _get_text_embedding(self, text: str) -> list[float]:
                return encode([text])[0].tolist()

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

        return Bundled()


class Haystack(System):
    patience = 40  # one takes it seconds then

    def index(self, rows: Sequence[dict[str, str]]) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        vectors = encode([whole(r) for r in rows])
        store = InMemoryDocumentStore(
            embedding_similarity_function="dot_product", bm25_tokenization_regex=r"\S+"
        )
        store.write_documents(
            [
                Document(id=r["id"], content=BLANK.join(tokens(whole(r))), embedding=v.tolist())
                for r, v in zip(rows, vectors, strict=True)
            ]
        )
        store.save_to_disk(str(self.folder / "store.json"))

    def load(self) -> None:
        from haystack.components.joiners import DocumentJoiner
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self.store = InMemoryDocumentStore.load_from_disk(str(self.folder / "store.json"))
        self.join = DocumentJoiner(join_mode="reciprocal_rank_fusion", weights=[0.8, 0.2], top_k=10)

    def ask(self, question: str) -> list[str]:
        words = self.store.bm25_retrieval(BLANK.join(tokens(question)), top_k=10)
        dense = self.store.embedding_retrieval(encode([question])[0].tolist(), top_k=10)
        return [d.id for d in self.join.run([words, dense])["documents"]]

    def change(self, rows: Sequence[dict[str, str]], article: str) -> None:
        from haystack import Document
        from haystack.document_stores.types import DuplicatePolicy

        changed = [r for r in rows if r["article"] == article]
        vectors = encode([whole(r) for r in changed])
        self.store.write_documents(
            [
                Document(id=r["id"], content=BLANK.join(tokens(whole(r))), embedding=v.tolist())
                for r, v in zip(changed, vectors, strict=True)
            ],
            policy=DuplicatePolicy.OVERWRITE,
        )
        self.store.save_to_disk(str(self.folder / "store.json"))


SYSTEMS: dict[str, type[System]] = {
    "youju": Youju,
    "youju_plain": YoujuPlain,
    "bare": Bare,
    "txtai": Txtai,
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "haystack": Haystack,
}


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--passages", type=int, default=10_000)
    options.add_argument("--systems", nargs="*", default=list(SYSTEMS))
    options.add_argument("--json", type=Path)
    options.add_argument("--phase", help="for the processes that this one starts")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    passages = chosen.folder / f"passages-{chosen.passages}.jsonl"
    if chosen.phase:
        print(json.dumps(phase(chosen.phase, chosen.systems[0], chosen.folder, passages)))
        return 0
    if not passages.exists():
        write_passages(passages, chosen.passages)
    from benchmarks.scale import machine

    results: dict[str, Any] = {"machine": machine(), "passages": chosen.passages, "systems": {}}
    results["encoders"] = all_readings(passages, chosen.passages)
    print("encoders", json.dumps(results["encoders"]), flush=True)
    for name in chosen.systems:
        figures: dict[str, Any] = {}
        for part in ("index", "ask", "change"):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.peers",
                    "--folder",
                    str(chosen.folder),
                    "--passages",
                    str(chosen.passages),
                    "--systems",
                    name,
                    "--phase",
                    part,
                ],
                capture_output=True,
                text=True,
            )
            if done.returncode:
                figures[f"{part}_failed"] = done.stderr.strip().splitlines()[-1][:300]
                break
            figures |= json.loads(done.stdout.splitlines()[-1])
        results["systems"][name] = figures
        print(name, json.dumps(figures), flush=True)
        if chosen.json:
            chosen.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def phase(part: str, name: str, folder: Path, passages: Path) -> dict[str, Any]:
    """One phase of one system, in a process of its own."""
    import shutil

    from benchmarks.scale import peak_mb

    began = time.perf_counter() - time.process_time()  # about when the process began
    place = folder / f"{name}-{passages.stem}"
    if part == "index":
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    rows = [json.loads(line) for line in passages.read_text(encoding="utf-8").splitlines()]
    system = SYSTEMS[name](place)
    if part == "index":
        encode(["预热"]), tokens("预热")
        wall, cpu = timed(lambda: system.index(rows))
        disk = sum(f.stat().st_size for f in place.rglob("*") if f.is_file())
        return {
            "index_s": wall,
            "index_cpu_s": cpu,
            "peak_mb": round(peak_mb()),
            "disk_mb": round(disk / 1e6, 1),
        }
    asked = [json.loads(q) for q in (folder / "questions.jsonl").read_text().splitlines()]
    if part == "ask":
        if len(rows) >= LARGE:
            asked = asked[: system.patience]
        del rows
        system.load()
        system.ask(asked[0])
        cold = time.perf_counter() - began
        for question in asked[:20]:
            system.ask(question)
        times = [timed(lambda q=q: system.ask(q)) for q in asked[20:]]
        walls, cpus = (sorted(1000 * t[i] for t in times) for i in (0, 1))
        last = int(0.95 * len(times))
        return {
            "cold_s": round(cold, 2),
            "p50_ms": round(median(walls), 2),
            "p95_ms": round(walls[last], 2),
            "cpu_p50_ms": round(median(cpus), 2),
            "cpu_p95_ms": round(cpus[last], 2),
            "ask_peak_mb": round(peak_mb()),
            "questions": len(times),
        }
    system.load()
    system.ask(asked[0])
    wall, cpu = [], []
    for number in range(3):
        row = rows[len(rows) // 2 + 50 * number]
        row["text"] = row["text"][:-20] + f"。本段已于第{number}次更正。"
        took = timed(lambda a=row["article"]: system.change(rows, a))
        wall.append(took[0])
        cpu.append(took[1])
    return {"change_s": round(median(wall), 3), "change_cpu_s": round(median(cpu), 3)}


def write_passages(path: Path, count: int) -> None:
    """The passages and the questions that all systems have."""
    from benchmarks.recombined import articles, questions
    from index.passages import split

    held = 0
    with open(path, "w", encoding="utf-8") as file:
        for article, _ in articles(count):
            for number, draft in enumerate(split(article)):
                row = {
                    "id": f"{article.id}:{number}",
                    "article": article.id,
                    "title": article.title,
                    "text": article.text[draft.start : draft.end],
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                held += 1
    asked = "\n".join(json.dumps(q, ensure_ascii=False) for q in questions(QUESTIONS))
    (path.parent / "questions.jsonl").write_text(asked + "\n", encoding="utf-8")


def encode(texts: Sequence[str]) -> Any:
    """Vectors of the bundled model."""
    from index.encoder import load_encoder

    return load_encoder().encode_passages(list(texts))


def tokens(text: str) -> list[str]:
    """jieba's words, as Youju's keyword index has them."""
    from index.tokens import default_segmenter

    return default_segmenter().words(text)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    sys.exit(main())
