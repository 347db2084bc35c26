"""Bytes → text, without loss: which encoding it is, told by what the bytes can mean.

The order: a byte-order mark; UTF-8, if every byte is; then whichever of UTF-16, GB18030 and
Big5 gives the more common characters; at last what charset-normalizer says.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

SAMPLE = 60_000
"""How many bytes are looked at to compare encodings."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The commonest characters of Chinese text, simplified and traditional, with its punctuation:
# together nearly half of any Chinese text, and hardly any of a text read wrongly.
_COMMON = frozenset(
    "，。、：；！？“”（）《》「」的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能"
    "下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去把"
    "性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此"
    "变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边"
    "流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热"
    "领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目"
    "至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持"
    "音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族"
    "维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
    "這為個國會來時對發說學過還後進動現開經種裡實點問題關間門將當應體務員區業產資設縣鄉鎮黨書長電話車東馬網認議論調請記"
    "許證語變統結給線組級約續總節廣運達選遠邊陽隊際險難頭顯風飛萬與專豐臨舉義習聯聽聲職處號術衛複觀視親見負責質費輕轉辦"
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes could not be decoded: ``offset`` is the first bad byte, when there is one, of a
    text that is in ``encoding`` elsewhere."""

    why: str
    offset: int | None = None
    encoding: str = "utf-8"


def decode(data: bytes) -> tuple[str, str] | Unreadable:
    """The text and the encoding's name, or why there is none. No byte is dropped or replaced."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, len(mark))
    if not _is_utf8(data):
        return _compared(data)
    text = data.decode("utf-8")
    if _by_chance(data, text):
        return data.decode("gb18030"), "gb18030"
    return _compared(data) if _controls(text[:SAMPLE]) else (text, "utf-8")


def decode_name(data: bytes) -> str:
    """A short name, as file systems and archives keep it: in UTF-8, else in GB18030."""
    try:
        text = data.decode("utf-8")
        return data.decode("gb18030") if _by_chance(data, text) else text
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _strictly(data: bytes, encoding: str, offset: int = 0) -> tuple[str, str] | Unreadable:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        why = f"it is {encoding.upper()} but for a damaged byte"
        return Unreadable(why, offset + error.start, encoding)


def _by_chance(data: bytes, text: str) -> bool:
    """Whether a few GB18030 characters happen to be UTF-8 too: 联通 and 通知 are.

    What they make then are letters of no one script, all of two bytes.
    """
    others = [c for c in text[:SAMPLE] if c >= "\x80"]
    if not others or max(others) >= "\u0800" or max(others) < "\u0250" or _one_script(others):
        return False
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return _plausible(data, "gb18030") >= 0.5


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _compared(data: bytes) -> tuple[str, str] | Unreadable:
    """Bytes that are not plain UTF-8: damaged UTF-8, or another encoding."""
    bad = _damage_in_utf8(data)
    if bad is not None:
        return Unreadable("it is UTF-8 but for a damaged byte", bad)
    scored = sorted(((_plausible(data, name), name) for name in _candidates(data)), reverse=True)
    likely = [(score, name) for score, name in scored if score >= 0.5]
    for score, name in likely:
        # One that fits whole goes before one that fits a little better but for a damaged byte.
        found = _strictly(data, name)
        if isinstance(found, tuple) and score >= 0.7 * likely[0][0]:
            return found
    if likely:
        return _strictly(data, likely[0][1])
    if _is_utf8(data):
        return data.decode("utf-8"), "utf-8"
    return _last_resort(data)


def _candidates(data: bytes) -> list[str]:
    """The encodings that these bytes could be in at all."""
    wide = ["utf-16-le", "utf-16-be"] if len(data) % 2 == 0 else []
    return wide if b"\0" in data else [*wide, "gb18030", "big5hkscs"]


def _damage_in_utf8(data: bytes) -> int | None:
    """The first bad byte of a text that is UTF-8 nearly everywhere; None if it is not."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        good = len(text) - len(text.encode("ascii", "ignore")) - bad
        return error.start if good >= 8 * bad else None
    return None


def _plausible(data: bytes, encoding: str) -> float:
    """How much ``data`` looks like Chinese or plain text in ``encoding``: 0 to about 1."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(data[:SAMPLE])
    letters = [c for c in text if not c.isspace()]
    if not letters:
        return 0.0
    others = [c for c in letters if not "!" <= c <= "~"]
    wrong = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in others) + _controls(text)
    score = 1.0
    if others and not (b"\0" in data and _one_script(others)):
        # Half of all Chinese characters in use are common ones: twice their share is near one.
        common = 2.2 * sum(c in _COMMON for c in others)
        if len(others) < 40:  # too few to hold many common ones: a name
            common = max(common, 0.6 * sum(map(_taught, others)))
        score = min(1.0, common / len(others))
    share = len(others) / len(letters)
    return score * share + (1 - share) - 20 * wrong / len(letters)


def _taught(char: str) -> bool:
    """Whether a character is in the first level of GB 2312 or Big5, the ones in daily use."""
    for encoding, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if low <= char.encode(encoding)[0] <= high:
                return True
        except UnicodeEncodeError:
            continue
    return False


def _one_script(chars: list[str]) -> bool:
    """Whether the characters are mostly of one alphabet, or Korean: no mixture of all."""
    for low, high in (("\u00c0", "\u024f"), ("\u0370", "\u03ff"), ("\u0400", "\u04ff"),
                      ("\u0590", "\u06ff"), ("\u0700", "\u07ff"), ("\u3040", "\u30ff"),
                      ("\uac00", "\ud7a3")):  # fmt: skip
        if sum(low <= c <= high for c in chars) > 0.6 * len(chars):
            return True
    return False


def _controls(text: str) -> int:
    """How many control characters a text holds that no text should."""
    return sum(text.count(c) for c in map(chr, range(32)) if c not in "\t\n\r\f\v\x1a\x1b")


def _last_resort(data: bytes) -> tuple[str, str] | Unreadable:
    """What charset-normalizer finds, for Japanese, Korean, Cyrillic or Western encodings."""
    from charset_normalizer import from_bytes

    if b"\0" in data:
        return Unreadable("its bytes are no text")
    sample = data[:SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    best = from_bytes(sample).best() if high >= 3 else None
    if best is None or best.encoding.startswith("utf"):
        return Unreadable("its bytes are text in no encoding that is told apart here")
    western = high < 0.4 * len(sample) and best.encoding in {"cp1250", "cp1254", "cp1257", "cp1258"}
    return _strictly(data, "cp1252" if western else best.encoding)
