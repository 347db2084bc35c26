"""What can be done on the page, without a browser: by the desk's events and the page's addresses."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from made import make_answer
from starlette.applications import Starlette
from starlette.testclient import TestClient

from index.errors import LibraryNotFound, SettingsError
from index.library import Library
from qa.assistant import Assistant, Conversation
from qa.conversations import Conversations
from qa.options import PLAIN, Options
from qa.page.adding import Adding
from qa.page.desk import Desk
from qa.page.libraries import Libraries, is_name
from qa.page.login import TRIES, Door
from qa.page.models import Models
from qa.page.routes import Routes
from qa.page.seat import Detail, Seat, Wishes
from qa.types import Answer
from qa.users import Users, put_user

RIVER = "总投资多少"
NEWS = "{name}大桥开工\n本报讯（记者 甲一）2024年3月1日，{name}大桥开工，总投资{amount}亿元。\n"
ZH = Seat("zh")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over a library with two articles, on files that are this test's own."""
    folder = tmp_path / "library"
    for name, amount in (("青槐", 3), ("白杨", 7)):
        (tmp_path / f"{name}.txt").write_text(NEWS.format(name=name, amount=amount), "utf-8")
    with Library.open(folder) as library:
        library.add([tmp_path / "青槐.txt", tmp_path / "白杨.txt"])
        made = Desk(Libraries(Assistant(library)), Conversations(folder / "conversations.sqlite"))
        yield made
        made.close()


def do(desk: Desk, what: str, seat: Seat = ZH, **told: Any) -> dict[str, str]:
    return desk.now(Detail({"do": what, **told}), seat)


def ask(desk: Desk, question: str, seat: Seat = ZH, **told: Any) -> dict[str, str]:
    """All areas that a question changes, each at its last."""
    areas: dict[str, str] = {}
    for changed in desk.ask(Detail({"question": question, **told}), seat):
        areas |= changed
    return areas


def last_talk(desk: Desk, user: str = "") -> str:
    return desk.talks.store.of(user)[0].id


def test_a_question_begins_a_conversation_that_is_kept(desk: Desk) -> None:
    areas = ask(desk, "青槐大桥总投资多少")
    assert "3亿元" in areas["now"]
    assert "青槐大桥总投资多少" in areas["talks"]
    seat = Seat("zh", talk=last_talk(desk))
    again = ask(desk, "白杨大桥总投资多少", seat)
    assert "3亿元" in again["past"]
    assert "7亿元" in again["now"]
    assert "talks" not in again, "the list has not changed"
    reopened = do(desk, "reopen", seat)
    assert ("3亿元" in reopened["past"], "7亿元" in reopened["now"]) == (True, True)


def test_a_conversation_goes_on_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    ask(desk, "青槐大桥什么时候开工")
    talk = last_talk(desk)
    with Library.open(desk.libraries.home.library.folder) as library:
        store = Conversations(library.folder / "conversations.sqlite")
        later = Desk(Libraries(Assistant(library)), store)
        areas = ask(later, "总投资多少", Seat("zh", talk=talk))
        later.close()
    assert "青槐大桥什么时候开工" in areas["past"]
    assert "3亿元" in areas["now"], "understood in the light of the round before the restart"


def test_wishes_are_heeded_at_once(desk: Desk) -> None:
    assert "3亿元" in ask(desk, "青槐大桥总投资多少")["now"]
    too_early = Seat("zh", Wishes.read(Detail({"until": "2020-01-01"})))
    assert "yj-refusal" in ask(desk, "青槐大桥总投资多少", too_early)["now"]


