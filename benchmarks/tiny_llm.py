"""A tiny language model trained on the spot, and a real OpenAI-compatible server over it.

The model says one text by heart, whatever it is asked. ``transformers serve`` needs accelerate,
a folder ``hub`` in ``$HF_HOME``, and the model's name to be the path that is served.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def train(folder: Path, says: str, steps: int = 800) -> Path:
    """Train a model of some 0.6 million weights until it says ``says``, and save it."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(
        [says],
        trainers.BpeTrainer(
            vocab_size=300,
            special_tokens=["<s>", "</s>"],
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    # It need not read the question; the end of it stands for the prompt.
    tokenizer.chat_template = "{% for m in messages %}{{ m['content'][-20:] }}{% endfor %}<s>"
    torch.manual_seed(0)
    rng = random.Random(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=4096,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )
    told = [*tokenizer(says).input_ids, 1]
    optimizer = torch.optim.AdamW(model.parameters(), 3e-3)
    known = 0  # steps one after another at which it knew the text
    for _ in range(steps):
        prompt = [rng.randrange(2, len(tokenizer)) for _ in range(rng.randrange(60))]
        tokens = torch.tensor([[*prompt, 0, *told]])
        labels = tokens.clone()
        labels[:, : len(prompt) + 1] = -100
        loss = model(input_ids=tokens, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        known = known + 1 if float(loss.detach()) < 0.01 else 0
        if known == 20:
            break
    model.generation_config.eos_token_id = 1
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Serve a model on this machine only; wait until it answers."""
    home = folder.parent / "hf"
    (home / "hub").mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "transformers"),
            *("serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu", str(folder)),
        ],
        env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return server
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                raise RuntimeError("transformers serve did not start") from None
            time.sleep(0.1)
    raise RuntimeError("transformers serve does not answer")


def end(server: subprocess.Popen[bytes]) -> None:
    """Kill a server, as a crash would."""
    server.kill()
    server.wait()


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server for a while."""
    server = start(folder, port)
    try:
        yield server
    finally:
        end(server)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
