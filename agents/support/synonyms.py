"""Words that say the same in most sentences, as data: what rose also grew, what is permitted is allowed.

One line a group, words of one part of speech in their dictionary forms. Stricter than ``retrieval/paraphrases``, which
brings together names of one property; a word may stand in several groups, and its stem counts.
"""

from __future__ import annotations

from functools import cache

from ...corpus.words import stems
from ...questions.paraphrases import IRREGULAR

_SAME = """
increase grow rise climb gain expand up growth higher
decrease decline fall drop reduce shrink lessen lower fewer down reduction
begin start commence launch initiate
end finish conclude stop cease terminate close
cause induce trigger produce provoke lead result
make create produce form build construct generate
show demonstrate indicate reveal suggest display
affect impact influence
include contain comprise cover encompass
exclude omit
permit allow authorise authorize licence license
forbid prohibit ban disallow
require need demand necessitate
get obtain receive acquire gain
buy purchase acquire
sell vend
give provide supply grant offer
keep retain maintain preserve hold
use employ utilise utilize apply
help assist aid support
let permit allow enable
change alter modify
choose select pick opt
find discover detect locate identify
link associate connect relate correlate tie
join unite combine merge
split divide separate
move shift transfer relocate translocate
raise throw emit
send transmit deliver dispatch
say state declare announce
explain clarify clear
think believe consider
call name term dub
kill slay
die perish death
live reside dwell
work function operate
occur happen arise take
try attempt seek
want wish desire
fail failure
enhance improve better
harm damage hurt injure
exist occur
last endure continue persist
carry convey transport bear
measure gauge
compare contrast
test examine check try
found establish
destroy ruin demolish
defend protect safeguard protection
attack assault
win gain prevail
lack deficient missing absent
resist withstand resistant
bring carry
return give
speed accelerate
delay postpone
display exhibit present
determine decide resolve settle
ensure guarantee
depend rely
remove delete erase drop
big large great sizeable
small little minor tiny
fast quick rapid swift
slow sluggish
bad poor adverse ill
good fine
new novel recent
old ancient former
early first initial earliest
final last ultimate
main chief principal primary major
whole entire full complete total all
usual common normal typical
exact precise
true real actual genuine
wrong incorrect false
same identical equal
different distinct
hard difficult tough
easy simple
possible feasible
unknown unclear uncertain
likely probable likelihood probability
rare uncommon
enough sufficient adequate
free gratis
rich wealthy
poor impoverished
near close nearby
important crucial essential vital
strong powerful
weak feeble
famous renowned well-known
dangerous hazardous
substantial considerable significant
just only merely solely
mostly largely mainly chiefly primarily predominantly
nearly almost
about approximately roughly around
often frequently
rarely seldom
also too additionally
especially particularly
quickly rapidly fast
maximum most
minimum least
people person man woman individual human
patient participant subject case
child kid
doctor physician
area region zone territory
country nation state
city town
sea ocean
war conflict
fight struggle battle
illness disease sickness
drug medicine medication
death mortality
risk danger hazard
quantity amount number
part portion share piece
kind type sort variety
way manner method means
goal aim purpose objective
result outcome consequence effect
reason cause
error mistake fault
rule regulation
law statute
job occupation profession work
company firm business corporation
money fund
price cost charge fee
income revenue earnings
employee worker staff
buyer purchaser customer
seller vendor
period time era age
year annual
month monthly
day daily
limit bound limitation restriction
begin beginning start onset
belief faith
car automobile vehicle
ship vessel boat
road street
house home dwelling
picture image photo
film movie
electricity electric
argument arg parameter
folder directory
function method
programme program
clause provision
copy duplicate
rain rainfall precipitation
cultivate grow raise
attempt try
expect foresee anticipate forecast
reinstate reinstatement restore
extension suffix
item element entry
"""


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    forms = {line.split()[0]: line.split()[1:] for line in IRREGULAR.strip().splitlines()}
    for number, line in enumerate(_SAME.strip().splitlines()):
        for word in line.split():
            for form in (word, *forms.get(word, ())):
                for stem in stems(form):
                    found.setdefault(stem, set()).add(number)
    return {stem: frozenset(groups) for stem, groups in found.items()}


def synonymous(stem: str, other: str) -> bool:
    """Whether the stems of two words stand in one group."""
    return not _groups().get(stem, frozenset()).isdisjoint(_groups().get(other, frozenset()))
