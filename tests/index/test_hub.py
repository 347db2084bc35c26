"""Models of the user's choice: made on the spot, loaded by sentence-transformers."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from index.encoder import load_encoder
from index.errors import ModelError

pytestmark = pytest.mark.slow
TEXTS = ["贾鲁河治理", "河道治理", "天气晴朗", ""]


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


def test_a_transformer_with_random_weights(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"贾鲁河治理道天气晴朗"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), "utf-8")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(tmp_path / "bert")
    BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path / "bert")
    body = Transformer(str(tmp_path / "bert"), max_seq_length=16)
    model = SentenceTransformer(modules=[body, Pooling(16, "mean")], device="cpu")
    model.save(str(tmp_path / "model"), create_model_card=False)
    encoder = load_encoder(str(tmp_path / "model"))
    texts = [*TEXTS[:3], "河" * 500]
    expected = model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_passages(texts), expected, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_queries(texts), expected, atol=1e-5)


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
