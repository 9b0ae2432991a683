"""Words that name one property in different ways, as data: "how tall" is answered by "height: 3 m".

Also the irregular verbs, whose forms a stemmer does not bring together.
"""

from __future__ import annotations

from functools import cache

from ..corpus.languages import ENGLISH
from ..corpus.words import stems

_SAME = """
tall height high elevation altitude
long length
wide width broad breadth
deep depth
heavy weight weigh mass
old age aged
monthly month
yearly annual annually year
weekly week
daily day
hourly hour hr
fast speed quick quickly velocity rapid
big large size area huge
far distance away
often frequency frequently times every
hot temperature warm cold degrees
strong strength
loud volume noise
ticket admission entry entrance
cost price fee fare charge toll pay euros dollars rate tariff euro dollar pounds
take need require last duration time period needs lasts minutes hours days weeks
build construct construction erect building built
write author wrote writer written
paint painter
compose composer
invent inventor invention
discover discovery discoverer
design architect designer
direct director
start begin commence launch beginning onset starting
end finish expire conclude close expiry ending terminate
found establish creation create founder foundation establishment set
die death dead died
born birth birthplace native
live reside inhabitants population residents inhabitant people
phone telephone call tel
mail email
car vehicle automobile
carry hold capacity fit transport
lead head chief boss leader led
country nation state
company firm corporation business
doctor physician
buy purchase acquire bought acquisition
sell sale sold
move relocate relocation
replace replacement substitute exchange renew
repair fix mend
delete remove erase clear empty
add insert append
make produce manufacture production manufacturer create made
get receive obtain
show display
allow permit allowed may permission
forbid prohibit ban must
support supported
help assist aid
job occupation profession work
wife husband spouse married marry
win victory winner won
lose defeat lost
beat defeat
attend participate
speak language spoken
name called known named title
mean meaning stands refers definition
open opening hours
closed closing close
reason cause because why
default preset standard
factor coefficient parameter
kill murder
release publish publication publish issue released published
arrive arrival reach
leave depart departure
show demonstrate
teach education school university study studied educated
earn salary wage income
own belong owner property possess
happen occur take
choose select elect appoint
locate situate lie location address stand position
contain include consist comprise
responsible charge duty
number count quantity
amount total sum quantity
year date when
percent percentage proportion share
square m2 sqm
metre meter m2 sqm
cubic m3
kilogram kilo kg
kilometre kilometer km
maximum maximal max highest
minimum minimal min lowest
picture image photo
attack assault
fight battle war
religion faith
law act legislation statute
movie film
money fund funding
reside live home
stop cease halt
keep retain store save
send deliver ship dispatch delivery
"""

IRREGULAR = """
be was were been
become became
bear born bore borne
beat beaten
begin began begun
bind bound
break broke broken
bring brought
build built
buy bought
catch caught
choose chose chosen
come came
cut cuts
deal dealt
dig dug
draw drew drawn
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed
feel felt
fight fought
find found
fly flew flown
forbid forbade forbidden
forget forgot forgotten
freeze froze frozen
get got gotten
give gave given
go went gone
grow grew grown
hang hung
hear heard
hide hid hidden
hold held
keep kept
know knew known
lay laid
lead led
leave left
lend lent
lie lay lain
lose lost
make made
mean meant
meet met
pay paid
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
shake shook shaken
shoot shot
shut shuts
sing sang sung
sink sank sunk
sit sat
sleep slept
speak spoke spoken
spend spent
split splits
stand stood
steal stole stolen
stick stuck
strike struck
swim swam swum
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
understand understood
wear wore worn
win won
write wrote written
man men
woman women
child children
person people
foot feet
licence license
colour color
centre center
metre meter
litre liter
fibre fiber
grey gray
tyre tire
aluminium aluminum
cancelled canceled
travelled traveled
labelled labeled
defence defense
practise practice
favourite favorite
behaviour behavior
neighbour neighbor
honour honor
labour labor
catalogue catalog
dialogue dialog
programme program
jewellery jewelry
mould mold
artefact artifact
analyse analyze
organise organize organisation organization
recognise recognize
authorise authorize authorisation authorization
initialise initialize
serialise serialize
optimise optimize
customise customize
summarise summarize
synchronise synchronize
normalise normalize
minimise minimize
maximise maximize
"""


_SAME_GERMAN = """
groß größe fläche
hoch höhe
lang länge
breit breite
tief tiefe
schwer gewicht
alt alter baujahr
schnell geschwindigkeit tempo
heiß kalt warm temperatur
kosten kostet kostete preis gebühr leihgebühr entgelt miete betrag beitrag tarif einzelpreis eintrittspreis tagespreis
telefonnummer telefon tel rufnummer handynummer handy mobilnummer mobil
anschrift adresse wohnort wohnt wohnen
geburtstag geburtsdatum geboren
beruf arbeitet tätigkeit
"""


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for mark, table in (("~", _SAME), ("=", IRREGULAR)):
        for number, line in enumerate(table.strip().splitlines()):
            for stem in {stem for word in line.split() for stem in stems(word)}:
                found.setdefault(stem, []).append(f"{mark}{number}")
    for number, line in enumerate(_SAME_GERMAN.strip().splitlines()):
        # A cell that says nothing of its language is stemmed as English.
        for stem in {stem for word in line.split() for language in ("de", ENGLISH) for stem in stems(word, language)}:
            found.setdefault(stem, []).append(f"~de{number}")
    return {stem: tuple(groups) for stem, groups in found.items()}


def alike(stem: str) -> tuple[str, ...]:
    """Names of the groups that a stem belongs to: ``=n`` for one word's forms, ``~n`` for one property's names."""
    return _groups().get(stem, ())
