"""Which language a text is in: by script, then by characters or small words that decide.

Cheap on purpose: one look at the first few thousand characters, no model, no table on disk.
"""

from __future__ import annotations

import re
from collections import Counter

SAMPLE = 4000
"""How many characters are looked at."""

_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "kana": re.compile(r"[\u3041-\u30fa\uff66-\uff9d]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
_WEIGHTS = {"han": 3.0, "kana": 3.0, "ko": 3.0}
"""A Chinese, Japanese or Korean character says as much as about three letters."""

# Frequent characters that are written in one of the two ways only.
_TRADITIONAL = frozenset(
    "這個們來時為說國會對學過還後從進動現開發經種裡實點問題關間門將當應該體務員區業產資設縣鄉鎮黨書長電話車東馬網買賣"
    "認識議論調讓請記許訊議證語讀變統結給線終組級紀約網維續總節廣應庫應農運達選遠邊還陽隊際隨險雖難頭顯風飛馮龍萬與"
    "專業豐臨舉義習聯聽聲職處號術衛補製複觀覺規視親見貝負責貨質費賽趙輕轉辦週適鄭醫釋鋼錢錄鐵銀鏡閱隻雙離雲靜響頁順"
    "預領額願類館馳驗魚鳥麗黃齊齡氣滿漢潔濟測決沒漁無爾牽獨獲環畫當療盡監確禮離積穩窮競筆紅純細織線編緊縮績繼罰罷"
)
_SIMPLIFIED = frozenset(
    "这个们来时为说国会对学过还从进动现开发经种实点问题关间门将当应该体务员区业产资设县乡镇党书长电话车东马网买卖认识"
    "议论调让请记许讯证语读变统结给线终组级纪约维续总节广库农运达选远边阳队际随险虽难头显风飞冯龙万与专丰临举义习联听声"
    "职处号术卫补观觉规视亲见贝负责货质费赛赵轻转办适郑医释钢钱录铁银镜阅双离静响页顺预领额愿类馆驰验鱼鸟丽黄齐龄气满汉"
    "洁济测决没渔无尔牵独获环画疗尽监确礼积稳穷竞笔红纯细织编紧缩绩继罚罢"
)
_ONLY_TRADITIONAL = _TRADITIONAL - _SIMPLIFIED
_ONLY_SIMPLIFIED = _SIMPLIFIED - _TRADITIONAL

_SMALL_WORDS = {
    "en": "the of and to in is was for that with on by are as at from",
    "fr": "le la les des et une est dans pour que qui du sur pas au",
    "de": "der die und das ist nicht mit den ein eine von zu auf für",
    "es": "el los las una que por con del para es en se como más",
    "it": "il che di per una sono con della non gli nel del anche",
    "pt": "o os um uma que não com para do da dos em são mais",
    "vi": "và của là các có được trong cho không một những với đã",
    "tr": "ve bir bu için ile olarak olan çok daha gibi sonra kadar",
    "ro": "și în este care din pentru mai cu sunt prin fost între",
}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """The language of ``text`` as a BCP 47 tag, ``"und"`` where nothing decides.

    Chinese is ``"zh"``, or ``"zh-Hant"`` when written in traditional characters.
    """
    sample = text[:SAMPLE]
    weights = {
        name: len(pattern.findall(sample)) * _WEIGHTS.get(name, 1.0)
        for name, pattern in _SCRIPTS.items()
    }
    if not any(weights.values()):
        return "und"
    kana = weights.pop("kana")
    script = max(weights, key=lambda name: weights[name])
    if script == "han" or kana > weights[script]:
        return "ja" if kana > 0.1 * weights["han"] else _chinese(sample)
    return _latin(sample) if script == "latin" else script


def _chinese(sample: str) -> str:
    counts = Counter(sample)
    traditional = sum(counts[c] for c in counts.keys() & _ONLY_TRADITIONAL)
    simplified = sum(counts[c] for c in counts.keys() & _ONLY_SIMPLIFIED)
    return "zh-Hant" if traditional > simplified else "zh"


def _latin(sample: str) -> str:
    words = _WORD.findall(sample.lower())
    counts = {
        tag: sum(word in small for word in words)
        for tag, small in ((tag, set(text.split())) for tag, text in _SMALL_WORDS.items())
    }
    best = max(counts, key=lambda tag: counts[tag])
    if counts[best]:
        return best
    return "en" if sample.isascii() else "und"
