"""Terms by rule: noun phrases in lower case, which no capital shows.

A candidate is a run of words between function words, verbs and punctuation (Rose et al., *Automatic keyword extraction
from individual documents*, 2010). It counts where it stands whole: one inside a longer run counts for the longer one
alone, the correction that C-value makes (Frantzi et al., *Automatic recognition of multi-word terms*, 2000). A run
behind a determiner, a possessive or a preposition is surely a noun phrase; which of the others are, the corpus tells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..words import STOPWORDS
from .names import Mention, Word

LONGEST = 4
"""Words of a term; of a longer run the last ones are taken, where its head stands."""
SHORTEST = 3
"""Letters of a term of one word."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    """
    a an the this that these those my your his her its our their whose some any no each every another such of in
    for with by from on at into onto through over under between among across within without against during per
    via as than like about toward towards upon behind beside near around
    """
)
_FUNCTION = _words(
    """
    although though unless whereas whether however therefore thus hence indeed instead rather quite still yet
    ever never always often sometimes soon already perhaps maybe almost enough much many several least less lot
    lots bit us them himself herself themselves ourselves myself yourself one two three four five six seven
    eight nine ten first second third next last new old good great big small little high low long short own sure
    able may might must shall ought need let lets ok okay yes oh well really actually basically probably simply
    today tomorrow yesterday here there everywhere anything something nothing everything anyone someone everyone
    nobody somebody everybody thing things way ways kind sort upon per via etc et al ie eg mr mrs ms dr even
    later latter former best better worse worst merry back away apart alone ago early late possible important
    following available different similar same other others various certain particular general whole entire full
    main major minor real true clear due close thank thanks welcome hello hi please percent million billion
    thousand hundred year years month months week weeks day days hour hours minute minutes times moment half
    part born known written done driven gone given taken made seen become became been being directed starring
    married based isn don doesn didn won wouldn couldn shouldn aren weren wasn hasn haven hadn ve ll re
    """
)
_VERBS = _words(
    """
    accept achieve act add agree aim allow announce answer appear apply appreciate approve argue arrive ask
    assume avoid base become begin believe belong bring build buy call came carry cause change choose close come
    compare complete consider consist contain continue contribute convert cost cover create cut decide decline
    define deliver depend describe determine develop die differ discuss do draw drive drop earn eat enable
    encourage end enjoy ensure enter establish exceed exclude exist expand expect experience explain express
    extend face fall feel fill find finish follow forget form found gain gave get give go got grow guess handle
    happen have hear held help hold hope imagine improve include increase indicate intend introduce invest
    involve join keep kept knew know laugh launch lead learn leave led left let lie live look lose lost love
    made maintain make manage matter mean meet mention miss move name note notice obtain occur offer open
    operate order own pass pay perform pick place plan play point prefer prepare present prevent produce promise
    protect prove provide publish pull push put raise ran reach read realize receive recognize reduce refer
    reflect relate release remain remember remove replace reply report represent require rest result return
    reveal rise run said sat save saw say see seem sell send serve set share show sit sold solve sound speak
    spend spoke stand start state stay stood stop suggest supply support suppose take talk teach tell tend thank
    think thought told took transform tried try turn understand use wait walk want wear went win wish won wonder
    work worry write wrote
    """
)
_STRONG_VERBS = _words(
    """
    arose ate awoke began bent bit bled blew bred broke burst caught chose clung crept dealt
    drank drew drove dug fed fell felt fled flew flung forgave forgot fought froze hid hung knelt laid lay leapt
    lent lit meant met overtook rang rode sang sank sent shone shook shrank slept slew slid slung sought spat sped
    sprang spun stole stricken strode strove struck stuck stung swam swept swore swung tore threw trod undertook
    undid underwent upset withdrew woke wore wove wrung
    """
)
"""Past forms that no ending shows; those that are nouns as often (*rose*, *shot*, *wound*) are left out."""
VERB_FORMS = _STRONG_VERBS | frozenset(
    form
    for verb in _VERBS
    for form in (
        verb,
        f"{verb}s",
        f"{verb}ed",
        f"{verb}ing",
        f"{verb.removesuffix('e')}ed",
        f"{verb.removesuffix('e')}ing",
        f"{verb[:-1]}ies",
        f"{verb[:-1]}ied",
        f"{verb}{verb[-1]}ing",
        f"{verb}{verb[-1]}ed",
    )
)
_NOUNS_TOO = _words(
    """
    building buildings meeting meetings change changes cost costs offer offers order orders plan plans point
    points play plays place places state states result results report reports share shares support work works
    increase release releases return returns rise form forms end name names experience experiences supply call
    calls love hope cause causes face faces company companies market markets
    """
)
_ADJECTIVES = _words(
    """
    new old good great big small little high low long short own first second third next last better best worse worst
    entire full main major minor real true clear late early important similar different certain particular general
    whole other various
    """
)
_STOPS = (STOPWORDS | _FUNCTION | VERB_FORMS) - _NOUNS_TOO
"""Words that are in no term."""
_PLAIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_APOSTROPHE = re.compile("['’]")
_GAP = re.compile(r"['’]?[ \t]|\s*-\s*|[ \t]*\n[ \t]*")
_ADJECTIVAL = ("ing", "ous", "ful", "less", "ive", "able", "ible", "ish", "ed", "ly")
"""Endings of words that list what a thing is like, not things."""
_NOUNS_IN_ED_OR_LY = _words(
    """
    ally anomaly assembly belly bully butterfly doily dragonfly family firefly fly folly gully homily jelly lily
    melancholy monopoly rally reply supply tally bed bloodshed breed creed deed feed flowerbed greed misdeed newlywed
    purebred reed riverbed seed shed sled speed steed thoroughbred watershed weed
    """
)
"""What is no participle and no adverb."""
LISTED = 3
"""Items from which on runs with commas between are a list."""
_SPACE = re.compile(r"[ \t]+|[ \t]*\n[ \t]*")
_COMMA = re.compile(r",\s*")
_COMMA_OR_NONE = re.compile(r",?\s*")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words ``start`` to ``stop`` may be a noun phrase; ``first`` to ``last`` of them are the term."""

    start: int
    stop: int
    first: int
    last: int


