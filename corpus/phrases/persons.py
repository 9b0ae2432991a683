"""Signs that a name is a person's, by the words around it, and signs that it is something else's. No list of names.

A sign is a number from -2 to 2; only the sum over all mentions decides (``is_person``). What speaks for a person:
honorifics, roles and kin before the name, what only people do behind it, a birth, an address, a speaker's label. What
speaks against it: an article or a preposition of place before, a last word such as *University*, a definition as
something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..words import STOPWORDS
from .names import Mention, Word

SURE, DOUBT = 2, 2
"""The least sum of the signs for a person, and how many times those against it this must be."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MALE = _words("mr mister sir lord king prince uncle father monsieur herr señor brother")
FEMALE = _words("mrs ms miss lady madam madame queen princess aunt mother frau señora sister")
HONORIFICS = (
    MALE
    | FEMALE
    | _words(
        """
        dr prof professor doctor captain colonel general sergeant lieutenant major admiral president senator governor
        judge justice pope bishop archbishop cardinal saint st rev reverend rabbi emperor empress duke duchess earl
        count countess baron baroness
        """
    )
)
"""Words before a surname or a first name that are no part of it."""
_ROLES = _words(
    """
    actor actress analyst architect artist attorney author biologist chairman chairwoman chemist coach colleague
    comedian composer daughter director economist editor engineer filmmaker founder friend cofounder guitarist historian
    husband inventor journalist lawyer manager mathematician minister musician neighbour neighbor nephew niece novelist
    officer painter partner philosopher photographer physicist player poet politician producer rapper scientist sculptor
    singer son songwriter soprano teacher tenor wife writer cousin grandson granddaughter grandfather grandmother
    boyfriend girlfriend host guest ceo cfo cto mayor
    """
)
_KIN = _words(
    """
    brother cousin daughter daughters father granddaughter grandfather grandmother grandson husband mother nephew niece
    sister sisters brothers son sons uncle aunt wife widow née nee
    """
)
_PEOPLE = _ROLES | _words(
    """
    activist athlete baron bassist boxer businessman businesswoman celebrity clergyman cricketer criminal dancer
    diplomat drummer emperor entrepreneur executive explorer farmer fighter footballer geologist goalkeeper golfer
    governor judge king lyricist magician man member model monarch monk nobleman nurse officer pianist pilot pioneer
    playwright pope president priest prince princess professor psychologist queen researcher ruler runner saint scholar
    screenwriter senator soldier surgeon swimmer theologian trumpeter violinist wrestler woman winner boy girl
    researcher student person character midfielder defender striker designer presenter broadcaster lord physician
    """
)
_DEEDS = _words(
    """
    asked replied answered whispered shouted cried exclaimed muttered smiled nodded laughed sighed grinned frowned
    thought felt knew believed wondered remembered looked stared gazed glanced walked sat stood slept woke wept ran died
    married divorced studied graduated retired resigned lived worked wrote painted sang directed starred joked explained
    thinks feels knows believes remembers looks walks sits lives works studied loves hates wants wanted
    """
)
_SAYING = _words("said says told tells added adds spoke speaks mentioned mentions asks suggested suggests")
_PLACES = _words("in at near across throughout within toward towards into onto around outside inside via")
_GREETINGS = _words("thanks hi hey hello dear mr mrs")
_NO_PEOPLE = _words(
    """
    academy agency airlines airport army association avenue award awards bank battle bay bridge building calendar castle
    cathedral cemetery center centre championship church city club college committee company conference
    corp corporation council county court cup department district division earth empire fc festival film foundation
    fund games group hall high holdings hospital house inc industries institute international island islands
    kingdom lake league library limited llc ltd magazine market mountain mountains movement museum nation
    network office orchestra organization palace park party peninsula platform plc police post press prize province
    records region republic river road school sea series service services show society square stadium state states
    station store street studio studios system systems team tech technologies technology temple theater theatre times
    tower town trail tribe trust union united university valley village war week windows works world
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december
    """
)
_QUOTES = frozenset('"“”«»*_')
_BORN = re.compile(
    r"\s*\((?:[^()]{0,60}?\b)?(?:born\b|b\. |née |né |c\. \d|(?:\d{1,2} )?[A-Z][a-z]+ (?:\d{1,2}, )?\d{3,4}\s*[-–—)])"
)
_WAS_BORN = re.compile(r",?\s+(?:was|is|were) (?:born|raised|educated|married|buried)\b")
_WHO = re.compile(r",?\s+(?:who|whom)\b")
_LABEL = re.compile(r"[ \t]*:(?=\s)")
_MARKS = " \t\n\r\"'“‘«(*_#->|"
_HEAD_END = re.compile(r" (?:of|in|for|from|with|based|by|on|at|to|and|who|that|which) |[,;]")


