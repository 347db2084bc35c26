"""English words → the form they are looked up by, and the words that carry no meaning of their own.

A light stemmer: endings of inflection only (plural, -ed, -ing, a mute -e), and a short list of
irregular forms. It is step 1 and 5 of Porter's algorithm (M. F. Porter, "An algorithm for suffix
stripping", 1980) with ``-ies`` kept as ``-y``; endings that make new words (-ment, -ation, -er)
stay, since "manager" and "management" have different translations.

    >>> [stem(w) for w in ("Cities", "demanded", "women", "provides", "manager's")]
    ['city', 'demand', 'woman', 'provid', 'manager']
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = "aeiouy"
_CONTRACTION = re.compile(r"(?:n't|'(?:s|re|ll|ve|d|m)|s')$")
_SPELL = re.compile(r"[aeiouy]+[^aeiouy]+")

_IRREGULAR_FORMS = (
    "ate:eat became:become began:begin begun:begin bent:bend born:bear bought:buy bound:bind "
    "broke:break broken:break brought:bring built:build came:come caught:catch children:child "
    "chose:choose chosen:choose dealt:deal drawn:draw drew:draw driven:drive drove:drive "
    "dying:die eaten:eat fallen:fall feet:foot fell:fall felt:feel flew:fly flown:fly "
    "forgot:forget fought:fight found:find froze:freeze frozen:freeze gave:give given:give "
    "goes:go gone:go got:get gotten:get grew:grow grown:grow heard:hear held:hold hid:hide "
    "hidden:hide hung:hang kept:keep knew:know known:know laid:lay leaves:leaf led:lead "
    "lent:lend lives:life lost:lose lying:lie made:make meant:mean men:man met:meet paid:pay "
    "ran:run risen:rise rose:rise said:say sang:sing sank:sink sat:sit saw:see seen:see "
    "sent:send shaken:shake shook:shake shot:shoot slept:sleep sold:sell sought:seek "
    "spent:spend spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike "
    "sung:sing swam:swim taken:take taught:teach threw:throw thrown:throw told:tell took:take "
    "tore:tear torn:tear understood:understand went:go wives:wife woke:wake women:woman "
    "won:win wore:wear worn:wear written:write wrote:write buses:bus"
)
_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_FORMS.split())
_KEPT = frozenset(["during", "evening", "less", "morning", "news", "overseas", "series", "species"])

_GRAMMAR = """a an the of to in on at by for from with without into onto upon about as and or but nor if
than then that this these those there here it its itself he him his himself she her hers
herself they them their theirs themselves we us our ours ourselves you your yours yourself i me
my mine myself one ones be am is are was were been being do does did doing done has have had
having will would shall should can cannot could may might must ought what which who whom whose
when where why how whether while because so such not no yes any some all each every both either
neither other another same own too very just only also even still yet much many more most few
several up down out off over under again once before after between among through against within
along across per via etc someone something anything anyone everyone everything nobody nothing
let please"""
STOP_WORDS = frozenset(_GRAMMAR.split())
"""Words of English grammar: they are not translated and not looked for."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The form under which an English word is looked up; any other word in lower case."""
    word = _CONTRACTION.sub("", word.lower().replace("’", "'")).replace("'", "")
    word = _IRREGULAR.get(word, word)
    if word in _KEPT or len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    return _mute_e(_past(_plural(word)))


def is_stop(word: str) -> bool:
    """Whether an English word, in any spelling, is one of ``STOP_WORDS``."""
    lower = word.lower().replace("’", "'")
    return lower in STOP_WORDS or _CONTRACTION.sub("", lower) in STOP_WORDS


def _plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1] if len(word) <= 4 else word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and word[-2] not in "ius" else word


def _past(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) <= 4 else word[:-3] + "y"
    if word.endswith("eed"):
        return word
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            return _restored(word[: -len(ending)]) or word
    return word


def _restored(trunk: str) -> str:
    """What is left of -ed or -ing, spelt as the word itself is; empty when it is no word."""
    if len(trunk) < 2 or not any(c in _VOWELS for c in trunk):
        return ""
    if len(trunk) == 2:
        return trunk if trunk[-1] in _VOWELS else trunk + "e"
    if trunk.endswith(("at", "bl", "iz")):
        return trunk + "e"
    if len(trunk) > 3 and trunk[-1] == trunk[-2] and trunk[-1] not in "aeiouylsz":
        return trunk[:-1]
    return trunk + "e" if _syllables(trunk) == 1 and _short(trunk) else trunk


def _mute_e(word: str) -> str:
    if word.endswith("e") and len(word) > 3:
        trunk = word[:-1]
        syllables = _syllables(trunk)
        if syllables > 1 or (syllables == 1 and not _short(trunk)):
            word = trunk
    return word[:-1] if word.endswith("ll") and _syllables(word[:-1]) > 1 else word


def _syllables(word: str) -> int:
    return len(_SPELL.findall(word))


def _short(word: str) -> bool:
    """Ends in consonant, vowel, consonant ("hop"): the -e that followed was not mute."""
    return (
        len(word) >= 3
        and word[-1] not in "aeiouwxy"
        and word[-2] in _VOWELS
        and word[-3] not in "aeiou"
    )
