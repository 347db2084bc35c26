"""youju doctor, the settings of a language model, servers found on this machine, NLI models."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scripted_server import serving

from index.errors import ModelError, SettingsError
from index.library import Library
from qa import servers
from qa.assistant import Assistant
from qa.cli import app
from qa.entailment import CrossEncoderEntailment
from qa.generator import FakeGenerator
from qa.settings import Settings
from qa.types import Problem, Status


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "MODEL", "CONTEXT", "TIMEOUT", "API_KEY"):
        monkeypatch.delenv(f"YOUJU_LLM_{name}", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(servers, "USUAL_PORTS", {})
    monkeypatch.setattr(servers.find_local, "__defaults__", ((),))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def findings(library: Path) -> dict[str, list[tuple[str, str]]]:
    result = run("doctor", "--json", "-l", str(library))
    found: dict[str, list[tuple[str, str]]] = {"rc": [(str(result.exit_code), "")]}
    for f in json.loads(result.stdout):
        found.setdefault(f["subject"], []).append((f["state"], f["text"]))
    return found


def test_all_well_without_a_language_model(library_folder: Path) -> None:
    found = findings(library_folder)
    assert found["rc"] == [("0", "")]
    assert found["model"][0][0] == "good"
    assert found["library"] == [("good", f"6 articles in {library_folder}")]
    assert found["server"] == [("none", "no language model is set; none is needed")]
    assert run("doctor", "-l", str(library_folder)).stdout.startswith("ok  model")


def test_no_library_is_said(tmp_path: Path) -> None:
    assert findings(tmp_path / "none")["library"][0][0] == "none"


def test_a_server_is_asked_for_its_models(
    library_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda x, _: x.say("2")) as server:
        monkeypatch.setenv("YOUJU_LLM_BASE_URL", server.url)
        monkeypatch.setenv("YOUJU_LLM_API_KEY", "secret-7")
        found = findings(library_folder)
        assert found["rc"] == [("0", "")]
        assert found["server"][0] == ("good", f"{server.url} has: m1")
        assert found["server"][1][1].startswith("m1 answers, first sign after")
        assert all(
            h.get("authorization", h.get("Authorization")) == "Bearer secret-7"
            for *_, h in server.asked
        )
        server.script = lambda x, _: x.json(401, {"error": {"message": "bad key"}})
        found = findings(library_folder)
        assert found["rc"] == [("1", "")]
        assert found["server"][1][0] == "bad"
        assert "YOUJU_LLM_API_KEY" in found["server"][1][1]
        assert "secret-7" not in str(found)


def test_a_server_that_is_not_there(library_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    found = findings(library_folder)
    assert found["rc"] == [("1", "")]
    assert "no server answers there" in found["server"][0][1]
    monkeypatch.setenv("YOUJU_LLM_BASE_URL", "nonsense")
    assert "nonsense" in findings(library_folder)["server"][0][1]


def test_a_server_on_a_usual_port_is_offered_and_not_used(
    library_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda x, _: x.say("好")) as server, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port, empty = server.server_address[1], other.getsockname()[1]
        monkeypatch.setattr(servers, "USUAL_PORTS", {port: "Ollama"})
        monkeypatch.setattr(servers.find_local, "__defaults__", ((port, empty),))
        found = findings(library_folder)
        assert [state for state, _ in found["local"]] == ["none"]
        assert (
            f"YOUJU_LLM_BASE_URL=http://127.0.0.1:{port}/v1 YOUJU_LLM_MODEL=m1"
            in found["local"][0][1]
        )
        asked = len(server.asked)
        assert (
            run("ask", "谁出席了云岭水库除险加固工程开工仪式", "-l", str(library_folder)).exit_code
            == 0
        )
        assert len(server.asked) == asked


def test_asking_with_and_without_it(library_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = ("ask", "云岭水库除险加固工程有什么要求", "-l", str(library_folder), "--json")
    with serving(
        lambda x, _: x.say("林晓棠对工程建设提出要求。[1]工程总投资9200万元。[1]")
    ) as server:
        monkeypatch.setenv("YOUJU_LLM_BASE_URL", server.url)
        monkeypatch.setenv("YOUJU_LLM_MODEL", "m1")
        written = json.loads(run(*question).stdout)
        assert (written["model"], written["status"]) == ("m1", "unverified")
        assert [s["supported"] for s in written["sentences"]] == [True, False]
        strict = json.loads(run(*question, "--strict").stdout)
        assert strict["status"] == "answered"
        assert "9200" not in strict["answer"]
        assert json.loads(run(*question, "--no-llm").stdout)["model"] == ""
        shown = run(*question[:-1])
        assert "?? 工程总投资9200万元。 (number)" in shown.stdout


def test_wanting_one_that_is_not_set(library_folder: Path) -> None:
    result = run("ask", "谁来了", "-l", str(library_folder), "--llm")
    assert isinstance(result.exception, SettingsError)
    assert "YOUJU_LLM_BASE_URL" in str(result.exception)


@pytest.mark.parametrize("value", ["0", "-5", "many", "４"])
def test_settings_that_are_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_LLM_CONTEXT", value)
    with pytest.raises(SettingsError, match="YOUJU_LLM_CONTEXT"):
        Settings.read()


def test_the_key_is_in_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-8")
    settings = Settings.read()
    assert "secret-8" not in repr(settings)
    generator = settings.generator()
    assert generator is not None
    assert "secret-8" not in repr(generator)
    assert settings.generator(wanted=False) is None


class Contradicts:
    def contradiction(self, text: str, claim: str) -> float:
        return 0.9 if "廉洁" in claim else 0.1


def test_an_nli_model_must_agree_too(library: Library) -> None:
    model = FakeGenerator("一是把住质量关，混凝土要批批送检。[1]三是把住廉洁关。[1]")
    assistant = Assistant(library, generator=model, entailment=Contradicts())
    answer = assistant.ask("云岭水库除险加固工程有什么要求")
    assert answer.status is Status.UNVERIFIED
    assert [s.problems for s in answer.sentences] == [(), (Problem.MEANING,)]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("nli")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"工程开明年完"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    labels = {0: "entailment", 1: "neutral", 2: "contradiction"}
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
        intermediate_size=8, id2label=labels, label2id={v: k for k, v in labels.items()},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.mark.filterwarnings("ignore")
def test_a_cross_encoder_as_nli_model(tiny: Path) -> None:
    model = CrossEncoderEntailment(str(tiny))
    found = model.contradiction("工程明年完工", "工程完工")
    assert 0 < found < 1
    assert found == model.contradiction("工程明年完工", "工程完工")


def test_no_nli_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="none"):
        CrossEncoderEntailment(str(tmp_path / "none"))