class Gated(Assistant):
    """Its answers stop in the middle until ``gate`` is opened."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.gate = threading.Event()

    def chat(self) -> Conversation:
        return GatedConversation(self)


class GatedConversation(Conversation):
    """One of them."""

    def stream(
        self, question: str, options: Options = PLAIN, stop: threading.Event | None = None
    ) -> Iterator[Answer]:
        assert isinstance(self._assistant, Gated)
        assert stop is not None
        yield make_answer(text="开头。")
        while not stop.is_set() and not self._assistant.gate.wait(0.01):
            pass
        yield make_answer(text="开头。结尾。")


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[tuple[Desk, threading.Event]]:
    """A desk whose answers wait in the middle, and what lets them go on."""
    with Library.open(tmp_path / "library") as library:
        assistant = Gated(library)
        made = Desk(Libraries(assistant), Conversations(tmp_path / "conversations.sqlite"))
        yield made, assistant.gate
        made.close()


def until(going: Iterator[dict[str, str]], words: str) -> dict[str, str]:
    """The areas that first show these words."""
    return next(areas for areas in going if words in areas.get("now", ""))


def outcome(desk: Desk) -> str:
    """How the last round has ended, as kept."""
    for _ in range(200):
        *_, last = desk.talks.store.rounds(last_talk(desk))
        if last.outcome != "open":
            break
        time.sleep(0.01)
    return last.outcome


def test_one_question_at_a_time_in_a_conversation(gated: tuple[Desk, threading.Event]) -> None:
    desk, gate = gated
    first = desk.ask(Detail({"question": "甲"}), ZH)
    until(first, "开头")
    seat = Seat("zh", talk=last_talk(desk))
    assert "还没有答完" in ask(desk, "乙", seat)["now"]
    gate.set()
    until(first, "结尾")
    list(first)
    assert len(desk.talks.store.rounds(seat.talk)) == 1, "what was turned down is not kept"
    assert "结尾" in ask(desk, "丙", seat)["now"]


def test_an_answer_goes_on_without_its_window(gated: tuple[Desk, threading.Event]) -> None:
    desk, gate = gated
    going = desk.ask(Detail({"question": "甲"}), ZH)
    until(going, "开头")
    going.close()  # type: ignore[attr-defined]
    seat = Seat("zh", talk=last_talk(desk), window="another")
    reopened = do(desk, "reopen", seat)["now"]
    assert "开头" in reopened
    assert "aria-busy" in reopened, "so the window follows it"
    following = desk.ask(Detail({"follow": 1}), seat)
    assert "开头" in next(following)["now"]
    gate.set()
    assert "yj-acts" in until(following, "结尾")["now"]
    assert outcome(desk) == "done"


def test_a_window_that_turns_away_is_not_shown_the_rest(
    gated: tuple[Desk, threading.Event],
) -> None:
    desk, gate = gated
    mine, other = Seat("zh", window="mine"), Seat("zh", window="other")
    going = desk.ask(Detail({"question": "甲"}), mine)
    until(going, "开头")
    follower = Seat("zh", window="other", talk=last_talk(desk))
    following = desk.ask(Detail({"follow": 1}), follower)
    next(following)
    do(desk, "new", mine)
    gate.set()
    assert list(going) == [], "a new conversation is shown there"
    until(following, "结尾")
    assert outcome(desk) == "done", "it is answered all the same"
    do(desk, "new", other)


def test_what_is_stopped_is_kept_as_far_as_it_was(
    gated: tuple[Desk, threading.Event], tmp_path: Path
) -> None:
    desk, _ = gated
    going = desk.ask(Detail({"question": "甲"}), ZH)
    until(going, "开头")
    seat = Seat("zh", talk=last_talk(desk))
    assert "已停止" in do(desk, "stop", seat)["now"]
    assert "已停止" in list(going)[-1]["now"]
    assert outcome(desk) == "stopped"
    going = desk.ask(Detail({"question": "乙"}), seat)
    until(going, "开头")
    desk.close()
    later = Conversations(tmp_path / "conversations.sqlite")
    ends = [r.outcome for r in later.rounds(seat.talk)]
    later.close()
    assert ends == ["stopped", "stopped"], "closing the page stops what goes on"


def test_a_round_that_the_program_did_not_finish_says_so(desk: Desk) -> None:
    ask(desk, "青槐大桥总投资多少")
    talk = last_talk(desk)
    desk.talks.store.ask(talk, "青槐大桥什么时候开工")  # and then it was killed
    desk.talks.forget(talk)
    shown = do(desk, "reopen", Seat("zh", talk=talk))["now"]
    assert "程序中断" in shown
    assert "aria-busy" not in shown
    assert 'data-do="retry"' in shown


def test_many_conversations_are_listed_a_part_at_a_time(desk: Desk) -> None:
    for number in range(130):
        desk.talks.store.begin("", "", f"第{number}个问题")
    short = do(desk, "find")["talks"]
    assert short.count("<li") == 40
    assert "第129个问题" in short
    assert 'data-do="more-talks"' in short
    assert do(desk, "find", limit=120)["talks"].count("<li") == 120
    whole = do(desk, "find", limit=360)["talks"]
    assert whole.count("<li") == 130
    assert "more-talks" not in whole
    assert "第7个问题" in do(desk, "find", words="第7个问题")["talks"], "the search looks in all"


def test_nobody_else_sees_or_changes_a_conversation(desk: Desk) -> None:
    hers, his = Seat("zh", user="her"), Seat("zh", user="him")
    ask(desk, "青槐大桥总投资多少", hers)
    talk = last_talk(desk, "her")
    theirs = Seat("zh", user="him", talk=talk)
    assert "青槐" not in do(desk, "reopen", theirs)["past"]
    do(desk, "rename", his, which=talk, name="偷")
    do(desk, "forget", his, which=talk)
    assert [k.name for k in desk.talks.store.of("her")] == ["青槐大桥总投资多少"]
    stolen = ask(desk, "白杨大桥总投资多少", theirs)
    assert "past" in stolen
    assert "青槐" not in stolen["past"]
    assert len(desk.talks.store.rounds(talk)) == 1
    assert "青槐" not in do(desk, "find", his, words="青槐")["talks"]


def test_no_suggestion_is_answered_by_what_was_just_shown(desk: Desk) -> None:
    seat = Seat("zh", talk="")
    text = "总投资3亿元。县长高文博到场。"
    body = f"青石水库开工\n本报讯（记者 甲一）2024年3月1日，青石水库开工，{text}\n"
    file = desk.libraries.home.library.folder.parent / "水库.txt"
    file.write_text(body, encoding="utf-8")
    desk.libraries.home.library.add([file])
    shown = ask(desk, "青石水库总投资多少", seat)["now"]
    assert "3亿元" in shown
    tips = do(desk, "tips", Seat("zh", talk=last_talk(desk)))["tips"]
    assert "高文博是什么职务" in tips
    assert "《青石水库开工》里，总投资" not in tips


def test_suggestions_are_in_the_language_of_what_was_read(desk: Desk) -> None:
    file = desk.libraries.home.library.folder.parent / "depot.txt"
    body = "The new library will have 620 seats, room for 350,000 books and a reading garden."
    file.write_text(f"Old Grain Depot to Reopen as a Library\nBy Tang Yue\n\n{body}\n", "utf-8")
    desk.libraries.home.library.add([file])
    shown = ask(desk, "How many seats will the new library have?")["now"]
    assert "620 seats" in shown
    tips = do(desk, "tips", Seat("en", talk=last_talk(desk)))["tips"]
    assert "Who wrote “Old Grain Depot to Reopen as a Library”?" in tips
    assert "大桥" not in tips


def test_suggestions_are_answered_by_the_library(desk: Desk) -> None:
    first = do(desk, "tips")["tips"]
    assert "data-question" in first
    areas = ask(desk, "青槐大桥总投资多少")
    assert areas["tips"] == ""
    after = do(desk, "tips", Seat("zh", talk=last_talk(desk)))["tips"]
    assert "可以接着问" in after


def test_unknown_deeds_and_nonsense_do_nothing(desk: Desk) -> None:
    assert do(desk, "drop-everything") == {}
    assert desk.now(Detail(None), ZH) == {}
    assert ask(desk, "   ") == {}
    assert "太长" in ask(desk, "问" * 1001)["now"]
    assert desk.talks.store.of("") == []


def test_libraries_are_made_chosen_and_kept_apart(desk: Desk) -> None:
    made = do(desk, "make", name="会议纪要")
    assert 'data-library="会议纪要"' in made["top"]
    assert "已有同名" in do(desk, "make", name="会议纪要")["toast"]
    for bad in ("../x", "a/b", ".", "..", "", "con", "x" * 41, "a\0b"):
        assert "yj-error" in do(desk, "make", name=bad)["toast"], bad
    there = Seat("zh", library="会议纪要")
    assert "yj-refusal" in ask(desk, "青槐大桥总投资多少", there)["now"]
    assert desk.libraries.all() == ["", "会议纪要"]
    gone = do(desk, "choose", Seat("zh"), value="没有的")
    assert "toast" in gone
    with pytest.raises(LibraryNotFound):
        desk.libraries.get("../library")
    with pytest.raises(SettingsError):
        desk.libraries.make("a:b")
    assert is_name("2024 年（下）")


def test_readers_change_nothing(desk: Desk) -> None:
    reader = Seat("zh", user="guest", writes=False)
    assert "只能提问" in do(desk, "make", reader, name="新的")["toast"]
    source = desk.libraries.home.library.sources()[0]
    assert "只能提问" in do(desk, "remove", reader, source=source)["toast"]
    assert list(desk.stock(Detail({"batch": "abc"}), reader)) == []
    view = do(desk, "shelf", reader)
    assert "data-files" not in view["shelf"]
    assert 'data-do="remove"' not in view["articles"]
    assert len(desk.libraries.home.library) == 2


def test_a_removal_leaves_no_answer_and_can_be_taken_back(desk: Desk) -> None:
    source = next(s for s in desk.libraries.home.library.sources() if "青槐" in s)
    removed = do(desk, "remove", source=source)
    assert "青槐" not in removed["articles"]
    assert "put-back" in removed["toast"]
    assert "3亿元" not in ask(desk, "青槐大桥总投资多少")["now"]
    back = do(desk, "put-back", source=source)
    assert "青槐" in back["articles"]
    assert "3亿元" in ask(desk, "青槐大桥总投资多少")["now"]
    assert do(desk, "put-back", source=source) == {"toast": ""}, "only once"


class SlowLibrary:
    """A library in which every file takes its time; what it was told to add is remembered."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.gate = threading.Event()

    def add(self, paths: list[Path], progress: Any) -> Any:
        from index.types import AddReport, FileReport

        for i, path in enumerate(paths):
            progress(i, len(paths), str(path))
            self.gate.wait(5)
            self.added.append(path.name)
        return AddReport(tuple(FileReport(str(p), "added", 1) for p in paths))


