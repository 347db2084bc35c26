"""The bundled model and the fake: values, parity with sentence-transformers, no torch."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import (
    BUNDLED_FOLDER,
    SHORTER,
    FakeEncoder,
    StaticEncoder,
    load_encoder,
    model_fingerprint,
)
from index.errors import ModelError, ModelMismatch
from index.library import Library
from index.types import Encoder, Mode

MODEL_FILES = ("config.json", "model.safetensors", "tokenizer.json")
PAIRS = [
    ("经济发展", "economic development"),
    ("环境保护", "environmental protection"),
    ("大学生就业", "employment of college students"),
    ("交通事故", "traffic accident"),
    ("图书馆", "library"),
    ("天气预报", "weather forecast"),
    ("河流治理", "river management"),
    ("食品安全", "food safety"),
    ("中国政府", "Chinese government"),
    ("世界卫生组织", "World Health Organization"),
]
SAMPLES = [
    "贾鲁河治理有什么要求？",
    "區政府召開會議，部署環境綜合治理工作。",
    "The committee met on 14 November and agreed on three measures.",
    "東京都の図書館はどこにありますか。",
    "서울에서 열린 회의",
    "правительство приняло меры",
    "मौसम की जानकारी",
    "การพัฒนาเศรษฐกิจ",
    "Straße, Ærø, Đà Nẵng, ΑΘΗΝΑ, İstanbul",
    "👩‍👩‍👧‍👦 😀 ok",
    "𠮷野家 ﷽ \u200b\u3000 ①②③ ㍿ ｱｲｳ",
    " ",
    "\n\t",
    "。",
    "\x00\x01",
    "e\u0301 q\u0303",
    "会议要求，一是加快工程进度；二是做好沿岸拆迁。" * 130,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def varied(count: int) -> list[str]:
    """Texts mixed from all samples, of all lengths; the same on every run."""
    rng = random.Random(5)
    out = list(SAMPLES)
    while len(out) < count:
        parts = [rng.choice(SAMPLES[:-1]) for _ in range(rng.randint(1, 6))]
        text = "".join(parts)
        start = rng.randrange(len(text))
        out.append(text[start : start + rng.randint(1, 400)])
    return out


def test_it_is_an_encoder(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert isinstance(FakeEncoder(), Encoder)
    assert encoder.name == "bundled"
    assert load_encoder("bundled").fingerprint == encoder.fingerprint


def test_rows_are_unit_float32(encoder: Encoder) -> None:
    texts = varied(300)
    for vectors in (encoder.encode_passages(texts), encoder.encode_queries(["", *texts])):
        assert vectors.dtype == np.float32
        assert vectors.shape[1] == encoder.dimension
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    np.testing.assert_array_equal(encoder.encode_queries([""]), encoder.encode_queries([" "]))


def test_a_vector_is_the_sum_of_its_rows(encoder: Encoder) -> None:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tensors = load_file(BUNDLED_FOLDER / "model.safetensors")
    ids = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json")).encode(SAMPLES[0]).ids
    total = sum(tensors["embeddings"][i] * np.float64(tensors["weights"][i]) for i in ids)
    expected = total / np.linalg.norm(total)
    np.testing.assert_allclose(encoder.encode_queries([SAMPLES[0]])[0], expected, atol=1e-6)


def test_a_batch_gives_what_single_texts_give(encoder: Encoder) -> None:
    texts = varied(1100)
    together = encoder.encode_passages(texts)
    for i in (0, 1, 16, 500, 1023, 1024, 1099):
        np.testing.assert_allclose(together[i], encoder.encode_passages([texts[i]])[0], atol=1e-6)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_direction(text: str) -> None:
    vector = load_encoder().encode_queries([text])[0]
    assert np.isfinite(vector).all()
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("區政府召開會議，部署環境綜合治理工作", "区政府召开会议，部署环境综合治理工作"),
        ("頭髮和發展", "头发和发展"),
        ("臺灣圖書館", "台湾图书馆"),
        ("ＡＢＣ１２３", "abc123"),
        ("Café École", "cafe ecole"),
        ("経済発展", "经济发展"),
    ],
)
def test_scripts_widths_and_cases_are_one(encoder: Encoder, one: str, other: str) -> None:
    a, b = encoder.encode_queries([one, other])
    np.testing.assert_allclose(a, b, atol=1e-6)


def test_translations_are_nearer_than_others(encoder: Encoder) -> None:
    chinese = encoder.encode_queries([zh for zh, _ in PAIRS])
    english = encoder.encode_queries([en for _, en in PAIRS])
    scores = chinese @ english.T
    assert (scores.argmax(axis=1) == np.arange(len(PAIRS))).sum() >= len(PAIRS) - 1
    assert (scores.argmax(axis=0) == np.arange(len(PAIRS))).sum() >= len(PAIRS) - 1


def test_a_question_finds_its_passage(encoder: Encoder) -> None:
    passages = [
        "会议要求，一是加快贾鲁河综合治理工程进度，二是做好沿岸拆迁。",
        "区图书馆周末延长开放时间，方便市民借阅。",
        "消防部门提醒市民注意冬季用电安全。",
        "我区组织大学生志愿者走进社区。",
    ]
    questions = [
        "贾鲁河治理有什么要求？",
        "图书馆几点开门？",
        "冬天用电要注意什么？",
        "How do college volunteers help?",
    ]
    scores = encoder.encode_queries(questions) @ encoder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_the_fingerprint_is_that_of_the_files(encoder: Encoder) -> None:
    assert encoder.fingerprint == model_fingerprint(BUNDLED_FOLDER)
    config = json.loads((BUNDLED_FOLDER / "config.json").read_text("utf-8"))
    assert config == {"fingerprint": encoder.fingerprint, "dimension": encoder.dimension}


def test_what_ships_is_small() -> None:
    names = [*MODEL_FILES, "modules.json", "config_sentence_transformers.json", "README.md"]
    assert sum((BUNDLED_FOLDER / name).stat().st_size for name in names) <= 24_000_000


def test_a_damaged_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"could not be read.*install youju again"):
        StaticEncoder(tmp_path)
    for name in MODEL_FILES:
        (tmp_path / name).write_bytes((BUNDLED_FOLDER / name).read_bytes()[:50])
    with pytest.raises(ModelError, match=r"could not be read.*install youju again"):
        StaticEncoder(tmp_path)


def test_torch_stays_out(root: Path) -> None:
    code = (
        "import sys\n"
        "from index.encoder import load_encoder\n"
        "load_encoder().encode_passages(['贾鲁河', 'river'])\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'torch', 'transformers', 'sentence_transformers'}))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.slow
def test_sentence_transformers_gives_the_same_vectors(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = varied(500)
    expected = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu").encode(texts, batch_size=64)
    np.testing.assert_allclose(encoder.encode_passages(texts), expected, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_queries(texts), expected, atol=1e-5)


@pytest.mark.slow
def test_short_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    texts = varied(100)
    for name, size in SHORTER.items():
        model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu", truncate_dim=size)
        expected = model.encode(texts, batch_size=64, normalize_embeddings=True)
        np.testing.assert_allclose(load_encoder(name).encode_passages(texts), expected, atol=1e-5)


def test_a_library_of_short_vectors_finds_and_keeps_its_model(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("茶厂开灶\n\n停产七年的茶厂重新开灶，首批炒制春茶三百斤。\n", encoding="utf-8")
    short = load_encoder("bundled-64")
    assert (short.name, short.dimension) == ("bundled-64", 64)
    with Library.open(tmp_path / "library", encoder=short) as library:
        library.add([path])
    with Library.open(tmp_path / "library") as library:
        assert library.encoder.dimension == 64
        assert library.status()["model"] == "bundled-64"
        for mode in get_args(Mode):
            assert [h.article.title for h in library.search("茶厂炒了多少茶", mode=mode)] == [
                "茶厂开灶"
            ]
    with pytest.raises(ModelMismatch):
        Library.open(tmp_path / "library", encoder=load_encoder())


def test_a_very_long_text_is_summed_exactly(encoder: Encoder) -> None:
    # torch adds 20,000 rows one after the other in float32 and is off by 3e-5; we are not.
    long, short = encoder.encode_passages(["长" * 200_000, "长"])
    np.testing.assert_allclose(long, short, atol=1e-6)


@given(st.lists(st.text(max_size=30), max_size=5), st.integers(1, 100))
@settings(max_examples=50)
def test_the_fake_is_deterministic_and_unit(texts: list[str], dimension: int) -> None:
    first = FakeEncoder(dimension).encode_passages(texts)
    assert first.shape == (len(texts), dimension)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, FakeEncoder(dimension).encode_queries(texts))
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-5)


def test_the_fake_by_hand() -> None:
    from zlib import crc32

    expected = np.zeros(16, np.float32)
    for pair in ("\x02河", "河流", "流\x03"):
        expected[crc32(pair.encode()) % 16] += 1
    found = FakeEncoder(16).encode_queries(["河流"])[0]
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-6)
    assert FakeEncoder(16).fingerprint != FakeEncoder(32).fingerprint
