# ruff: noqa: E501
"""Words that decide between two neighbours: a statement about the minimum does not answer for the maximum.

Data first: each group has sides, each side its words and phrases. A group that *predicates* (allowed, forbidden) decides
a yes-or-no question whichever side the statement takes; the others (maximum, left, buyer) say which of two things is
spoken of. Languages are added as further tables with the same names of groups.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.words import STOPWORDS


def each(text: str) -> list[str]:
    """The words of a list that is written as one text."""
    return text.split()


@dataclass(frozen=True, slots=True)
class Sign:
    """One deciding word in a text: ``group`` and ``side`` are plain names, ``word`` as it stands, ``at`` its token."""

    group: str
    side: str
    word: str
    at: int


PREDICATES = frozenset(
    each("""
    permission support access power ability presence always change agreement truth need payment
    """)
)
"""Groups whose sides are answers to a yes-or-no question."""

SOFT = frozenset(
    each("""
    order span agecast size degree gain grown dayside warmth wetness kin sex flow door trade money work net plan
    public rw test alone compass week heat age depth width wealth speed distance cost merit strength weight gross
    profit stage loan lease season month weekday trip rank copy mail route coding cipher packing setup subscription
    mounting place sorting axis parity entry
    """)
)
"""Groups that paraphrases leave out so often that their absence only weakens."""
IMPLIED = frozenset(
    each("""
    capacity limit limited cap ceiling floor exceed once while can start starts started stop stops stopped starting
    kann können mit with nach zu an ein aus ab
    """)
) | {"up to", "at least", "no entry"}
"""Words that a statement may hold for a side, but that do not decide when a question holds them."""

_MORE, _LESS = (
    ", ".join(f"{no} {word} than" for word in words.split() for no in ("no", "not", "not be"))
    for words in (
        "larger bigger longer higher heavier older wider greater deeper taller more",
        "smaller shorter lower lighter younger narrower less fewer",
    )
)
"""What says that something is at most or at least as much as a number."""
# One line a group: its name, then the sides by "|", then the words of a side by ",".
_ENGLISH = f"""
extreme: maximum, {_MORE}, maxima, max, maximal, highest, most, greatest, largest, biggest, peak, up to, at most, no more than, not more than, not exceed, never exceed, exceed, less than or equal, no longer than, not longer than, upper limit, cap, ceiling, capacity, limit, limited | minimum, {_LESS}, minima, min, minimal, lowest, least, smallest, at least, no less than, not less than, no fewer than, greater than or equal, no shorter than, lower limit, floor, littlest, fewest
payment: by card, with card, by credit card, by debit card, with a card, card payment, card payments, credit card, credit cards, debit card, debit cards | cash only, only cash, only in cash, in cash only, cash-only
length: longest | shortest
height: tallest | shortest
age: oldest, eldest | youngest, newest
speed: fastest, quickest | slowest
distance: nearest, closest | farthest, furthest
cost: cheapest, least expensive | dearest, most expensive, costliest
time: earliest | latest
merit: best | worst
weight: heaviest | lightest
strength: strongest | weakest
heat: hottest, warmest | coldest, coolest
depth: deepest | shallowest
width: widest, broadest | narrowest
wealth: richest, wealthiest | poorest
ordinal: first, 1st, initial | second, 2nd | third, 3rd | fourth, 4th | fifth, 5th | sixth, 6th | seventh, 7th | eighth, 8th | ninth, 9th | tenth, 10th | eleventh, 11th | twelfth, 12th | last, final
order: before, prior to, preceding, ahead of | after, following, afterwards, once | during, while
span: since, starting, as of | until, till, up until
side: left, left-hand, port | right, right-hand, starboard
end: front, forward | rear, back, hind
wall: inner, inside, interior, internal, indoor, indoors | outer, outside, exterior, external, outdoor, outdoors
vertical: upper, top, uppermost | lower, bottom, lowermost
compass: north, northern | south, southern | east, eastern | west, western
flow: input, inputs, incoming, inbound, import, imports, imported, ingress, upload | output, outputs, outgoing, outbound, export, exports, exported, egress, download
door: entrance, entry, entering, arrival, arrivals, arrive, arrives, arrived, check-in | exit, leaving, departure, departures, depart, departs, departed, leave, leaves, check-out, checkout
trade: buyer, buyers, purchaser, customer | seller, sellers, vendor, supplier
loan: lender, lenders, creditor | borrower, borrowers, debtor
lease: tenant, tenants, lessee | landlord, landlords, lessor
work: employer, employers | employee, employees, worker
kin: parent, parents, superclass | child, children, subclass
net: client, clients, frontend | server, servers, backend
rank: primary | secondary
copy: master, leader | slave, replica, replicas, follower
mail: sender, senders | recipient, recipients, addressee
route: source | destination
coding: encode, encodes, encoding, encoder | decode, decodes, decoding, decoder
cipher: encrypt, encrypts, encryption | decrypt, decrypts, decryption
packing: compress, compresses, compression | decompress, decompresses, decompression, uncompress
setup: install, installs, installation | uninstall, uninstalls, uninstallation
subscription: subscribe, subscribes | unsubscribe, unsubscribes
mounting: mount, mounts | unmount, unmounts, umount
place: local, locally | remote, remotely
sorting: ascending | descending
axis: horizontal, horizontally | vertical, vertically
parity: odd | even
entry: debit, debited, withdrawal, withdrawals, withdraw | credit, credited, deposit, deposits
need: required, mandatory, compulsory, obligatory | optional, voluntary
sex: male, men, man, boy, boys, husband | female, women, woman, girl, girls, wife
season: winter | summer | spring | autumn, fall
week: weekday, weekdays, working days | weekend, weekends
dayside: day, daytime, daylight | night, nighttime, overnight
warmth: hot, warm, heating, heated | cold, cool, cooling, cooled
wetness: wet, humid | dry, arid
agecast: new, newer, current, currently, present, latest, now | old, older, previous, former, formerly, earlier, outdated, obsolete, deprecated
size: large, big, larger, bigger | small, little, smaller | medium
degree: high, higher | low, lower
grown: adult, adults | child, children, minors
gain: increase, increases, increased, rise, rises, rose, grew, growth, gain, gained | decrease, decreases, decreased, drop, dropped, fall, fell, falls, decline, declined, loss, lost, shrank, reduced, reduction
money: income, revenue, receipts, earnings, revenues | expense, expenses, expenditure, spending, outlay, costs
profit: profit, profits, surplus | loss, losses, deficit
plan: actual, actually, real | planned, budget, budgeted, forecast, estimated, expected, target
public: public, publicly | private, privately
trip: single, one-way | return, round-trip
rw: read, reads, reading | write, writes, writing
test: training, train | test, testing, validation
stage: production, prod | staging | development, dev | testing
gross: gross | net
alone: with, including, includes, included, inclusive | without, excluding, excludes, excluded, exclusive, except
permission: may, allowed, allow, allows, permitted, permit, permits, can, welcome, lets | must not, mustn't, may not, not allowed, forbidden, forbid, forbids, prohibited, prohibit, prohibits, banned, ban, bans, not permitted, cannot, can't, not welcome, no entry, disallowed
support: supported, support, supports | unsupported, not supported, no support, does not support, do not support
access: open, opens, opened, opening, unlock, unlocks | close, closes, closed, closing, shut, shuts, lock, locks
power: on, enable, enables, enabled, activate, activated, start, starts, started | off, disable, disables, disabled, deactivate, deactivated, stop, stops, stopped
presence: always | never
agreement: agree, agrees, agreed, accept, accepts, accepted, approve, approved | disagree, refuse, refuses, refused, reject, rejects, rejected, denied
truth: true | false
month: january, jan | february, feb | march, mar | april, apr | may | june, jun | july, jul | august, aug | september, sept, sep | october, oct | november, nov | december, dec
weekday: monday, mondays, mon | tuesday, tuesdays, tue | wednesday, wednesdays, wed | thursday, thursdays, thu | friday, fridays, fri | saturday, saturdays, sat | sunday, sundays, sun
quarter: q1, first quarter | q2, second quarter | q3, third quarter | q4, fourth quarter
"""

_GERMAN = """
extreme: maximal, maximale, maximaler, maximalen, maximum, höchste, höchsten, höchster, höchstens, größte, größten, größter, meiste, meisten, bis zu, obergrenze, höchst, höchstwert, nicht überschreiten | minimal, minimale, minimaler, minimalen, minimum, niedrigste, niedrigsten, kleinste, kleinsten, wenigste, wenigsten, mindestens, untergrenze, mindest, geringste, geringsten
length: längste, längsten | kürzeste, kürzesten
age: älteste, ältesten | jüngste, jüngsten, neueste, neuesten
speed: schnellste, schnellsten | langsamste, langsamsten
cost: billigste, billigsten, günstigste, günstigsten | teuerste, teuersten
ordinal: erste, ersten, erster, erstes, erstmals | zweite, zweiten, zweiter, zweites | dritte, dritten, dritter, drittes | vierte, vierten, vierter, viertes | fünfte, fünften | letzte, letzten, letzter, letztes
order: vor, vorher, bevor, zuvor | nach, nachher, nachdem, danach | während
span: seit | bis
side: links, linke, linken, linker, linkes | rechts, rechte, rechten, rechter, rechtes
end: vorn, vorne, vordere, vorderen, vorderer | hinten, hintere, hinteren, hinterer
wall: innen, innere, inneren, innerer, drinnen | außen, äußere, äußeren, äußerer, draußen
vertical: oben, obere, oberen, oberer | unten, untere, unteren, unterer
compass: norden, nördlich, nord | süden, südlich, süd | osten, östlich, ost | westen, westlich, west
flow: eingang, eingabe, eingehend, import | ausgang, ausgabe, ausgehend, export
door: ankunft, ankommen | abfahrt, abflug, abreise
trade: käufer, käuferin, kunde | verkäufer, verkäuferin, lieferant
loan: kreditgeber, darlehensgeber, gläubiger | kreditnehmer, darlehensnehmer, schuldner
lease: mieter, mieterin | vermieter, vermieterin
work: arbeitgeber | arbeitnehmer
sex: männer, männlich, mann | frauen, weiblich, frau
season: winter | sommer | frühling, frühjahr | herbst
week: werktags, werktag, werktage, wochentags, werktagen | wochenende, wochenenden
dayside: tag, tags, tagsüber | nacht, nachts
warmth: heiß, heiße, warm, warme, warmen | kalt, kalte, kalten, kühl
wetness: nass, nasse, feucht | trocken, trockene
agecast: neu, neue, neuen, neuer, aktuell, aktuelle, aktuellen, aktueller, heute, jetzt | alt, alte, alten, alter, früher, frühere, vorige, vorigen, veraltet
size: groß, große, großen, großer | klein, kleine, kleinen, kleiner | mittel, mittlere
degree: hoch, hohe, hohen | niedrig, niedrige, niedrigen
grown: erwachsene, erwachsener, erwachsenen | kind, kinder, kindern
gain: steigt, stieg, gestiegen, zunahm, wächst, wuchs, zugenommen | sinkt, sank, gesunken, abnahm, fiel, gefallen, abgenommen
money: einnahmen, erlöse | ausgaben
gross: brutto | netto
alone: mit, einschließlich, inklusive | ohne, außer, ausgenommen
permission: darf, dürfen, erlaubt, gestattet, zulässig, kann, können | darf nicht, dürfen nicht, nicht erlaubt, nicht gestattet, verboten, untersagt, unzulässig, kein zutritt
support: unterstützt | nicht unterstützt
access: offen, geöffnet, öffnet, öffnen | geschlossen, schließt, schließen, zu
power: an, ein, aktiviert, einschalten, eingeschaltet, starten | aus, ab, deaktiviert, ausschalten, ausgeschaltet, stoppen
presence: immer, stets | nie, niemals
month: januar, jänner | februar | märz | april | mai | juni | juli | august | september | oktober | november | dezember
weekday: montag, montags | dienstag, dienstags | mittwoch, mittwochs | donnerstag, donnerstags | freitag, freitags | samstag, samstags, sonnabend | sonntag, sonntags
quarter: q1, erstes quartal, ersten quartal | q2, zweites quartal, zweiten quartal | q3, drittes quartal, dritten quartal | q4, viertes quartal, vierten quartal
"""

_Entry = tuple[tuple[str, ...], str, str]
TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")

_DETERMINERS = frozenset(
    each("""
    the a an his her its their our your my this that each every front rear upper lower to on from in at
    """)
)
_MODALS = frozenset(each("must may can should darf dürfen kann können soll sollen"))
_GIVEN_NAMES = frozenset(each("jan april may june august"))
"""Months that people are called as well."""
_MONTH_BEFORE = frozenset(
    each("""
    in of on since until till by from to between early late mid and before after through
    """)
)


def _table(text: str) -> dict[str, tuple[_Entry, ...]]:
    """First word of each phrase to its phrases, the longest first."""
    found: dict[str, list[_Entry]] = {}
    for line in text.strip().splitlines():
        group, sides = line.split(":", 1)
        for side in sides.split("|"):
            phrases = [phrase.strip() for phrase in side.split(",")]
            for phrase in phrases:
                first, *rest = phrase.split()
                found.setdefault(first, []).append((tuple(rest), group, phrases[0]))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in found.items()}


_TABLES: dict[str, dict[str, tuple[_Entry, ...]]] = {"en": _table(_ENGLISH), "de": _table(_GERMAN)}
CALENDAR = frozenset(
    phrase
    for line in (_ENGLISH + _GERMAN).splitlines()
    if line.startswith(("month:", "weekday:"))
    for side in line.split(":", 1)[1].split("|")
    for phrase in side.replace(",", " ").split()
)
_LABEL_NOUNS = frozenset(
    each("""
    model group phase line type class level stage step part section chapter clause article paragraph item rule
    figure table building block unit zone route bus tram train platform gate room floor hall track channel pump tank
    sample team plan option version variant series category grade appendix annex schedule exhibit lot station sector
    region district ward bay dock pier berth site plant reactor engine motor valve sensor port slot rack node shard
    partition cluster experiment trial study test case scenario question task exercise lesson unit module volume
    book act scene season episode round heat lane row column cell card sheet page slide issue gruppe modell phase
    linie typ klasse stufe teil abschnitt kapitel klausel artikel absatz punkt regel abbildung tabelle gebäude zone
    raum halle gleis kanal pumpe probe
    """)
)
_LABEL = re.compile(r"\d{1,4}[a-z]?|[A-Z]\d{0,3}|[IVX]{1,5}|\d+\.\d+(?:\.\d+)?", re.ASCII)
_RELEASE = re.compile(r"[vV]?\d{1,3}(?:\.(?:\d+|x))*", re.ASCII)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d", re.ASCII)
_YEARS = re.compile(r"(?:1[0-9]|20)\d\d(?:[-–/](\d\d(?:\d\d)?))?s?", re.ASCII)


def signs(tokens: Sequence[str], language: str = "en") -> list[Sign]:
    """The deciding words of a text's tokens (as ``TOKEN`` cuts them), in order; years and labels are among them."""
    table = _TABLES.get(language, {})
    lows = [token.lower() for token in tokens]
    found: list[Sign] = []
    free = 0
    for at, low in enumerate(lows):
        if at < free:
            continue
        if "0" <= low[0] <= "9":
            if _YEARS.fullmatch(low):
                found.extend(Sign("year", year, tokens[at], at) for year in _years(low))
        else:
            for rest, group, side in table.get(low, ()):
                if (not rest or tuple(lows[at + 1 : at + 1 + len(rest)]) == rest) and _is_meant(
                    tokens, lows, at, group
                ):
                    found.append(Sign(group, side, " ".join((low, *rest)), at))
                    if rest:
                        free = at + 1 + len(rest) - (rest[-1] == "not")  # which may begin "not larger than"
                        break
            if low in _MODALS and (refused := _refused_at(lows, at)):
                found = [sign for sign in found if sign.at != at]
                found.append(Sign("permission", "must not", f"{low} not", at))
                free = max(free, refused)
        if low in _LABEL_NOUNS and at + 1 < len(tokens):
            label = tokens[at + 1]
            if _LABEL.fullmatch(label) and not (
                _YEAR.fullmatch(label)
                or label == "I"
                or (label == "A" and at + 2 < len(lows) and lows[at + 2] in ("a", "an"))
            ):
                found.append(Sign(f"{low} …", release_of(label), f"{tokens[at]} {label}", at))
        elif at + 1 < len(tokens) and _RELEASE.fullmatch(tokens[at + 1]) and _is_release(tokens[at], tokens[at + 1]):
            found.append(Sign(f"{low} …", release_of(tokens[at + 1]), f"{tokens[at]} {tokens[at + 1]}", at))
    return found