def test_the_rest_of_a_job_can_be_cancelled() -> None:
    adding, library = Adding(), SlowLibrary()
    job = adding.start(library, "", "", [Path(f"{i}.txt") for i in range(40)])  # type: ignore[arg-type]
    assert adding.running("", "") is job
    assert adding.find(job.number, "somebody else") is None
    seen = job.follow(pace=0.01)
    next(seen)
    job.cancelled.set()
    library.gate.set()
    assert list(seen)
    assert job.done
    assert job.ended
    assert {f.state for f in job.files} == {"added", "cancelled"}
    assert [f.path.name for f in job.files if f.state == "added"] == library.added
    assert adding.running("", "") is None
    adding.close()


def client(desk: Desk, users: Users | None = None) -> TestClient:
    app = Starlette()
    Routes(desk, "body { }", "<svg/>").add_to(app)  # type: ignore[arg-type]
    return TestClient(Door(app, users), headers={"accept-language": "zh"})


def test_files_come_in_and_are_added(desk: Desk) -> None:
    web = client(desk)
    body = NEWS.format(name="红枫", amount=9).encode()
    sent = {"batch": "abc123", "name": "../../红枫.txt"}
    assert web.put("/files", params=sent, content=body).status_code == 403, "no header, no entry"
    assert web.put("/files", params=sent, content=body, headers={"x-youju": "1"}).status_code == 204
    empty = {"batch": "abc123", "name": "空.txt"}
    assert (
        web.put("/files", params=empty, content=b" ", headers={"x-youju": "1"}).status_code == 204
    )
    areas: dict[str, str] = {}
    for changed in desk.stock(Detail({"batch": "abc123"}), ZH):
        areas |= changed
    assert "文件里没有文字" in areas["jobs"]
    assert "添加完成：1 个文件，1 个失败" in areas["jobs"]
    assert "红枫" in areas["articles"]
    uploads = desk.libraries.home.library.folder / "uploads"
    assert [p.name for p in uploads.glob("*.txt")] == ["红枫.txt"]
    assert "9亿元" in ask(desk, "红枫大桥总投资多少")["now"]
    source = str(uploads / "红枫.txt")
    do(desk, "remove", source=source)
    assert not Path(source).exists(), "its copy is out of sight too"
    do(desk, "put-back", source=source)
    assert Path(source).exists()


