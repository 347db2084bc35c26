"""Loading a model of the user's choice, or saying why not: shared by encoders and rerankers."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import ModelError, SettingsError

PATIENCE = 5.0
"""Seconds to wait for a sign of life from the hub (loading itself may take longer)."""
TRUST_VARIABLE = "YOUJU_TRUST_REMOTE_CODE"
"""Set to 1, a model may bring Python code of its own, which is then run."""


def load_model(
    build: Callable[..., Any], kind: str, name: str, example: str, device: str | None = None
) -> Any:
    """``build(place, …)``, sentence-transformers' class, with one arithmetic for each device.

    On a GPU the weights stay as stored, for ``halve`` to make them half precision; elsewhere
    they become float32. ``kind`` and ``example`` (a name that would do) are for the messages.
    Raises ModelError, naming the model, the cause and the mend.
    """
    from huggingface_hub.errors import HfHubHTTPError
    from safetensors import SafetensorError

    folder = Path(name).expanduser()
    is_folder = bool(name.strip()) and folder.is_dir()
    if not name.strip() or (not is_folder and _looks_like_a_path(name)):
        raise ModelError(
            f"There is no model folder {name or '(an empty name)'}. Give the folder that holds "
            f"modules.json or config.json, or the model's name on the hub, such as {example}."
        )
    offline = not is_folder and hub_is_out_of_reach()
    broken_off: type[Exception] = HfHubHTTPError.__bases__[0]  # httpx's, by whatever name
    try:
        model = build(
            str(folder) if is_folder else name,
            device=device,
            local_files_only=offline,
            trust_remote_code=os.environ.get(TRUST_VARIABLE) == "1",
            model_kwargs={"dtype": "auto" if on_gpu(device) else "float32"},
        )
    except (
        OSError,
        ValueError,
        RuntimeError,
        ImportError,
        LookupError,
        TypeError,
        AttributeError,
        SafetensorError,
        broken_off,
    ) as error:
        raise ModelError(_explain(kind, name, error, is_folder, offline)) from error
    _limit_length(model)
    return model


def on_gpu(device: str | None) -> bool:
    """Whether a model put on this device (None: the best there is) runs on an NVIDIA GPU."""
    import torch

    return torch.cuda.is_available() if device is None else device.startswith("cuda")


def halve(model: Any) -> None:
    """Half precision on a GPU: float16, or bfloat16 if the weights came so (float16 has less
    range). Elsewhere nothing changes: processors are slower at it."""
    import torch

    if model.device.type == "cuda" and model.dtype == torch.float32:
        model.half()


def whole_number(given: int | None, variable: str, default: int) -> int:
    """A count from an argument, else from the environment, else the default; at least 1.

    Raises SettingsError when it is no such number.
    """
    value = os.environ.get(variable) or default if given is None else given
    try:
        count = int(value)
    except ValueError:
        count = 0
    if count < 1:
        raise SettingsError(f"{variable} is {value!r}. Give a whole number, 1 or more.")
    return count


def hub_is_out_of_reach() -> bool:
    """Whether the hub does not answer. Asked once here: its client would retry for minutes."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return True
    try:
        request = urllib.request.Request(_endpoint(), method="HEAD")
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return False
    except urllib.error.HTTPError:
        return False  # it answered
    except (OSError, ValueError):
        return True


def _explain(kind: str, name: str, error: Exception, is_folder: bool, offline: bool) -> str:
    said = str(error).strip()
    cause = (said or type(error).__name__).splitlines()[0].rstrip(".")
    if "trust_remote_code" in said:
        cause = "it brings Python code of its own, which Youju does not run unasked"
        mend = f"Read that code; if you trust it, set {TRUST_VARIABLE}=1 and try again."
    elif offline:
        cause = f"{_endpoint()} cannot be reached (or HF_HUB_OFFLINE is set), and the model is not in the cache"
        mend = (
            "Check the name; connect once to download it; or set HF_ENDPOINT to a mirror; "
            "or copy the model's folder here and give its path."
        )
    elif is_folder:
        mend = "The folder must hold a complete sentence-transformers model: copy or download it again."
    else:
        mend = (
            "Check the name (as on the hub: owner/model); if the model is private or gated, log in "
            "with `hf auth login`; if the download broke off, try again or set HF_ENDPOINT to a "
            "mirror; or give the path of a local folder."
        )
    return f"The {kind} {name} could not be loaded: {cause}. {mend}"


def _looks_like_a_path(name: str) -> bool:
    return name.startswith((".", "~", os.sep)) or "\\" in name or name.count("/") > 1


def _endpoint() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _limit_length(model: Any) -> None:
    """RoBERTa's positions begin after the padding id, so that it reads fewer tokens than it has
    positions. A folder whose tokenizer names no limit would let longer texts fail."""
    for module in model.modules():
        positions = getattr(module, "position_embeddings", None)
        padding = getattr(positions, "padding_idx", None)
        if padding is not None:
            most = positions.num_embeddings - padding - 1  # type: ignore[union-attr]
            model.max_seq_length = min(model.max_seq_length or most, most)
