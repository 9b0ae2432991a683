# ruff: noqa: E501
"""The words and forms by which ``question.py`` tells what is asked: question words, units, measures, ways to ask.

Tables only.
"""

from __future__ import annotations

import re

from ..corpus.words import stems
from .foreign import Kind
from .opposites import each

IDENTIFIER = re.compile(
    r"`[^`\n]+`"
    r"|(?<![\w.-])(?:"
    r"[A-Za-z]{1,8}[-_]?\d{2,}(?:[-_.]\w+)*"  # ST00010, P-137, E1001
    r"|[A-Za-z]+(?:[-_][A-Za-z]+)*[-_]\d+\w*"  # SKU-7
    r"|v\d+(?:\.\d+)*|\d+\.\d+\.\d+(?:[-.]\w+)*"  # v1.2, 1.2.3
    r"|[A-Za-z]\w*(?:_\w+)+|_\w+"  # snake_case
    r"|[\w-]+(?:[./][\w-]+)*\.(?:py|js|ts|md|txt|csv|json|ya?ml|toml|ini|cfg|conf|html?|pdf|docx?|xlsx?|pptx?|od[tsp]|epub|rtf|eml|mbox|srt|vtt|sh|c|h|cpp|rs|go|java|ipynb|xml|sql|log)"
    r"|[a-z]+(?:[A-Z][a-z0-9]+)+|(?:[A-Z][a-z0-9]+){2,}(?=\b)"  # camelCase
    r"|\w+(?:\.\w+)*\(\)|--?[a-z][\w-]+|\d+[A-Z]+\d*|0x[0-9a-fA-F]+"
    r")(?![\w-])"
)
QUOTED = re.compile(r"[\"“„«]([^\"”“»]{2,80})[\"”“»]|(?<!\w)'([^']{2,80})'(?!\w)")
CAPITALISED = re.compile(r"[^\W\d_][\w'’&.-]*", re.UNICODE)
DOCUMENTED = re.compile(
    r"where (?:is|are|was|were) (.+?) (?:documented|described|explained|mentioned|discussed|set out|stated)\??", re.I
)
VERSION = re.compile(
    r"\b(?:version|release|v\.?)\s*(\d+(?:\.\d+)*)|\bv(\d+(?:\.\d+)*)\b"
    r"|\b(?:in|of|since|from|with|to|for)\s+(\d{1,3}(?:\.\d{1,3})+)(?=\s*(?:[?,;]|$))"
    r"|(?<=[a-z] )(\d{1,3}(?:\.\d{1,3})+)(?= (?:release|come|came|publish|ship|introduc|add|fix|drop|requir|support|remov"
    r"|chang|bring|brought))",
    re.I,
)
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
CURRENT = re.compile(
    r"\b(?:current(?:ly)?|latest|now|today|newest|nowadays|finally|eventually|in the end|at the moment|these days|am Ende|letztlich|inzwischen|zur ?zeit|aktuell\w*|heute|jetzt|derzeit\w*|gültig\w*)\b",
    re.I,
)
NEGATED = re.compile(
    r"\b(?:not|never|no|none|without|except|cannot|\w+n['’]t|unsupported|forbidden|prohibited|banned"
    r"|nicht|nie|niemals|kein\w*|ohne|verboten|außer)\b",
    re.I,
)
NO_NEGATION = re.compile(
    r"\bnot only\b|\bno\.\s*\d|\b(?:if|when|unless|wenn|falls) (?:i|you|we|one|nobody|nothing|it|ich|man|es)\b[^,;?]*",
    re.I,
)
"""What negates nothing that is asked: "if I do not set it"."""
AUXILIARY = each("""
    is are was were am do does did has have had can could may might must shall should will would isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't can't couldn't won't wouldn't shouldn't mustn't ist sind war waren
    hat haben hatte kann können darf dürfen muss müssen soll sollen wird werden gibt
    """)