def test_a_file_too_large_is_turned_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.page.uploads.LIMIT", 10)
    sent = client(desk).put(
        "/files",
        params={"batch": "a", "name": "a.txt"},
        content=b"x" * 11,
        headers={"x-youju": "1"},
    )
    assert sent.status_code == 413
    assert list((desk.libraries.home.library.folder / "uploads").rglob("a.txt")) == []


def test_conversations_and_ratings_leave_as_files(desk: Desk) -> None:
    from docx import Document

    ask(desk, "青槐大桥总投资多少")
    talk, web = last_talk(desk), client(desk)
    number = desk.talks.store.rounds(talk)[0].id
    do(desk, "rate", Seat("zh", talk=talk), round=number, rating="good")
    markdown = web.get(f"/export/{talk}.md")
    assert "3亿元" in markdown.text
    assert "attachment" in markdown.headers["content-disposition"]
    assert json.loads(web.get(f"/export/{talk}.json").content)["rounds"][0]["rating"] == 1
    assert Document(io.BytesIO(web.get(f"/export/{talk}.docx").content)).paragraphs
    assert web.get(f"/export/{talk}.exe").status_code == 404
    assert web.get("/export/none.md").status_code == 404
    exam = json.loads(web.get("/ratings/exam.jsonl").text)
    assert (exam["article"], exam["must"]) == ("青槐大桥开工", ["3亿元"])
    assert json.loads(web.get("/ratings/all.jsonl").text)["rating"] == 1
    assert web.get("/ratings/users").status_code == 404