def asks_leave(tokens: Sequence[str]) -> bool:
    """Whether "may" is the verb and not the month."""
    return "may" in tokens or (tokens[:1] == ["May"] and tokens[1:2] != [] and not tokens[1][0].isdigit())


def release_of(label: str) -> str:
    """A label as it is compared: v3, 3.0 and 3.x are release 3."""
    return re.sub(r"(?:\.(?:0|x))+$", "", re.sub(r"^v(?=\d)", "", label, flags=re.IGNORECASE)).upper()


def _is_release(name: str, number: str) -> bool:
    """Whether a number behind a name belongs to it, as in "Debian 9", and counts nothing."""
    low = name.lower()
    own = name[0].isupper() and name[0].isalpha() and low not in STOPWORDS and low not in CALENDAR
    return own and not _YEAR.fullmatch(number)


def _refused_at(lows: Sequence[str], at: int) -> int:
    """The token behind a "not" that belongs to the modal verb ("must visitors not", "darf man nicht"), or 0."""
    for place in range(at + 1, min(at + 4, len(lows))):
        if lows[place] in ("not", "nicht"):
            return 0 if lows[at] == "must" and lows[place + 1 : place + 2] == ["only"] else at + 1
    return 0


def _years(text: str) -> list[str]:
    parts = re.split(r"[-–/]", text.rstrip("s"))
    if len(parts) == 1:
        return parts
    return [parts[0], parts[0][: 4 - len(parts[1])] + parts[1]]


