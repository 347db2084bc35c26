"""The same weights run by ONNX Runtime or OpenVINO instead of torch.

The model is loaded by sentence-transformers as ever, and its transformer is then converted. So
tokenizer, prompts, pooling and fingerprint are the same, and the vectors too, within 1e-5, which is
checked. (sentence-transformers itself would do it by optimum, which asks for an older transformers
than it does.) Converting takes seconds at each start: worth it for a long run.
"""

from __future__ import annotations

import importlib.util
import inspect
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from index.errors import ModelError, SettingsError

Backend = Literal["torch", "onnx", "openvino"]
BACKEND_VARIABLE = "YOUJU_BACKEND"
NEEDS: dict[Backend, tuple[str, ...]] = {
    "torch": (),
    "onnx": ("onnxruntime", "onnx", "onnxscript"),
    "openvino": ("openvino", "onnx", "onnxscript"),
}
"""The packages of each backend, by the names under which both pip and Python know them."""
_TRACED = ["a", "two words and a few more"]
_CHECKED = ["三个词语 and some words " * 9, "b", "another text"]
_NEAR = 1e-3
"""How far a number of a vector may lie from torch's before the conversion counts as failed."""
_Run = Callable[[list[Any]], Any]


def chosen_backend(given: str | None = None) -> Backend:
    """The backend given, else ``$YOUJU_BACKEND``, else torch.

    Raises SettingsError for a name that is none, ModelError when its packages are not installed.
    """
    asked = given or os.environ.get(BACKEND_VARIABLE) or "torch"
    known: dict[str, Backend] = {backend: backend for backend in NEEDS}
    if asked not in known:
        raise SettingsError(f"{BACKEND_VARIABLE} is {asked!r}. Give one of {', '.join(known)}.")
    backend = known[asked]
    missing = [p for p in NEEDS[backend] if importlib.util.find_spec(p) is None]
    if missing:
        raise ModelError(
            f"The backend {backend} needs {' and '.join(missing)}, which Python cannot find. "
            f"Install with: pip install {' '.join(NEEDS[backend])} (or use YOUJU_BACKEND=torch)."
        )
    return backend


def convert(model: Any, backend: Backend, name: str) -> None:
    """Let ``backend`` run the transformer of a sentence-transformers model, in float32, on the CPU.

    Raises ModelError when there is no transformer in it, or none that can be converted.
    """
    import torch

    body = model.transformers_model
    if body is None:
        raise ModelError(
            f"The model {name} has no transformer that {backend} could run. Use YOUJU_BACKEND=torch."
        )
    expected = _vectors(model)
    # With padding before the text a causal model has rows that see nothing, which OpenVINO makes
    # no number of. The side changes nothing else: pooling follows the mask.
    model.tokenizer.padding_side = "right"
    features = model.preprocess(_TRACED)
    takes = inspect.signature(body.forward).parameters
    names = [k for k, v in features.items() if k in takes and isinstance(v, torch.Tensor)]
    traced = torch.nn.Module()
    traced.body = body
    traced.forward = lambda *given: body(**dict(zip(names, given, strict=True)), **_plain(takes))[0]
    example = tuple(features[k] for k in names)
    try:
        with (
            _quietly(),
            torch.inference_mode(),
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        ):
            file = Path(folder) / "model.onnx"
            _exported(traced, example, names, file)
            run = (_in_onnxruntime if backend == "onnx" else _in_openvino)(file, names)
        _replace(model, body, run, names)
        found = _vectors(model)
    except (RuntimeError, ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        cause = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise ModelError(
            f"The model {name} could not be converted for {backend}: {cause}. "
            "Use YOUJU_BACKEND=torch."
        ) from error
    if not all((abs(a - b) < _NEAR).all() for a, b in zip(expected, found, strict=True)):
        raise ModelError(
            f"The model {name} gives other vectors on {backend} than on torch, so that it cannot be "
            "used there. Use YOUJU_BACKEND=torch."
        )


def _vectors(model: Any) -> list[Any]:
    """Of texts of other lengths and in other numbers than the ones that are traced."""
    return [
        model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        for texts in (_CHECKED, _CHECKED[:1])
    ]


@contextmanager
def _quietly() -> Iterator[None]:
    """Tracers warn and log much about code that is not ours."""
    logs = [logging.getLogger(name) for name in ("torch.onnx", "transformers")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _plain(takes: Any) -> dict[str, Any]:
    """No more than hidden states: a cache for generating text cannot be traced."""
    return {"return_dict": False, **({"use_cache": False} if "use_cache" in takes else {})}


def _replace(model: Any, body: Any, run: _Run, names: Sequence[str]) -> None:
    import torch

    def forward(**features: Any) -> Any:
        given = [features[k].detach().cpu().numpy() for k in names]
        return {"last_hidden_state": torch.from_numpy(run(given))}

    stand_in = torch.nn.Module()
    stand_in.forward = forward
    stand_in.config = body.config
    model[0].model = stand_in


def _exported(body: Any, example: tuple[Any, ...], names: Sequence[str], file: Path) -> None:
    import torch

    dynamic = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(
        body,
        example,
        str(file),
        input_names=list(names),
        dynamo=True,
        dynamic_shapes=((dynamic,) * len(names),),
        verbose=False,
    )


def _in_onnxruntime(file: Path, names: Sequence[str]) -> _Run:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    state = onnxruntime.capi.onnxruntime_pybind11_state
    failures = (state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NotImplemented)
    try:
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except failures as error:  # which are no RuntimeErrors
        raise RuntimeError(str(error)) from error
    return lambda given: session.run(None, dict(zip(names, given, strict=True)))[0]


def _in_openvino(file: Path, names: Sequence[str]) -> _Run:
    """By way of ONNX, and without the part of OpenVINO that sends usage data to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    core = openvino.Core()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = core.compile_model(core.read_model(str(file)), "CPU", exact)
    return lambda given: compiled(dict(zip(names, given, strict=True)))[0].copy()