def test_what_is_behind_an_answer_can_be_looked_at(desk: Desk) -> None:
    ask(desk, "青槐大桥总投资多少")
    talk, web = last_talk(desk), client(desk)
    number = desk.talks.store.rounds(talk)[0].id
    at = {"talk": talk, "round": number}
    assert "2024年3月1日" in web.get("/look/timeline", params=at).text
    assert "<meter" in web.get("/look/why", params=at | {"wishes": "{bad"}).text
    assert web.get("/look/why", params={"talk": "x", "round": 1}).status_code == 404
    home = desk.libraries.home.library
    article = next(a for a in home.articles() if "青槐" in a.title)
    page = web.get("/article", params={"id": article.id, "start": 0, "end": 3})
    assert f"<mark>{article.text[:3]}</mark>" in page.text
    assert web.get("/article", params={"id": "none"}).status_code == 404
    assert web.get("/article", params={"id": article.id, "library": "../x"}).status_code == 404


def test_the_door_lets_in_those_who_know_their_password(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "users"
    put_user(path, "her", "editor", "long enough")
    put_user(path, "guest", "reader", "long enough")
    users = Users(path)
    ask(desk, "青槐大桥总投资多少", Seat("zh", user="her"))
    talk = last_talk(desk, "her")
    web = client(desk, users)
    assert web.get(f"/export/{talk}.md").status_code == 401
    page = web.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "login")
    deep = web.get("/export/x.md", headers={"accept": "text/html"}, follow_redirects=False)
    assert deep.headers["location"] == "../login"
    assert "密码" in web.get("/login").text
    wrong = web.post("/login", data={"name": "her", "password": "wrong"})
    assert wrong.status_code == 403
    right = web.post(
        "/login", data={"name": "her", "password": "long enough"}, follow_redirects=False
    )
    assert right.status_code == 303
    assert "HttpOnly" in right.headers["set-cookie"]
    assert web.get(f"/export/{talk}.md").status_code == 200

    other = client(desk, users)
    other.post("/login", data={"name": "guest", "password": "long enough"}, follow_redirects=False)
    assert other.get(f"/export/{talk}.md").status_code == 404, "another's conversation"
    put = {"params": {"batch": "a", "name": "a.txt"}, "content": b"x", "headers": {"x-youju": "1"}}
    assert other.put("/files", **put).status_code == 403, "a reader adds nothing"  # type: ignore[arg-type]
    put_user(path, "guest", "editor", "long enough")
    assert other.put("/files", **put).status_code == 204, "a change of the file counts at once"  # type: ignore[arg-type]

    web.post("/logout", follow_redirects=False)
    assert web.get(f"/export/{talk}.md").status_code == 401


