"""The verbs of the code graph, each once.

The order matters for questions only: the first verb with a form that fits is the one that was meant.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import InputError, NotFoundError
from ...graphs.code import CodeAnswer, CodeGraph
from ...graphs.code import verbs as code
from ...graphs.code.changes import impact_of_diff
from ...graphs.code.entry_points import entry_points
from ...graphs.code.explain import explain
from ...graphs.code.impact import impact, reaching_tests
from ...graphs.code.implementors import implementors
from ...graphs.code.imports import cycles, importers, imports
from ...graphs.code.overview import overview
from ...graphs.code.paths import path
from ...graphs.code.raises import raises
from ...graphs.code.reach import callees_within, callers_within
from ...graphs.code.unused import unused
from .base import NAME, Parameter, Verb
from .say import defined, explained, listed, told

DEPTH = Parameter("depth", "How many steps away, as a tree.", 1, option=True, most=10)


def _impact(graph: CodeGraph, name: str, diff: str, depth: int) -> list[CodeAnswer]:
    if bool(name) == bool(diff):
        raise InputError("impact needs a name or a diff", fix="name a symbol, or a revision to compare with (HEAD~1)")
    return impact_of_diff(graph, diff, depth) if diff else impact(graph, name, depth)


_ENTRIES = (
    Verb(
        name="path",
        description="How one symbol comes to call another, step by step.",
        run=path,
        say=told,
        asks="asks for the calls from {start} to {end}",
        parameters=(Parameter("start", "Where it begins."), Parameter("end", "Where it arrives.")),
        words="reach(?:es|ed)?|path|chain|route|leads?|through|via|ends?|arrives?|gets?",
        forms=(
            "how (?:does|do|can|could|is|did) {start} (?:get to|get into|reach|call|end up (?:in|at|calling)|"
            "arrive (?:at|in)|"
            "lead to|go to|come to|trigger|invoke) {end}",
            "how (?:does|do|can|would) (?:you|one|we|i|a call|a request|control|the code|execution) (?:get|go|"
            "come|travel|flow) "
            "from {start} to {end}",
            "(?:shortest )?(?:call )?(?:path|chain|route|way|calls|steps|sequence of calls|flow)(?: of calls)? "
            "(?:from|between) {start} (?:to|and|->) {end}",
            "from {start},? how (?:is|does one reach|do we reach|do you reach|do i reach) {end}(?: (?:reached|"
            "called|run))?",
            "how (?:is|does) {end} (?:reached|called|invoked|triggered|get called) (?:from|by|in) {start}",
            "{whether} {start} (?:ever |eventually |indirectly |somehow )+(?:reach|call|lead to|end up in|get "
            "to) {end}",
            "{whether} {end} reachable from {start}",
        ),
    ),
    Verb(
        name="tests",
        description="The tests that reach it, nearest first.",
        run=reaching_tests,
        say=listed,
        asks="asks for the tests of {name}",
        words="tests?|tested|testing|covers?|covered|coverage|exercis(?:e|es|ed)",
        forms=(
            "(?:which|what|any|all) (?:unit )?tests? (?:that )?(?:do |does |would |will )?(?:cover|reach|test|"
            "exercise|call|use|"
            "hit|run|touch|check|verify|go through|involve|rely on|depend on|break)(?:e?s)? {name}",
            "(?:unit )?tests? (?:for|of|on|covering|that (?:cover|reach|test|exercise|call|use|hit|touch|"
            "check)) {name}",
            "{whether} {name} (?:ever )?(?:tested|covered)(?: by (?:any |a |the )?(?:unit )?tests?)?",
            "(?:how|where) (?:is|are) {name} tested",
            "(?:which|what) tests (?:should|must|do|need to|have to|ought) (?:i|we|to|be)? ?(?:to )?(?:run|"
            "rerun|re-run)"
            "(?: again)? (?:if|when|after|for) (?:i |we )?{change}(?: to| of| in)? {name}",
            "{whether} there (?:any |a )?(?:unit )?tests? (?:for|of|that (?:cover|test|use)) {name}",
        ),
        says="is reached by these tests, {} in all",
        nothing="is reached by no test that is known",
    ),
    Verb(
        name="impact",
        description="What a change of a symbol, or all since a git revision, affects; and the tests to run.",
        run=_impact,
        say=told,
        asks="asks what a change of {name} affects",
        parameters=(
            Parameter("name", "A name, dotted as far as needed.", ""),
            Parameter("diff", "A git revision to compare the library with: HEAD~1, main.", "", option=True),
            Parameter("depth", "How many steps away.", 3, option=True, most=10),
        ),
        words=(
            "chang(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|renam(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|"
            "delet(?:e|es|ed|ing)|touch(?:es|ed|ing)?|edit(?:s|ed|ing)?|refactor(?:s|ed|ing)?|breaks?|broken|"
            "breaking|affect(?:s|ed)?|impact(?:s|ed)?|dependents?|blast|notic(?:e|es|ed)"
        ),
        forms=(
            "what (?:all )?(?:breaks?|(?:would|will|could|might|may|can) (?:break|fail|happen|be affected|be "
            "impacted)|happens|"
            "is affected|is impacted|gets affected) (?:if|when|by|once) (?:i |we |you |someone |somebody "
            ")?{change} {name}",
            "{who} (?:all )?(?:is|are|would be|will be|gets?|could be) "
            "(?:affected|impacted|hit|touched|influenced) (?:by|if|when)(?: a| the| any)?(?: i| we)? ?{change}"
            "(?: (?:to|of|in))? {name}",
            "(?:impact|effects?|consequences?|blast radius|ripple effects?|fallout)(?: of| on)?"
            "(?: (?:a |the |any )?{change}(?: (?:to|of|in))?)? {name}",
            "{who} (?:all )?(?:depends?|relies|rely) on {name}",
            "(?:dependents|dependants) of {name}",
            "(?:{aux} it safe to|can i(?: safely)?|may i(?: safely)?|should i) {change} {name}",
        ),
    ),
    Verb(
        name="callees",
        description="What it calls.",
        run=callees_within,
        say=listed,
        asks="asks for the callees of {name}",
        parameters=(NAME, DEPTH),
        words=(
            ">calls?|>calling|>invokes?|>uses?|>using|>delegates?|>depends?|>rel(?:y|ies)|>needs?|callees|"
            "dependencies|tree"
        ),
        forms=(
            "(?:what|{who}) (?:all )?(?:does|do|is) {name} (?:directly )?(?:call|calling|invoke|depend on|rely "
            "on|run|need|use|"
            "delegate to)s?",
            "(?:callees|dependencies) of {name}",
            "{who} (?:is|are|gets?) (?:called|invoked|used) (?:by|from|in|inside|within) {name}",
            "(?:functions|methods|calls) (?:called|invoked|made) (?:by|from|in|inside|within) {name}",
        ),
        says="calls {} of this library's symbols",
        nothing="calls nothing of this library",
    ),
    Verb(
        name="callers",
        description="Who calls it.",
        run=callers_within,
        say=listed,
        asks="asks for the callers of {name}",
        parameters=(NAME, DEPTH),
        words=(
            "calls?|called|calling|callers?|invok(?:e|es|ed)|invocations?|instantiat(?:e|es|ed)|"
            "construct(?:s|ed)?|creat(?:es|ed)|triggers?|triggered|runs?|executed?"
        ),
        forms=(
            "{who} (?:is |are )?(?:directly )?(?:calls?|calling|invokes?|invoking|runs?|triggers?|executes?) {name}",
            "(?:what|which) (?:code )?(?:paths?|ways?|chains?) (?:lead|go|get)s? to {name}",
            "(?:direct )?(?:callers?|calls|invocations?|call sites) (?:of|to|for) {name}",
            "where (?:is|are|does) {name} (?:get )?(?:being )?(?:called|invoked|executed|triggered)(?: from)?",
            "where (?:do|does|did) {we} (?:call|invoke|run) {name}",
            "(?:from )?(?:where|what|who|which functions?) (?:is|are) {name} (?:called|invoked)(?: (?:from|by))?",
            "{name} (?:is|gets) (?:called|invoked) (?:by|from) (?:who|what|where|which functions?)",
            "{whether} {name} {ever}(?:called|invoked)(?: (?:by|from|in) {other})?",
            "{whether} {anything} {ever}(?:calls?|invokes?) {name}",
            "{whether} {other} (?:ever |still |actually |directly )*(?:calls?|invokes?) {name}",
        ),
        says="is called by {}",
        nothing="is called by nothing that is known",
    ),
    Verb(
        name="raises",
        description="Where an exception is raised, or one of its subclasses.",
        run=raises,
        say=listed,
        asks="asks where {name} is raised",
        words="rais(?:e|es|ed|ing)|throws?|thrown|throwing",
        forms=(
            "where (?:is|are|does|do) {name} (?:get |being |ever |actually )*(?:raised|thrown)",
            "where (?:do|does|did) {we} (?:raise|throw) {name}",
            "{who} (?:can |could |may |might |will |is |are )?(?:raises?|raising|throws?|throwing) {name}",
            "(?:raises|raise statements|throws) (?:of|for) {name}",
            "{whether} {name} {ever}(?:raised|thrown)(?: (?:by|in) {other})?",
            "{whether} {anything} {ever}(?:raise|throw)s? {name}",
            "{whether} {other} {ever}(?:raise|throw)s? {name}",
            "when (?:is|does) {name} (?:get )?(?:raised|thrown)",
        ),
        says="is raised by {}",
        nothing="is raised nowhere that is known",
    ),
    Verb(
        name="implementors",
        description="What implements an interface, protocol, base class or method.",
        run=implementors,
        say=listed,
        asks="asks what implements {name}",
        words="implements?|implement(?:ed|ing)|implementations?|implementors?|implementers?|satisf(?:y|ies)",
        forms=(
            "{who} (?:implements?|implementing|satisf(?:y|ies)|conforms? to|provides?) {name}",
            "(?:concrete )?(?:implementations?|implementors?|implementers?) (?:of|for) {name}",
            "{whether} {anything} {ever}(?:implement|satisfy|conform to)s? {name}",
            "{whether} {other} (?:implement|satisfy|conform to)s? {name}",
        ),
        says="is implemented by {}",
        nothing="is implemented by nothing that is known",
    ),
    Verb(
        name="superclasses",
        description="What it inherits from.",
        run=code.superclasses,
        say=listed,
        asks="asks for the superclasses of {name}",
        words=">inherits?|>extends?|>derives?|>derived|superclass(?:es)?|ancestors?|bases?|parents?|hierarchy|mro",
        forms=(
            "(?:what|which class(?:es)?|who) (?:does|do|is) {name} (?:inherit|derive|extend|subclass|"
            "inheriting)(?:s|d)?"
            "(?: from)?",
            "(?:direct )?(?:super ?class(?:es)?|base class(?:es)?|bases|parents?|parent class(?:es)?|ancestors|"
            "mro|hierarchy) "
            "of {name}",
            "{whether} {name} (?:inherit|derive|extend|subclass)(?:s|es)?(?: from)? {other}",
            "{whether} {name} (?:a |an )?(?:subclass|child|descendant|kind|derived class|derived) (?:of|from) {other}",
        ),
        says="inherits from {}",
        nothing="has no superclass that is known",
    ),
    Verb(
        name="subclasses",
        description="Which classes inherit from it.",
        run=code.subclasses,
        say=listed,
        asks="asks for the subclasses of {name}",
        words="subclass(?:es|ed)?|inherits?|inherited|extends?|extended|derives?|derived|children|descendants",
        forms=(
            "{who} (?:subclass|inherit|derive|extend)(?:es|s)?(?: from)? {name}",
            "{who} (?:is|are) (?:a )?(?:subclass|derived|inherit)(?:es|ed|ing)? (?:of|from) {name}",
            "(?:direct )?(?:subclasses|children|child classes|derived classes|descendants) of {name}",
            "{whether} there (?:any )?(?:subclasses|child classes|derived classes) of {name}",
            "{whether} {anything} {ever}(?:subclass|inherit|derive|extend)(?:es|s)?(?: from)? {name}",
            "{whether} {name} {ever}(?:subclassed|inherited|extended)(?: (?:by|in) {other})?",
        ),
        says="has these subclasses, {} in all",
        nothing="has no subclass that is known",
    ),
    Verb(
        name="overrides",
        description="Which methods replace it.",
        run=code.overrides,
        say=listed,
        asks="asks for the overrides of {name}",
        words="overrid(?:e|es|den|ing)|overwrit(?:e|es|ten)|redefin(?:e|es|ed)|replac(?:e|es|ed)",
        forms=(
            "{who} (?:overrides?|overriding|overwrites?|redefines?|replaces?) {name}",
            "where (?:is|are) {name} overrid(?:den|ed)",
            "(?:overrides|overriding methods|redefinitions) (?:of|for) {name}",
            "{whether} {anything} {ever}overrides? {name}",
            "{whether} {name} {ever}overrid(?:den|ed)(?: (?:by|in) {other})?",
            "{whether} {other} {ever}overrides? {name}",
        ),
        says="is overridden by {}",
        nothing="is overridden by nothing that is known",
    ),
    Verb(
        name="members",
        description="What a module or class defines.",
        run=code.members,
        say=listed,
        asks="asks for the members of {name}",
        words="methods|members|attributes|fields|properties|contents?|contains?|api",
        forms=(
            "(?:what|which) (?:all )?{members}"
            "(?: and {members})? "
            "(?:does|do|are|is) {name} (?:have|has|define|provide|contain|offer|expose|consist of)",
            "{members}(?: and {members})? (?:of|in|on|for|defined (?:in|by|on)) {name}",
            "(?:what|which) {members} (?:are|is|exist)(?: there| defined| available)? (?:in|on|of|for|by) {name}",
            "what(?: all)? (?:is|are) (?:defined |inside |in )+{name}",
            "what(?: all)? (?:does|do) {name} (?:define|contain|export|have)",
        ),
        says="has {} members",
        nothing="has no members",
    ),
    Verb(
        name="imports",
        description="What a module imports.",
        run=imports,
        say=listed,
        asks="asks what {name} imports",
        words=">imports?|>importing",
        forms=(
            "(?:what|{who})(?: all)? (?:does|do|is|are) {name} (?:directly )?(?:import|importing)(?: from)?",
            "{who} (?:is|are|gets?) imported (?:by|in|into|from) {name}",
            "imports (?:of|in) {name}",
        ),
        says="imports {} of this library's symbols",
        nothing="imports nothing of this library",
    ),
    Verb(
        name="importers",
        description="The modules that import it.",
        run=importers,
        say=listed,
        asks="asks who imports {name}",
        words="imports?|imported|importing|importers?",
        forms=(
            "{who} (?:is |are )?(?:imports?|importing) (?:from )?{name}",
            "where (?:is|are|does|do) {name} (?:get )?imported(?: from)?",
            "where (?:do|does) {we} import {name}",
            "importers of {name}",
            "{whether} {anything} {ever}imports? {name}",
            "{whether} {name} {ever}imported(?: (?:by|in|from) {other})?",
            "{whether} {other} {ever}imports? (?:from )?{name}",
        ),
        says="is imported by {}",
        nothing="is imported by nothing that is known",
    ),
    Verb(
        name="references",
        description="Where it is used in any way.",
        run=code.references,
        say=listed,
        asks="asks for the references of {name}",
        words="us(?:e|es|ed|age|ages|ing)|references?|referenced|mentions?|mentioned|needed",
        forms=(
            "where (?:all )?(?:is|are|does|do) {name} (?:get )?(?:being )?(?:used|referenced|mentioned|needed)",
            "where (?:do|does|did) {we} (?:use|reference|need|mention) {name}",
            "{who} (?:is |are )?(?:uses?|using|references?|referencing|mentions?|needs?) {name}",
            "(?:references|usages?|uses|usage|mentions) (?:to|of|for) {name}",
            "{whether} {name} {ever}(?:used|referenced|needed)(?: (?:by|in) {other})?",
            "{whether} {other} {ever}(?:uses?|references?) {name}",
            "{whether} {anything} {ever}(?:uses?|references?) {name}",
        ),
        says="is used by {}",
        nothing="is used by nothing that is known",
    ),
    Verb(
        name="unused",
        description="Definitions that nothing uses; where that cannot be known, why.",
        run=unused,
        say=told,
        asks="asks what is unused",
        parameters=(),
        words="unused|dead|unreachable|obsolete",
        forms=(
            "(?:what|which|any|{aux} there any|{aux} there) {things}(?: (?:is|are|that is|that are))? "
            "(?:dead|unused|unreachable|never (?:used|called|referenced)|"
            "not (?:used|called)|obsolete)",
            "(?:what|which|any|{aux} there any|{aux} there|{aux} {code} any)? ?(?:dead|unused|"
            "unreachable|uncalled) "
            "{things}",
            "what (?:can|could|may) (?:i|we|be) (?:safely )?(?:deleted?|removed?|dropped?|thrown away)",
        ),
        look_up=False,
    ),
    Verb(
        name="cycles",
        description="Circles of imports.",
        run=cycles,
        say=told,
        asks="asks for import cycles",
        parameters=(),
        words="circular|cyclic|cycles?|circles?",
        forms=(
            "(?:(?:what|which|any|where are the|{aux} there any|{aux} there|{aux} {code} have(?: "
            "any)?) )?"
            "(?:import|circular|cyclic|circles of)[ -]?(?:cycles?|imports?|dependenc(?:y|ies)|import cycles?)",
            "(?:which|what) modules (?:import|depend on) (?:each other|one another)",
            "{aux} (?:any )?modules import (?:each other|one another)",
        ),
        look_up=False,
    ),
    Verb(
        name="entry-points",
        description="Where programs start.",
        run=entry_points,
        say=told,
        asks="asks for entry points",
        parameters=(),
        words="entry|entrypoints?",
        forms=(
            "(?:(?:what|where|which) (?:is|are) )?(?:the )?(?:main )?entry[ -]?points?(?: (?:of|to|into|for) {code})?",
            "where (?:does|do|is|can) (?:{code}|execution|everything|it) (?:start|begin|started|get started|"
            "starts|begins)",
            "how (?:is|do i|do you|does one|can i) (?:start|run|launch)?(?:ed)? ?{code}(?: (?:started|run|launched))?",
            "(?:what|which) (?:commands|scripts|command line tools) (?:does|do|are|is) {code} (?:define|provide|"
            "have|install|in)",
        ),
        look_up=False,
    ),
    Verb(
        name="map",
        description="The files by rank, with their most used definitions.",
        run=overview,
        say=told,
        asks="asks for a map of the code",
        parameters=(Parameter("budget", "How many tokens.", 1_000, option=True, least=100, most=50_000),),
        words="important|central|architecture|structured?|organi[sz]ed|layout",
        forms=(
            "(?:(?:what|which) (?:is|are) )?(?:the )?(?:most )?(?:important|central|main|key|core|used|relevant) "
            "(?:source )?(?:files?|modules?|parts?)(?: (?:of|in) {code})?",
            "(?:which|what) (?:source )?(?:files?|modules?|parts?)(?: (?:of|in) {code})? (?:is|are|matter|"
            "should i read)"
            "(?: the)?(?: most)?(?: important| central| first| the most)?",
            "(?:map|overview|structure|architecture|layout|outline|tour|summary) of {code}",
            "(?:how|what) (?:is|does) {code} (?:organi[sz]ed|structured|laid out|built|look like)",
            "where (?:should|do) i (?:start|begin)(?: reading)?(?: {code})?",
        ),
        look_up=False,
    ),
    Verb(
        name="definition",
        description="Where it is defined.",
        run=code.definition,
        say=defined,
        asks="asks for the definition of {name}",
        words="defined|declared|declaration|located|location|lives?|signature|source",
        forms=(
            "where (?:is|are|does|do) {name} (?:get )?(?:defined|declared|implemented|located|live|lives|come "
            "from|found|created)",
            "where (?:can|do|could|would|should) (?:i|we|you) (?:find|see|look for) "
            "(?:the (?:code|source|definition) (?:of|for) )?{name}",
            "where is (?:the )?(?:code|definition|implementation|source|declaration)(?: code)? (?:of|for) {name}",
            "(?:definition|signature|source|source code|code|implementation|location|declaration) (?:of|for) {name}",
            "(?:which|what) (?:file|module|class)(?: is| does)? {name} (?:is )?(?:defined in|in|live in|defined|"
            "located in|"
            "implemented in|come from)",
            "(?:which|what) (?:file|module) (?:defines|contains|has|holds|implements|declares) {name}",
            "(?:what are )?(?:the )?(?:parameters|arguments|signature) (?:of|for|to) {name}",
            "(?:what|which) (?:parameters|arguments) does {name} (?:take|accept|have|expect)",
        ),
    ),
    Verb(
        name="explain",
        description="All about a symbol on one page.",
        run=explain,
        say=explained,
        asks="asks what {name} does",
        words="explain|describe|purpose|overview|documentation|docstring|role|responsib(?:le|ility)|exists?",
        forms=(
            "what (?:does|do) {name} do",
            "what(?: is|'s) {name}(?: (?:for|about|good for|used for))?",
            "(?:explain|describe|summari[sz]e|introduce|understand) {name}",
            "how (?:does|do) {name} work",
            "(?:purpose|point|job|role|responsibility|overview|summary|description|documentation|docstring|"
            "explanation) "
            "(?:of|for) {name}",
            "why (?:does|do|is) (?:there (?:a |an )?)?{name}(?: exist| there)?",
            "what(?: is|'s) (?:the )?(?:purpose|point|job|role|responsibility) of {name}",
            "(?:everything |all )?about {name}",
            "(?:who|when)(?: was)?(?: last)? (?:changed|touched|modified|edited|wrote|changed last)? ?{name}"
            "(?: (?:last )?(?:changed|touched|modified|edited))(?: last)?",
            "(?:who|when) (?:last )?(?:changed|touched|modified|edited) {name}(?: last)?",
        ),
    ),
)

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in _ENTRIES}


def verb_named(name: str) -> Verb:
    """Raises ``NotFoundError`` with the names that there are."""
    if name not in VERBS:
        raise NotFoundError("there is no such verb", where=name, fix=f"use one of: {', '.join(VERBS)}")
    return VERBS[name]
