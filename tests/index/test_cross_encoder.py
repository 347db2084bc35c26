"""Rerankers of the user's choice: a small cross-encoder made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.cross_encoder import CrossEncoderReranker, load_reranker
from index.errors import ModelError
from index.types import Reranker

pytestmark = pytest.mark.slow
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"贾鲁河治理道天气晴朗谁几何时"]
QUESTION = "谁治理河道"
TEXTS = ["贾鲁河治理", "天气晴朗" * 9, "河", "", "治理河道" * 3, "何时", "贾鲁河" * 40]


def saved(folder: Path, labels: int = 1, **settings: int) -> str:
    """A BertForSequenceClassification of random weights, with a tokenizer of single characters."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(3)
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=48,
        num_labels=labels,
        initializer_range=0.6,
        **settings,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved(tmp_path_factory.mktemp("reranker"))


def by_hand(model: str, question: str, text: str) -> float:
    """One pair alone through transformers: its logit."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    tokens = tokenizer(question, text, return_tensors="pt", truncation=True, max_length=48)
    with torch.inference_mode():
        judge = AutoModelForSequenceClassification.from_pretrained(model).eval()
        return float(judge(**tokens).logits[0, 0])


def test_scores_are_logits_in_the_order_of_the_texts(model: str) -> None:
    reranker = load_reranker(model)
    assert isinstance(reranker, Reranker)
    assert reranker.name == model
    found = reranker.scores(QUESTION, TEXTS)
    assert found.dtype == np.float32
    expected = [by_hand(model, QUESTION, text or " ") for text in TEXTS]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert len({round(score, 3) for score in expected}) == len(TEXTS)  # so that the order shows
    assert min(expected) < 0  # no sigmoid
    np.testing.assert_allclose(reranker.scores(QUESTION, TEXTS[::-1]), expected[::-1], atol=1e-5)


def test_scores_are_those_of_sentence_transformers(model: str) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    pairs = [(QUESTION, text or " ") for text in TEXTS]
    direct = CrossEncoder(model, device="cpu")
    expected = direct.predict(pairs, activation_fn=torch.nn.Identity())
    found = CrossEncoderReranker(model, device="cpu", batch=2).scores(QUESTION, TEXTS)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    ordinary = direct.predict(pairs)  # through a sigmoid
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), ordinary, atol=1e-5)


def test_no_texts(model: str) -> None:
    found = load_reranker(model).scores(QUESTION, [])
    assert (found.shape, found.dtype) == ((0,), np.float32)


def test_one_text_and_half_a_surrogate_pair(model: str) -> None:
    found = load_reranker(model).scores("河\ud83d", ["道\ud83d"])
    np.testing.assert_allclose(found, [by_hand(model, "河?", "道?")], atol=1e-5)


def test_a_model_with_several_labels_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"3 numbers for a pair.*BAAI/bge-reranker-v2-m3"):
        load_reranker(saved(tmp_path, labels=3))


def test_an_embedding_model_is_no_reranker(model: str, tmp_path: Path) -> None:
    """It would be given a head of random numbers."""
    from transformers import BertModel, BertTokenizerFast

    BertModel.from_pretrained(model).save_pretrained(tmp_path)
    BertTokenizerFast.from_pretrained(model).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match=r"no reranker.*BertModel.*BAAI/bge-reranker-v2-m3"):
        load_reranker(str(tmp_path))


def test_unknown_models_name_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"no model folder \./nowhere.*BAAI/bge-reranker-v2-m3"):
        load_reranker("./nowhere")
    (tmp_path / "config.json").write_text("not json", "utf-8")
    with pytest.raises(ModelError, match=r"reranker .*could not be loaded.*complete"):
        load_reranker(str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError) as caught:
        load_reranker("nobody/no-such-reranker")
    for word in ("The reranker nobody/no-such-reranker", "HF_ENDPOINT", "HF_HUB_OFFLINE", "path"):
        assert word in str(caught.value)