def terms(text: str, words: Sequence[Word], taken: set[int]) -> Iterator[tuple[Mention, bool]]:
    """Finds the candidates of one sentence, each with whether it is surely a noun phrase. ``taken`` are the places of
    words that names hold."""
    runs = list(_runs(text, words, taken))
    listed = _list_items(text, words, runs)
    for at, run in enumerate(runs):
        phrase = term_of(words[run.first : run.last])
        single = run.last - run.first == 1
        if single and (len(phrase) < SHORTEST or _is_form(phrase, "ed", "ly")):
            continue
        sure = _before(text, words, run.start) in DETERMINERS
        yield Mention(phrase, run.first, run.last, "term"), sure or (at in listed and not phrase.endswith(_ADJECTIVAL))
        yield from ((mention, sure) for mention in _owners(words, run))


def small_word_terms(text: str, words: Sequence[Word], taken: set[int]) -> Iterator[tuple[Mention, bool]]:
    """Finds two candidates with *of* or *and* between, and perhaps an article: *clerk of the works*, *terms and
    conditions*; each with whether it is surely a noun phrase. What they say more than their parts is for the corpus to
    tell."""
    runs = list(_runs(text, words, taken))
    for one, other in pairwise(runs):
        between = [word.normal for word in words[one.stop : other.start]]
        whole = one.last == one.stop and other.first == other.start
        if whole and between[:1] in (["of"], ["and"]) and between[1:] in ([], ["the"], ["a"], ["an"]):
            gaps = zip(words[one.stop - 1 : other.start], words[one.stop : other.start + 1], strict=True)
            if all(_SPACE.fullmatch(text, left.end, right.start) for left, right in gaps):
                found = Mention(term_of(words[one.first : other.last]), one.first, other.last, "term")
                yield found, _before(text, words, one.start) in DETERMINERS


def _runs(text: str, words: Sequence[Word], taken: set[int]) -> Iterator[_Run]:
    at = 0
    while at < len(words):
        last = _run_end(text, words, at, taken)
        if last == at:
            at += 1
            continue
        first = at
        while first < last and _is_form(words[first].normal, "ly"):
            first += 1
        end = _cut(text, words, first, last)
        if end > first:
            yield _Run(at, last, max(first, end - LONGEST), end)
        at = max(last, at + 1)