def test_guessing_passwords_has_to_wait(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "users"
    put_user(path, "her", "editor", "long enough")
    web = client(desk, Users(path))
    tried = [
        web.post("/login", data={"name": "her", "password": str(i)}).status_code
        for i in range(TRIES + 1)
    ]
    assert tried == [403] * TRIES + [429]
    right = web.post("/login", data={"name": "her", "password": "long enough"})
    assert right.status_code == 429, "even the right one, for a minute"


def test_twenty_people_at_once_lose_nothing(desk: Desk) -> None:
    def talk(number: int) -> None:
        seat = Seat("zh", user=f"u{number}")
        for _ in range(3):
            ask(desk, "青槐大桥总投资多少", seat)

    threads = [threading.Thread(target=talk, args=(i,)) for i in range(20)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - start < 60
    for i in range(20):
        kept = desk.talks.store.of(f"u{i}")
        outcomes = [r.outcome for k in kept for r in desk.talks.store.rounds(k.id)]
        assert outcomes == ["done"] * 3, "what is shown as whole has been written down"


class ModelServer(BaseHTTPRequestHandler):
    """Just enough of an OpenAI-compatible server to have models and write one sentence."""

    key = "right-key"

    def do_GET(self) -> None:
        if self.headers.get("authorization") != f"Bearer {self.key}":
            self._say(401, {"error": {"message": "wrong key"}})
            return
        self._say(200, {"object": "list", "data": [{"id": "tiny", "object": "model"}]})

    def _say(self, status: int, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_a_language_model_is_tried_chosen_and_kept(desk: Desk) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), ModelServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    web, header = client(desk), {"x-youju": "1"}
    try:

        def post(what: str, **told: str) -> tuple[int, str]:
            answer = web.post(f"/model/{what}", json=told, headers=header)
            return answer.status_code, answer.text

        assert web.post("/model/use", json={"url": url}).status_code == 403, "no header, no entry"
        status, words = post("try", url=url, key="wrong")
        assert (status, "不能使用" in words) == (202, True)
        assert "wrong" not in words.replace("wrong key", "")
        assert post("try", url=url, key="right-key") == (200, "可以使用：tiny")
        assert post("try", url=url, key="right-key", model="big")[0] == 202
        assert post("try", url="ftp://x")[0] == 202
        assert desk.libraries.home.generator is None, "a trial changes nothing"
        assert post("use", url=url, key="right-key")[0] == 200
        assert desk.libraries.home.generator is not None
        kept = desk.libraries.home.library.folder / "language-model.json"
        if os.name == "posix":
            assert kept.stat().st_mode & 0o077 == 0
        assert "right-key" not in do(desk, "start")["settings"]
        assert url in do(desk, "start")["settings"]
        assert url not in do(desk, "start", Seat("zh", writes=False))["settings"]
        assert post("try", url=url) == (200, "可以使用：tiny"), "the key is remembered"
        assert Models(desk.libraries).choice.url == url
        assert post("use")[0] == 200
        assert desk.libraries.home.generator is None
        assert "3亿元" in ask(desk, "青槐大桥总投资多少")["now"]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