def sign_of(text: str, words: Sequence[Word], mention: Mention, says: str = "") -> int:
    """What one mention says; ``says`` is what the sentence defines the name to be, where it does."""
    first, last = mention.first, mention.last
    found = _inside(text, words, mention) + _before(words, mention) + _behind(text, words, mention)
    if says:
        found += 2 if _is_people(says) else -2
    if last - first > 4:
        found -= 1
    return max(-2, min(2, found))


def is_person(signs_for: int, signs_against: int) -> bool:
    return signs_for >= SURE and signs_for >= DOUBT * signs_against


def _inside(text: str, words: Sequence[Word], mention: Mention) -> int:
    first, last = words[mention.first], words[mention.last - 1]
    found = 0
    if (last.owner or last.normal) in _NO_PEOPLE or first.normal in ("the", "north", "south", "east", "west", "new"):
        found -= 2
    if text[first.start - 1 : first.start] in _QUOTES and text[last.end : last.end + 1] in _QUOTES and first.start:
        found -= 2  # the title of a work
    if mention.last - mention.first > 1 and first.normal in HONORIFICS:
        found += 2
    if any(
        word.normal.isdecimal() or word.normal in ("of", "the", "and", "for")
        for word in words[mention.first : mention.last]
    ):
        found -= 2
    if mention.last - mention.first == 1 and len(first.normal) <= 5 and text[first.start : first.end].isupper():
        found -= 1
    return found


def _before(words: Sequence[Word], mention: Mention) -> int:
    first = mention.first
    if not first:
        return 0
    before = words[first - 1].normal
    if (
        words[first - 1].upper
        and before not in STOPWORDS | HONORIFICS
        and first > 1
        and words[first - 1].end + 1 == words[first].start
    ):
        return -2  # it is the rest of a longer name
    if before in _KIN and mention.last - first == 1:
        return -4  # whatever follows: of somebody's daughter Anna the surname may be another
    if before in _ROLES or before in HONORIFICS:
        return 2
    if before in _GREETINGS or (before == "you" and first > 1 and words[first - 2].normal == "thank"):
        return 2
    if before in ("the", "a", "an"):
        return -2
    return -1 if before in _PLACES else 0


def _behind(text: str, words: Sequence[Word], mention: Mention) -> int:
    end = words[mention.last - 1].end
    if _BORN.match(text, end) or _WAS_BORN.match(text, end):
        return 2
    if _WHO.match(text, end):
        return 1
    if not mention.first and _LABEL.match(text, end) and not text[: words[0].start].strip(_MARKS):
        return 2 if mention.last - mention.first > 1 else 1
    after = words[mention.last] if mention.last < len(words) else None
    if after is not None and text[end : after.start].isspace():
        if after.normal in _DEEDS:
            return 2
        if after.normal in _SAYING:
            return 1
    before = words[mention.first - 1].normal if mention.first else ""
    return 1 if before in _SAYING or before in _DEEDS else 0


def _is_people(says: str) -> bool:
    """Whether the head of a definition is a word for people: *an American film **director** and producer*."""
    head = _HEAD_END.split(f"{says} ", maxsplit=1)[0].split()
    last = head[-1].casefold().strip(".,;:’'\"") if head else ""
    return last in _PEOPLE or last.removesuffix("s") in _PEOPLE or last.endswith(("ologist", "woman", "ician"))