UNIT_WORDS = each("""
    seconds minutes hours days weeks months years decades centuries metres meters kilometres kilometers km cm mm
    miles feet inches yards kilograms kilogrammes kg grams grammes tonnes tons pounds ounces litres liters gallons
    ml watts kilowatts megawatts volts amperes amps degrees celsius fahrenheit percent euros dollars cents bar
    pascal hectares acres bytes megabytes gigabytes mb gb kb hz hertz knots sekunden minuten stunden tage wochen
    monate jahre meter kilometer kilogramm gramm liter prozent euro grad
    """)
UNITS = frozenset(UNIT_WORDS)
TIME_UNITS = frozenset(
    each("""
    seconds minutes hours days weeks months years decades centuries sekunden minuten stunden tage wochen monate
    jahre
    """)
)
MEASURES = frozenset(
    each("""
    price cost fee fare toll rent salary wage budget population weight mass height length width depth size area
    volume speed velocity temperature pressure capacity load age number amount quantity percentage share rate ratio
    distance duration limit maximum minimum average median sum total score accuracy level allowance discount
    deposit fine penalty tax interest voltage current power frequency density dose dosage timeout port count
    attendance turnout revenue profit income turnover quota threshold altitude elevation diameter radius thickness
    value default setting circumference yield efficiency preis kosten gebühr gewicht höhe länge breite tiefe fläche
    größe temperatur druck anzahl alter geschwindigkeit miete einwohnerzahl menge
    """)
)
DATES = frozenset(
    each("""
    date year month day night evening morning afternoon week weekend weekday deadline birthday time datum jahr monat tag
    nacht abend woche wochenende termin frist
    """)
)
PLACES = frozenset(
    each("""
    city town country place location address state county province village street region continent island stadt land
    ort adresse
    """)
)
LIGHT = frozenset(
    stem
    for word in each("""
    since until must who what when where why how which whose whom place many much kind type sort name call say tell
    give use do get go mean happen take find know work list show describe explain please exist thing way also one
    now ever just really actually anyway away got put came went maybe idea let we're i'm i've it's let's
    mr mrs ms miss frau herr muss müssen main long old far often like come see ask make would could still against don doesn didn isn
    aren wasn weren hasn haven hadn couldn shouldn wouldn mustn viel viele wie was wer wann wo welche welcher welches
    ist sind war hat haben wird werden der die das den dem des ein eine einen einem eines und oder im in am an auf
    für von zu mit bei es gibt man kann sich nach ich mir mich mein meine meinen meinem meiner wir uns unser unsere mal denn wird wurde wieviel warum wem wen durch aus um als
    someone somebody anyone anybody everyone everybody something anything everything stuff moment bit lot lots exactly
    roughly approximately normally usually typically generally simply basically actually currently nowadays presently
    want wants wanted supposed going try trying tried able rid
    eigentlich bzw hoch lange heißt bedeutet passiert geschieht gehört steht stehen zeigt sagt
    """)
    for stem in (*stems(word), *stems(word, "de"))
)
"""Stems that say little of what a question is about."""
CONTACT = re.compile(
    r"\b((?:tele)?phone|mobile|fax|e-?mail|web|contact) (?:numbers?|address(?:es)?)\b(?! of (?:calls|mails))",
    re.IGNORECASE,
)
"""What reaches somebody, whose second word says nothing."""
FILLER = re.compile(
    r"\b(?:nothing|none|several|at all|exactly|actually|still|ever|even|quite|rather|need(?:s|ed)? to|do (?:i|we|you) need"
    r"|keeps?(?= \w+ing\b)|overhaupt|eigentlich|noch|schon|gerade|wirklich)\b",
    re.IGNORECASE,
)
"""Words of a question that ask for nothing which an answer would have to say."""
OF_USE = frozenset(stems("need keep use require wear take have give run hold brauchen benutzen nehmen"))
"""Stems of verbs that only join a thing and its property, which a row of a table says without them."""
CAME_WITH = frozenset(
    stems(
        "version release add added introduce introduced bring brought new first appear appeared support supported came"
    )
)
"""Stems of words by which somebody asks with which version a thing came, which a list of changes says in any words."""
PICKS = re.compile(r"[,:] [^,:?]{1,60} or [^,:?]{1,60}\??$", re.IGNORECASE)
"""One of two is asked for: "…, testing or unstable?"."""
VALUES: frozenset[Kind] = frozenset({"number", "count", "date", "duration", "person", "place", "name", "value"})
"""Kinds of question that one value answers."""
KIND_FORMS: tuple[tuple[Kind, str], ...] = (
    ("passage", r"what(?:['’]s| is) the (?:[\w-]+ ){0,2}(?:password|passcode|passphrase|pin|code)\s*\??$"),
    (
        "comparison",
        r".*\b(?:difference between|differ\b|compared? (?:to|with)|unterschied zwischen)"
        r"|(?!(?:\w+ )?(?:which|what|when|who|where|how)\b).*\b(?:versus|vs\.?)\b",
    ),
    (
        "code",
        r".*\b(?:what (?:command|code|function call|sql|query)|^(?:the )?(?:shell )?commands?\b|which (?:command|flag|function|option)|show .*(?:code|commands?|example|snippet|query)|code (?:to|for))\b",
    ),
    (
        "list",
        r"(?:what|which) (?:\w+ ){0,3}?(?:can|may|could) .*\bbe set to\b"
        r"|(?:what|which) are (?:the |all )?(?:allowed|possible|valid|accepted|permitted|available|legal) \w+",
    ),
    (
        "number",
        r"how much\b|wie ?viel\b(?!e)|was (?:kostet|kosten)\b|was (?:hat|haben) .*\bgekostet\b|what (?:percentage|percent|proportion|share)\b",
    ),
    ("count", r"(?:\w+ ){0,3}?how many\b|wie ?viele\b|what number of\b|what is the number of\b"),
    (
        "number",
        r".*\bhow (?:tall|high|deep|wide|heavy|fast|far|old|large|big|hot|cold|thick|strong|loud|expensive)\b|(?:.* )?wie (?:hoch|tief|breit|schwer|schnell|weit|alt|groß|teuer|heiß|kalt|dick)\b",
    ),
    (
        "duration",
        r"(?:\w+ )?(?:how long|wie lange?)\b|(?:what|which) (?:is the )?duration"
        r"|what(?:'s| is| are| was)(?: the| our| my| your| their| his| her)? (?:[\w-]+ ){0,2}(?:period|duration|lifetime|lifespan)s?\b",
    ),
    (
        "date",
        r"(?:\w+ ){0,2}?(?:when(?! (?:i|you|we|they|he|she|it|one|my|your|the|an?|\w+ing)\b)|wann)\b|(?:\w+ )?(?:what|which) (?:year|date|day|month|century|decade|time)\b|(?:in )?welche[mns]? (?:jahr|tag|monat)",
    ),
    (
        "steps",
        r"how (?:do|can|should|would|could|does one|to|must)\b(?! (?:he|she|they|it|the)\b)|(?:what are the )?steps\b|wie (?:kann|mache?|lässt|muss) (?:ich|man|wir)",
    ),
    (
        "reason",
        r"why\b|(?:what|which) (?:is|was|were|are)? ?(?:the )?(?:reasons?|causes?)\b|what caused\b|how come\b|warum\b|weshalb\b|wieso\b",
    ),
    ("person", r"(?:\w+ )?(?:who|whom|whose)\b|(?:wer|wem|wen|wessen)\b"),
    (
        "place",
        r"(?:\w+ )?(?:where|wo|woher|wohin)\b|(?:in |to |from )?(?:what|which) (?:city|town|country|place|location|state|county|province|village|street|region|continent|island)\b",
    ),
)
FORMS = tuple((kind, re.compile(form, re.I)) for kind, form in KIND_FORMS)
DEFINITION = re.compile(
    r"what(?:'s| is| are| (?:was|were)(?! the [\w-]+(?: [\w-]+)? (?:in|on|at|during|last|before|after)\b)) (?!(?:in|on|under|inside|at)\b)(?:an? |the )?([\w./()`'-]+(?: [\w./()`'-]+){0,2}?)(?: used for| for)?\s*\??$"
    r"|(?:.*, )?what does (?:the (?:method|function|option|parameter|class|command|setting|flag) )?([\w./()`'-]+(?: [\w./()`'-]+)?)(?: of [\w.]+)? (?:mean|stand for|do)\??$|(?:define|definition of|meaning of)\b|was (?:ist|bedeutet) (?:eine? |der |die |das )?[\w-]+\??$",
    re.I,
)
PROPERTY_OF = re.compile(
    r"(?:what|which|wie|was|welche[rsn]?)(?:'s| is| are| was| were| ist| sind| war)? (?:the|der|die|das)? ?((?:[\w-]+ ){0,3}?[\w-]+) (?:of|for|at|in|on|des|der|von|für|im|auf)\b",
    re.I,
)
POSSESSED = re.compile(
    r"what(?:['’]?s| is| are| was| were) (?:the |my |our )?(?:[\w.-]+ ){0,3}?[\w.-]*\w(?:['’]s|s['’])"
    r" (?!(?:method|law|disease|syndrome|theorem|lemma|principle|rule|equation|formula|constant|algorithm|effect|paradox|day)\b)(?P<thing>(?:[\w-]+ ){0,2}[\w-]+)\s*\??$",
    re.IGNORECASE,
)
"""What somebody or something has: "what's Ann's address"; not what is called after somebody, such as Newton's method."""
WHAT_COSTS = re.compile(
    r"what (?:does|do|did|will|would) (?:.+ )(?:(?P<cost>cost)|weigh|measure)\b(?! (?:more|less))", re.IGNORECASE
)
"""What a thing costs or weighs, asked by the verb."""
COUNTED = re.compile(
    r"\b(?:how (?:many|much)|wie ?viele?|what number of|number of|what percentage of)\s+(?:of the |of |more |other |different |total )*((?:[a-zäöüß-]+ )?[A-Za-zäöüßÄÖÜ-]+)",
    re.I,
)
WHICH = re.compile(r"\b(?:what|which|welche[rsmn]?)\s+((?:[a-zäöüß-]+ )?[A-Za-zäöüßÄÖÜ-]+)", re.I)
FAR = 5
"""Words between "which" and the verb."""
NO_NOUN = frozenset(
    each("""
    is are was were do does did has have had can could may might must shall should will would be been the a an of in
    on at to for from by with you i we they he she it this that these those ist sind war hat kann der die das there
    not happens happen happened occurs goes comes makes takes gives
    """)
)
MONEY = re.compile(
    r"how much (?:does|do|did|is|are|was|were|will|would) .*|.*\b(?:price|cost|fee|fare|toll|rent|salary|preis|gebühr|kosten|kostet|gekostet)\b.*",
    re.I,
)
SECOND = re.compile(
    r"\s*(?:[,;]|\?)?\s*\b(?:and|und|or also)\s+(?=(?:in |to |for |at |on |since |until |by )?"
    r"(?:what|who|whom|whose|when|where|why|how|which|wer|was|wann|wo|warum|wie|welche[rsn]?)\b(?!\s+(?:and|or|und)\b))"
    r"|\?\s+(?=\w)|\s*[,;]\s*(?=(?:what|who|when|where|why|how|which)\b)"
    r"|\s+(?:and|und)\s+(?=(?:is|are|was|were|does|do|did|can|may|must)\s+(?:it|they|the|there|he|she)\b)",
    re.I,
)
SUBORDINATE = re.compile(
    r"(?:when|where|while) (?!(?:and|or|is|are|was|were|do|does|did|can|could|may|must|will|would|should|has|have|had|in|on"
    r"|exactly|else)\b)",
    re.IGNORECASE,
)
"""A clause that asks nothing: "when starting from the shell", "when I press a key"."""
TWO_WORDS = re.compile(
    r"((?:when|where|why|how|who|what|wann|wo|wer|warum|wie))\s+(?:and|or|und)\s+((?:when|where|why|how|who|what|wann|wo|wer|warum|wie)\b)\s+(.+)",
    re.I,
)
TWO_THINGS = re.compile(r"(?P<before>.*?)(?P<one>\S+) and (?:of |the )*(?P<other>[^\s?]+)(?P<behind>.*)")
SIDES = re.compile(
    r"\bdifferences? (?:is there )?(?:between|of) (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+?)(?P<rest>(?: (?:in|when|for|on|at|of|with)\b.*)?)\??$"
    r"|\bcompare (?:the )?(?P<c>.+?) (?:and|with|to) (?:the )?(?P<d>.+?)\??$"
    r"|^(?!(?:\w+ )?(?:which|what|when|who|where|how)\b)(?P<e>[^,]+?) (?:vs\.?|versus|compared (?:to|with)) (?P<f>[^,?]+?)\??$"
    r"|, (?:the )?(?P<g>[^,?]+?) or (?:the )?(?P<h>[^,?]+?)\??$",
    re.I,
)
PRONOUN = re.compile(
    r"\b(it|they|them|he|she|him|its|their|his|her|this one|that one|sie|er|es|ihr|ihre|seine?)\b", re.I
)
POSSESSIVE = frozenset(each("its their his her ihr ihre sein seine"))
PEOPLE = re.compile(r"(?:they|them)", re.I)
"""What may mean people in general, "they" who decide or close."""
EXPLETIVE = re.compile(
    r"\b(?:is|was|does|will|would|can|did|has) it (?:take|took|possible|allowed|cost(?= to\b)|legal|safe|necessary|true|rain|required|permitted|forbidden|mean|called|ok|better|clear|said|been|that)\b"
    r"|\bit (?:takes?|took|costs?|is|was) |\bgibt es\b|\bist es\b"
    r"|\b(?:it|es) (?:rain|snow|hail|thunder|pour|freez|storm|regnet|schneit|hagelt|stürmt|friert)\w*"
    r"|\b(?:it|es) (?:gets?|becomes?|turns?|gets? too|wird|ist)(?: too| zu| sehr)? (?:dark|cold|hot|warm|late|windy|wet|icy|foggy|loud|dunkel|kalt|heiß|spät|laut)\b",
    re.I,
)
FOLLOWS = re.compile(
    r"(?:and|but|also|or|then|so|und|aber)\b(?!\s*\?)|(?:what|how) about\b|same (?:for|question)|(?:was|wie) ist mit\b|(?:what|which) else\b|why(?: not)?\s*\?*$|when\s*\?*$|where\s*\?*$|who\s*\?*$|how(?: so)?\s*\?*$",
    re.I,
)
STOP_NAMES = frozenset(each("i ok faq mr mrs ms miss messrs frau herr herrn mme madame monsieur"))
WHICH_VERSION = re.compile(
    r"(?:.* )?(?:which|what|first|since which) (?:[\w.]+ )?(?:versions?|releases?)\b|(?:which|what) (?!is|was|were|are|has|had)\w+ (?:introduced|brought|added|removed)\b",
    re.I,
)
IMPERATIVES = frozenset(
    each("""
    get make set add enable disable install create configure scaffold stop start change remove delete open write read
    send build deploy run turn update upgrade rename move copy convert connect print log test mock retry schedule rotate
    restart reload upload download import export parse
    """)
)
"""Verbs with which people search for what to do."""
DEED = re.compile(r"who (\w+(?:s|ed))\b", re.I)
"""What somebody does is asked of more than what it is done to."""
DONE_WHEN = re.compile(
    r"when (?:is|are|does|do|will|would|should|must) .*\b(?P<deed>sent|raised?|thrown?|called|invoked|emit(?:s|ted)?|fired?|triggered|returned?|used|executed|set|logged|shown|happen|occur|appl(?:y|ied))\b",
    re.I,
)
"""Under which condition a name of code is used."""
SECRET = re.compile(
    r"\b(?:what|which|was|wie)\b.*\b(?P<secret>pass(?:word|code|phrase)|code|pin|combination|passwort|kennwort|zugangscode|geheimzahl)\b",
    re.I,
)
"""A word or number that opens something."""
MADE = re.compile(
    r"who (?:had |has )?(?P<deed>(?:re)?wrote|written|composed|made|created|did|does|designed|painted|drew|arranged|produced|edited|translated|illustrated|provided|photographed)"
    r" (?:the |its |their |this )?(?P<work>[\w-]+(?: (?!(?:for|of|in|to|on|at)\b)[\w-]+)?)(?P<of> (?:for|of|in|to|on) )?",
    re.I,
)
"""Who made something: a part of a thing, where ``of`` names it."""
QUESTION_STEMS = frozenset(stems("when was what is where who how does did why which and what about"))