def _list_items(text: str, words: Sequence[Word], runs: Sequence[_Run]) -> set[int]:
    """The runs that are items of a list: *holly, mistletoe and ivy*; of one without *and* there are more of them."""
    found: set[int] = set()
    chain, ended = [0], False
    for at in range(1, len(runs) + 1):
        joined = "" if at == len(runs) or ended else _separator(text, words, runs[at - 1], runs[at])
        if joined:
            chain.append(at)
            ended = joined == "and"
            continue
        if len(chain) >= LISTED + (not ended):
            found.update(chain)
        chain, ended = [at], False
    return found


def _separator(text: str, words: Sequence[Word], one: _Run, other: _Run) -> str:
    """*,* or *and* where nothing else stands between two runs; empty where something does."""
    if one.last != one.stop or other.first != other.start:
        return ""
    between = words[one.stop : other.start]
    start, end = words[one.stop - 1].end, words[other.start].start
    if not between:
        return "," if _COMMA.fullmatch(text, start, end) else ""
    if len(between) > 1 or between[0].normal not in ("and", "or"):
        return ""
    alone = _COMMA_OR_NONE.fullmatch(text, start, between[0].start) and _SPACE.fullmatch(text, between[0].end, end)
    return "and" if alone else ""


def _owners(words: Sequence[Word], run: _Run) -> Iterator[Mention]:
    """Who owns the rest of a term: *clerk* in *the clerk's fire*."""
    for at in range(run.first, run.last - 1):
        if words[at].owner:
            yield Mention(term_of(words[run.first : at + 1]), run.first, at + 1, "term")


def noun_runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The maximal runs of words that a noun phrase may be made of, as ``(first, last)`` (exclusive)."""
    at = 0
    while at < len(words):
        last = _run_end(text, words, at, set())
        if last > at:
            yield at, last
        at = max(last, at + 1)


def c_value(length: int, count: int, longer: Mapping[str, int]) -> float:
    """How much a phrase of ``length`` words is a term of its own: by how often it stands, less how often in each of
    the ``longer`` candidates, on average (Frantzi et al., 2000); one word counts, too (Barrón-Cedeño et al., *An
    improved automatic term recognition method for Spanish*, 2009)."""
    nested = sum(longer.values()) / len(longer) if longer else 0.0
    return (1.0 + math.log2(length)) * (count - nested)


def term_of(words: Sequence[Word]) -> str:
    """The normal form: without the *'s* of an owner at the end."""
    return " ".join([*(word.normal for word in words[:-1]), words[-1].owner or words[-1].normal])


def _before(text: str, words: Sequence[Word], at: int) -> str:
    """The word before a run, past plain adjectives: *a* little *tailor*."""
    while at and _GAP.fullmatch(text, words[at - 1].end, words[at].start):
        at -= 1
        if words[at].normal not in _ADJECTIVES:
            return words[at].normal
    return ""


def _run_end(text: str, words: Sequence[Word], first: int, taken: set[int]) -> int:
    at = first
    while at < len(words) and at not in taken and _is_noun(text, words, at):
        if at > first and (not _GAP.fullmatch(text, words[at - 1].end, words[at].start)):
            break
        at += 1
    return at


def _is_noun(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether the word may be one of a noun phrase: no stop, unless it is part of a compound (*write-ahead*)."""
    word = words[at]
    if word.normal in _STOPS and not (_hyphen(text, words, at - 1) or _hyphen(text, words, at)):
        return False
    # Letters alone, with at most the *'s* of an owner: *don't* is no noun, nor is *that's*.
    if _PLAIN.fullmatch(text, word.start, word.end) is None or word.owner in _STOPS:
        return False
    return bool(word.owner) or not _APOSTROPHE.search(text, word.start, word.end)


def _is_form(word: str, *endings: str) -> bool:
    """Whether the word is a participle or an adverb by its ending."""
    return word.endswith(endings) and word not in _NOUNS_IN_ED_OR_LY


def _hyphen(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether a hyphen alone joins the word with the next."""
    return 0 <= at < len(words) - 1 and text[words[at].end : words[at + 1].start] == "-"


def _cut(text: str, words: Sequence[Word], first: int, last: int) -> int:
    """Where a verb in the past begins behind a noun ("board approved"), the term ends; so does it before an adverb."""
    for at in range(first + 1, last):
        normal = words[at].normal
        if _is_form(normal, "ed", "ly") and len(normal) > 4 and not _hyphen(text, words, at - 1):
            return at
    return last