def _is_meant(tokens: Sequence[str], lows: Sequence[str], at: int, group: str) -> bool:
    """Whether the word is used in the sense of the group: "the left lever", but not "she left the house"."""
    low, token = lows[at], tokens[at]
    before = lows[at - 1] if at else ""
    behind = lows[at + 1] if at + 1 < len(lows) else ""
    match group:
        case "ordinal":
            if low == "second":
                return not (before in ("per", "a", "each", "every") or before.isdigit())
            if before == "at" and behind not in CALENDAR:
                return False  # at first, at last
            return low not in ("last", "final", "initial") or before in _DETERMINERS or at == 0
        case "side" | "end":
            return (
                low in ("left-hand", "right-hand", "front", "rear", "hind")
                or (
                    (before in _DETERMINERS or at == 0 or behind == "side")
                    and not (low == "right" and behind in ("to", "of", "after"))
                )
                or low.startswith(("link", "recht", "vor", "hint"))
            )
        case "month":
            if not token[0].isupper():
                return False
            dated = before in _MONTH_BEFORE or _numeric(before) or _numeric(behind)
            if low in _GIVEN_NAMES and behind and behind not in CALENDAR and tokens[at + 1][0].isupper():
                return dated  # Jan Novak, June Carter
            return low not in ("may", "march", "mar", "sep") or dated
        case "weekday":
            return token[0].isupper() and (len(low) > 3 or len(tokens) < 12)
        case "sex":
            return low != "frau" or not behind or not tokens[at + 1][0].isupper()  # a title before a name
        case "permission":
            return not (low == "may" and token[0].isupper() and at > 0)
        case "agecast":
            return not (
                (low in ("old", "older") and (before in ("years", "year", "how", "months", "days") or behind == "than"))
                or (low in ("new", "old") and at > 0 and token[0].isupper())
                or (low == "present" and behind == "in")
            )
        case "extreme":
            return not (
                low in ("most", "least") and (behind == "of" or before in ("at",)) and low == "most" and behind == "of"
            )
        case "power":
            return (
                low not in ("on", "off", "an", "ein", "aus", "ab")
                or before
                in ("switched", "turned", "switch", "turn", "is", "are", "be", "set", "powered", "stays", "remains")
                or (behind in ("", "by") and len(lows) < 6)
            )
        case "compass":
            return low not in ("east", "west", "north", "south") or not token.isupper()
        case "order":
            return low != "following" or behind not in ("is", "are", "table", "list")
        case "dayside":
            return low != "day" or (before not in _DAYS_BEFORE and not before.isdigit())
    return True


_DAYS_BEFORE = frozenset(each("per a every each what which one this that to"))


def _numeric(text: str) -> bool:
    return bool(text) and text[0].isdigit()
