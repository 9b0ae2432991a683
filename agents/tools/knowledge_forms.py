"""How people ask the knowledge graph in English: patterns of whole questions for each verb.

Narrow, for a plain question must stay with the search: what is asked of all documents names them as a collection
("these calls"), and two things that are to be related are names. Groups of a pattern are parameters of the verb; a
name may end in ``_`` where one pattern has it twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_MANY = (
    r"(?:documents|files|texts|transcripts|calls|meetings|interviews|notes|papers|articles|reports|pages|letters|e-?mails"
    r"|messages|conversations|discussions|podcasts|episodes|chats|reviews|tickets|books|stories|minutes|presentations"
    r"|library|collection|corpus|archive|folder|data ?set)"
)
COLLECTION = rf"(?:all )?(?:of )?(?:the|these|those|this|my|our)? ?(?:\d+ )?(?:[a-z]+ )?{_MANY}(?: as a whole)?"
"""All that the library holds, as people name it; one document alone is none."""
_RANK = (
    r"(?:main|key|major|central|recurring|common|overall|overarching|principal|dominant|biggest|big|top|core|broad|"
    r"prevailing|most (?:common|important|frequent|prominent|discussed)|important)"
)
_THEMES = rf"(?:{_RANK}(?: (?:and|or) {_RANK})? )?(?:themes|topics|subjects|threads|motifs)"
_DISCUSSED = (
    r"(?:(?:that )?(?:are |were )?(?:discussed|covered|addressed|raised|treated|talked about|dealt with)|"
    r"(?:that )?(?:recur|emerge|appear|come up|run through))"
)
_WHAT, _BE = r"(?:what|which) (?:are |were )?(?:the )?", r"(?:is|are|was|were)"
_WITH = r"(?:with|about|on|around|between|among) (?P<about>.{3,80})"
_IN = r"(?:of|in|across|throughout|from|over|within|through|among|by)"
_THING = r"[`'\"“]?(?P<{}>(?!(?:it|this|that|these|those|they|them)\b)\S(?:.{{0,80}}?\S)?)[`'\"”]?"
_RELATED = r"(?:related|connected|linked|associated|tied)"
_KINDS = (
    r"(?P<kind>companies|firms|businesses|corporations|organi[sz]ations|people|persons|places|locations|countries|cities|"
    r"products|dates|names)"
)
_MENTIONED = r"(?:mentioned|named|referred to|talked about)"
_DISCUSSED_BY = r"(?: by (?:the |our )?[a-z ]{2,40})?"
_DISCUSSED_AS = (
    r"(?:discussed|mentioned|highlighted|raised|covered|addressed|described|emphasi[sz]ed|identified|reported|named"
    r"|treated|provided|projected|suggested|expressed|made|shown)" + _DISCUSSED_BY
)
_DISCUSSED_IN = (
    rf"(?:(?:that |which )?(?:are|were|is|was|have been|has been|get|got)? ?{_DISCUSSED_AS}|(?:that |which )?(?:recur"
    r"|emerge|appear|come up))"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH} )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?\d{{4}}(?:-\d\d){{0,2}}|\d{{1,2}}\.? {_MONTH} \d{{4}}"
_PERIOD = rf"(?:(?:between|from) (?P<since>{_DATE}) (?:and|to|until|till) (?P<until>{_DATE})|since (?P<since_>{_DATE}))"
_OVER = r"over (?:the )?(?:time|years|(?:past|last) (?:\d+ |few |several )?(?:years|months|quarters|weeks|days))"
_CHANGED = r"(?:changed?|developed?|evolved?|grown?|grow|progressed?|shifted|shift|varied)"
_TO = r"(?:to|with|in|for|at|about|around|regarding)"
_OF_THEM = r"(?:of )?(?:(?:the|these|those|my|our) )?"
_NAME_IT = r"(?:mention|name|talk about|discuss|refer to|speak of|speak about)"
_SUBJECT, _SUBJECT_OF = r"(?P<about>.{2,120})", r"(?P<about>.{3,120}?)"
_NO_VERB = r"(?!(?:of|is|are|was|were)\b)"
_LATER = _THING.format("about_")
_PARTS = {name: _THING.format(name) for name in ("start", "end", "name", "about")}

FORMS: Mapping[str, tuple[str, ...]] = {
    "themes": (
        rf"{_WHAT}{_THEMES}(?: {_DISCUSSED}| are there)?(?: {_IN} {COLLECTION}(?: {_WITH})?)?",
        rf"{_WHAT}{_THEMES} (?:do|does) {COLLECTION} (?:cover|discuss|share|treat|raise)",
        rf"(?:the )?{_THEMES}(?: {_DISCUSSED})? {_IN} {COLLECTION}(?: {_WITH})?",
        rf"(?:summari[sz]e|outline|describe) (?:the )?{_THEMES}(?: {_DISCUSSED})?(?: {_IN} {COLLECTION})?",
        rf"what (?:is|are) {COLLECTION} (?:all |mainly |mostly )?about",
    ),
    "path": (
        rf"how {_BE} {{start}} (?:and|with|to) {{end}} {_RELATED}(?: to (?:each other|one another))?",
        rf"how {_BE} {{start}} {_RELATED} (?:to|with|and) {{end}}",
        r"what (?:connects|links|ties|joins) {start} (?:and|to|with) {end}",
        r"(?:what is )?(?:the )?(?:connection|link|relation|relationship) between {start} and {end}",
    ),
    "compare": (r"compare {start} (?:and|with|to|against|versus|vs\.?) {end}",),
    "mentioned": (
        rf"(?:which|what|how many) {_KINDS} (?:are|were|get) (?:all )?{_MENTIONED}(?: {_IN} {COLLECTION})?",
        rf"(?:list )?(?:all )?(?:of )?(?:the )?{_KINDS}(?: that are)? {_MENTIONED}(?: {_IN} {COLLECTION})?",
        rf"(?:which|what) {_KINDS} (?:do|does) {COLLECTION} (?:mention|name|talk about|refer to)",
    ),
    "documents": (
        rf"(?:which|what|how many) {_OF_THEM}{_MANY} {_NAME_IT} {{name}}",
        rf"in (?:which|how many) {_OF_THEM}{_MANY} (?:is|are) {{name}} {_MENTIONED}",
        rf"list (?:all )?{_OF_THEM}{_MANY} (?:that|which) {_NAME_IT} {{name}}",
    ),
    "time": (
        rf"what (?:has |have )?(?:changed|happened)(?: {_TO} {{about}})? {_PERIOD}(?: {_TO} {_LATER})?",
        rf"how (?:did|has|have|had) {{about}} {_CHANGED}(?: {_OVER}| {_PERIOD})",
        rf"(?:(?:give|show) me )?(?:a |the )?(?:timeline|chronology) (?:of|for) {{about}}(?: {_PERIOD})?",
    ),
    "outline": (
        rf"(?:what is )?(?:the )?(?:table of contents|outline|structure) (?:of|for) {COLLECTION}",
        rf"how (?:is|are) {COLLECTION} (?:structured|organi[sz]ed)",
    ),
    "global": (
        rf"what (?:do|does|did) {COLLECTION} (?:say|tell(?: us)?|report|reveal|show) (?:about|on|of) {_SUBJECT}",
        rf"(?:summari[sz]e|sum up) what {COLLECTION} (?:say|says|tell|tells) (?:about|on) {_SUBJECT}",
        rf"(?:what|which) (?:are |were )?(?:the )?{_NO_VERB}{_SUBJECT_OF} {_DISCUSSED_IN} {_IN} {COLLECTION}",
        rf"how (?:have|has|are|is|were|was) {_SUBJECT_OF} (?:been )?{_DISCUSSED_AS} {_IN} {COLLECTION}",
        rf"(?:summari[sz]e|sum up) {_SUBJECT_OF} {_IN} {COLLECTION}",
    ),
    "local": (
        rf"what (?:is|are|was|were) (?:being )?(?:said|written|reported) (?:about|of) {_SUBJECT}",
        rf"what (?:do we know|is known) (?:about|of) {_SUBJECT}",
        rf"tell me (?:everything|all|more|something|what is said) (?:about|on) {_SUBJECT}",
    ),
}


@lru_cache(maxsize=64)
def patterns(verb: str) -> tuple[re.Pattern[str], ...]:
    """The forms of a verb; none for one that is only asked by its name."""
    forms = FORMS.get(verb, ())
    filled = (re.sub(r"\{(start|end|name|about)\}", lambda found: _PARTS[found[1]], form) for form in forms)
    return tuple(re.compile(form, re.IGNORECASE) for form in filled)
