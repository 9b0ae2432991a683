"""Words of English that questions are made of, whatever they are about: nothing of any table's or graph's own."""

from __future__ import annotations

import re
from functools import lru_cache

from ...corpus.words import stem_words

_ROOTS = {
    "won": "win", "wins": "win", "winner": "win", "winners": "win", "winning": "win", "born": "birth",
    "women": "female", "woman": "female", "womens": "female", "sent": "send", "sold": "sell", "built": "build",
    "made": "make", "held": "hold", "led": "lead", "wrote": "write", "written": "write", "bought": "buy", "paid": "pay",
    "began": "begin", "taught": "teach", "gave": "give", "given": "give", "took": "take", "taken": "take",
    "lost": "lose", "grew": "grow", "met": "meet", "began ": "begin", "died": "death", "die": "death", "dead": "death",
    "flew": "fly", "drove": "drive", "chose": "choose", "chosen": "choose", "lent": "lend", "spent": "spend",
    "priced": "price", "people": "person", "children": "child", "feet": "foot", "costs": "price", "cost": "price",
    "driven": "drive", "flown": "fly", "telephone": "phone", "telephones": "phone", "tel": "phone",
    "kept": "keep",
    "aged": "age", "employees": "employee", "countries": "country", "cities": "city",
}  # fmt: skip
"""Forms of words that rules for endings do not bring together."""
LIGHT = frozenset(
    """
    list show name names give tell find get print display many much number total different distinct various several
    there called named exist exists existing play played plays playing take took taken part taking participate
    participated participating compete competed appear appeared appearing make made get got gets receive received
    receives given have had has hold held show shown shows see saw seen reach reached go went gone going come came
    comes happen happened occur occurred belong belongs belonging include includes included involve involved involving
    contain contains located situated lie lies stand stands
    live lives lived living reside resides based known each every per among overall ever altogether
    please me us one ones table tables row rows record records entry entries data recorded listed do did does long
    still currently now already today presently work works working worked
    take place placed kind type whole end ended ends finish finished whose whom also respectively
    """.split()  # noqa: SIM905
)
"""Words that say nothing where everything else of a question is understood."""
ASKING = frozenset(
    [
        "how",
        "many",
        "much",
        "number",
        "count",
        "total",
        "average",
        "mean",
        "sum",
        "most",
        "fewest",
        "least",
        "top",
        "which",
        "what",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "different",
        "distinct",
        "more",
        "less",
        "than",
        "over",
        "under",
        "above",
        "below",
        "before",
        "after",
        "since",
        "until",
        "between",
        "exactly",
        "there",
    ]
)
"""Words that say what is wanted, not of what."""
DECIDING = frozenset(("or", "only", "both", "against", "versus", "vs", "besides", "despite", "during", "near", "out"))
"""Words without which a question asks for other rows: what does not use them has not understood it."""
TAILS = frozenset(("address", "number", "date", "name", "value"))
"""What people say behind the name of a column: "email address", "phone number"."""
DEEDS = {"author": "write", "poet": "write", "pilot": "fly", "chef": "cook", "pupil": "teach", "tenant": "rent"}
"""What those do whose names are not made of it."""
MONEY_NOUNS = frozenset(
    """
    expense expenses expenditure payment payments deposit deposits transaction transactions spending income sum sums
    money withdrawal withdrawals
    """.split()  # noqa: SIM905
)
"""What people call amounts of money."""
UNIT_NAMES = {
    "euro": ("eur", "€"), "dollar": ("usd", "$"), "pound": ("gbp", "£"), "degree": ("°c", "°f", "°"),
    "celsius": ("°c",), "hour": ("h", "hr", "hrs", "hours"), "minute": ("min", "minutes"),
    "metre": ("m",), "meter": ("m",),
    "kilometre": ("km",), "kilometer": ("km",), "millimetre": ("mm",), "millimeter": ("mm",), "kilogram": ("kg",),
    "kilo": ("kg",), "gram": ("g",), "litre": ("l",), "liter": ("l",), "percent": ("%",), "ton": ("t",),
}  # fmt: skip
"""Names of units, and how columns have them."""
OF_MONEY = frozenset(
    "money spent spend spends paid pay pays earned earn earns charged taken received".split()  # noqa: SIM905
)
"""What people say of an amount."""
OWING = frozenset(("owe", "owes", "owed", "owing", "unpaid", "outstanding"))
"""What they say of one that is not paid yet."""
MAKING = frozenset(
    """
    built founded established created made published released constructed planted opened registered bought purchased
    acquired
    """.split()  # noqa: SIM905
)
"""Columns that tell the age of a thing."""
NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()  # noqa: SIM905
    )
}
NO_RANKS = {
    "first": frozenset("aid aider aiders name names class floor language hand lady responder responders grade".split()),  # noqa: SIM905
    "second": frozenset("hand name names home homes language floor class opinion grade".split()),  # noqa: SIM905
    "third": frozenset("party parties world floor age sector grade class".split()),  # noqa: SIM905
    "last": frozenset("name names minute resort will rites post straw".split()),  # noqa: SIM905
}
"""Words before which an ordinal is a part of a name: "first aid" is no aid that comes first."""
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
PLACES = ("country", "city", "place", "location", "town", "region", "state", "address", "venue", "nation", "origin")
SORTS = frozenset(
    "category class department function genre group job kind office position post role sort status title type".split()  # noqa: SIM905
)
"""What a column of sorts of things is called; their names are no proper names."""
WORDS_BEHIND = {"phone": "number", "telephone": "number", "mobile": "number", "fax": "number", "email": "address"}
"""What may be said behind the name of a column and adds nothing."""
STORES = frozenset(("stock", "inventory"))
"""What a column is called whose zero means that there is none: "in stock", "out of stock"."""
PEOPLE = frozenset(
    """
    author client contact customer employee guest manager member patient people person player staff student teacher user
    """.split()  # noqa: SIM905
)
"""What a table of people is called, of one of them."""
HIGH = frozenset(("largest", "biggest", "highest", "greatest", "maximum", "max"))
LOW = frozenset(("smallest", "lowest", "least", "minimum", "fewest", "min"))
MEASURES = {
    "long": ("length", "duration", "distance"), "short": ("length", "duration", "distance"), "tall": ("height",),
    "tal": ("height",), "high": ("height", "altitude"), "heavi": ("weight", "mass"), "heavy": ("weight", "mass"),
    "light": ("weight", "mass"), "wid": ("width",), "wide": ("width",), "deep": ("depth",), "fast": ("speed",),
    "slow": ("speed",), "cheap": ("price", "cost"), "expensive": ("price", "cost"), "warm": ("temperature",),
    "cold": ("temperature",), "hot": ("temperature",), "hott": ("temperature",), "cool": ("temperature",),
    "larg": ("size", "area"), "bigg": ("size", "area"), "big": ("size", "area"), "costly": ("price", "cost"),
}  # fmt: skip
"""What adjectives are a measure of, also as they are before "er"."""
LESS = frozenset(("short", "light", "slow", "cheap", "cold", "cool", "small", "low", "young"))
DEGREES = frozenset(("strong", "high", "low", "large", "big", "great", "hot", "warm", "cold", "heavy"))
"""What "how" may ask of a number that is named: "how strong was the wind"."""
SAME_NAMES = (
    (("surname",), ("last", "name"), ("family", "name")),
    (("first", "name"), ("given", "name"), ("forename",)),
    (("born",), ("birthday",), ("birth", "date"), ("date", "of", "birth"), ("dob",)),
    (("number", "plate"), ("registration",), ("registration", "number"), ("licence", "plate"), ("license", "plate")),
    (("email",), ("e", "mail"), ("mail", "address")),
    (("phone",), ("phone", "number"), ("mobile",), ("mobile", "number"), ("cell", "number")),
    (("population",), ("inhabitants",), ("residents",), ("number", "of", "inhabitants")),
    (("postcode",), ("zip",), ("zip", "code"), ("postal", "code")),
)
"""Names of columns that say the same."""
SHORT_FORMS = {
    "amt": "amount", "qty": "quantity", "qnty": "quantity", "no": "number", "nr": "number", "num": "number",
    "tel": "phone", "dob": "birth", "addr": "address", "dept": "department", "mgr": "manager", "avg": "average",
    "temp": "temperature", "desc": "description", "pct": "percent", "ref": "reference", "acct": "account",
    "cat": "category", "yr": "year", "hrs": "hours", "wt": "weight", "ht": "height", "max": "maximum", "min": "minimum",
    "pop": "population", "dist": "distance", "vol": "volume", "lang": "language", "org": "organisation",
    "pos": "position", "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday",
    "thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
}  # fmt: skip
"""Words of headers that are cut short, and what people say."""
SIZE = frozenset(("largest", "biggest", "greatest", "smallest"))
EARLY, LATE = frozenset(("first", "earliest")), frozenset(("last", "latest", "newest", "recent", "recently"))
_COMPARE = (
    (r"(?:more|greater|larger|higher|longer) than or equal to", ">="),
    (r"(?:less|fewer|smaller|lower|shorter) than or equal to", "<="),
    (r"(?:more than|over|above|greater than|larger than|bigger than|higher than|exceeding|exceeds|longer than)", ">"),
    (r"(?:at least|no less than|no fewer than|a minimum of|not less than)", ">="),
    (r"(?:less than|fewer than|under|below|smaller than|lower than|shorter than)", "<"),
    (r"(?:at most|no more than|up to|a maximum of|not more than)", "<="),
    (r"(?:before|earlier than|prior to)", "<"),
    (r"(?:after|later than)", ">"),
    (r"(?:since|from)", ">="),
    (r"(?:until|till)", "<="),
    (r"(?:exactly|precisely|equal to)", "="),
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"\d{{4}}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{{4}}|{_DAY}\.? (?:of )?{MONTH},? \d{{4}}|{MONTH} {_DAY},? \d{{4}}"
AMOUNT = rf"(?:{_DATE}|[€$£]?-?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|[€$£]?-?\d+(?:\.\d+)?|{'|'.join(NUMBERS)})"
_AMOUNT = rf"(?P<amount>{AMOUNT})"
DATE = re.compile(rf"(?<![\w-])(?P<amount>{_DATE})(?![\w-])", re.IGNORECASE)
OR_MORE = re.compile(r"(?P<amount>\d[\d,]*|\b[a-z]+) or (?P<more>more|less|fewer)\b", re.IGNORECASE)
BETWEEN = re.compile(
    rf"\b(?:between|from) {_AMOUNT.replace('amount', 'least')} (?:and|to) {_AMOUNT.replace('amount', 'most')}(?![\w-])",
    re.IGNORECASE,
)
COMPARISONS = tuple(
    (
        re.compile(
            rf"\b{words} (?:the year |(?!(?:{'|'.join(NUMBERS)})\b)(?P<noun>[a-z]+) )?{_AMOUNT}"
            r"(?P<more> or (?:more|less|fewer))?(?![\w.,-]*\d)",
            re.IGNORECASE,
        ),
        operator,
    )
    for words, operator in _COMPARE
)


_LONG = 5
"""Letters of a stem from which on an ending of nouns is taken off, too."""


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """What forms of a word have in common.

    >>> root("winner") == root("won"), root("hosted") == root("host"), root("goals") == root("goal")
    (True, True, True)
    """
    word = word.casefold().removesuffix("'s").removesuffix("’s")
    plain = _ROOTS.get(word, word)
    stem: str = stem_words([plain], "en")[0]
    return stem.removesuffix("al") if len(stem) > _LONG else stem  # a rental is what was rented


def number_of(text: str) -> int | float | None:
    plain = text.casefold().replace(",", "").lstrip("€$£")
    if plain in NUMBERS:
        return NUMBERS[plain]
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return None


_MAKING_NOUNS = frozenset("ment er or ing ion ation ery ure age ance ence ee ist".split())  # noqa: SIM905


@lru_cache(maxsize=65_536)
def kin(one: str, other: str) -> bool:
    """Whether of two roots one is a noun made of the other: "pay" and "payment", "deliv" and "deliveri".

    >>> kin(root("paid"), root("payments")), kin(root("supplies"), root("supplier")), kin(root("order"), root("border"))
    (True, True, False)
    """
    pairs = ((_stem_as_word(one), _stem_as_word(other)), (one, other), (one.removesuffix("e"), other))
    ordered = [sorted(pair, key=len) for pair in pairs]
    return any(
        len(short) >= _SHORTEST and long.startswith(short) and long[len(short) :] in _MAKING_NOUNS
        for short, long in ordered
    )


def _stem_as_word(stem: str) -> str:
    return f"{stem[:-1]}y" if stem.endswith("i") else stem


_SHORTEST = 3
