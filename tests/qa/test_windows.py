"""What a window that stays open costs the server, with Gradio as it is."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.library import Library
from qa.assistant import Assistant

NEWS = "青槐大桥开工\n2024年3月1日，青槐大桥开工，总投资3亿元。\n"


@pytest.mark.filterwarnings("ignore")
def test_a_window_that_stays_open_costs_no_more_with_each_event(tmp_path: Path) -> None:
    gradio = pytest.importorskip("gradio")
    from qa.page.server import create_app

    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "news.txt"])
        app = create_app(Assistant(library))
        with TestClient(app) as web:
            events = web.get("/config").json()["dependencies"]
            number = next(d["id"] for d in events if d["targets"][0][1] == "now")

            def press(what: str) -> None:
                """One areas' turn to change, the others' to stay as they are."""
                body = {
                    "data": [],
                    "event_data": {"do": what, "wishes": {}},
                    "fn_index": number,
                    "session_hash": "window",
                }
                answer = web.post("/gradio_api/run/predict", json=body)
                assert answer.status_code == 200, answer.text

            def areas() -> int:
                gc.collect()
                return sum(isinstance(o, gradio.HTML) for o in gc.get_objects())

            for what in ("start", "find", "shelf", "new"):
                press(what)
            before = areas()
            for _ in range(5):
                for what in ("find", "shelf", "new", "start"):
                    press(what)
            assert areas() <= before
        app.state.desk.close()
