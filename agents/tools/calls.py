"""The verbs of what runs what: paths, tests, impact, callers, raises."""

from __future__ import annotations

from ...errors import InputError
from ...graphs.code import CodeAnswer, CodeGraph
from ...graphs.code.questions.changes import impact_of_diff
from ...graphs.code.questions.impact import impact, reaching_tests
from ...graphs.code.questions.paths import path
from ...graphs.code.questions.raises import raised_by, raises
from ...graphs.code.questions.reach import callees_within, callers_within
from ...graphs.code.questions.returns import returns
from .base import NAME, Parameter, Verb
from .say import say_list, say_raises, say_returns, say_rows

DEPTH = Parameter("depth", "How many steps away.", 1, option=True, obvious=True, most=10)


def _impact(graph: CodeGraph, name: str, diff: str, depth: int) -> list[CodeAnswer]:
    if bool(name) == bool(diff):
        raise InputError("impact needs a name or a diff", fix="name a symbol, or a revision to compare with (HEAD~1)")
    return impact_of_diff(graph, diff, depth) if diff else impact(graph, name, depth)


CALLS = (
    Verb(
        name="path",
        description="How one symbol comes to call another, step by step.",
        run=path,
        say=say_rows,
        asks="asks for the calls from {start} to {end}",
        parameters=(
            Parameter("start", "Where it begins.", obvious=True),
            Parameter("end", "Where it arrives.", obvious=True),
        ),
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
            "{whether} {start} (?:(?:ever |eventually |indirectly |somehow )+call|"
            "{ever}(?:reach|lead to|end up in|get to)) {end}",
            "{whether} {end} reachable from {start}",
        ),
    ),
    Verb(
        name="tests",
        description="The tests that reach it, nearest first.",
        run=reaching_tests,
        say=say_list,
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
        nothing="is not reached by any known test",
    ),
    Verb(
        name="impact",
        description="What a change of a symbol, or all since a git revision, affect; the tests to run.",
        run=_impact,
        say=say_rows,
        asks="asks what a change of {name}{diff} affects",
        parameters=(
            Parameter("name", "A name, dotted as far as needed.", "", obvious=True),
            Parameter("diff", "A git revision to compare with: HEAD~1.", "", option=True),
            Parameter("depth", "How many steps away.", 3, option=True, obvious=True, most=10),
        ),
        look_up=False,
        words=(
            "chang(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|renam(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|"
            "delet(?:e|es|ed|ing)|touch(?:es|ed|ing)?|edit(?:s|ed|ing)?|refactor(?:s|ed|ing)?|breaks?|broke|broken|"
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
            "{who} (?:all )?(?:is|are|was|were|would be|could be) (?:affected|impacted|broken) (?:by )?{since} {diff}",
            "{who} (?:all )?(?:did|do|does|may|will) {since} {diff} (?:affect|impact|break|touch)",
            "(?:impact|effects?|blast radius) of {since} {diff}",
            "what (?:has |have |did |is |was )?(?:changed?|different)(?: (?:it|i|we))? (?:since|after|against) {diff}",
            "(?:which|what) tests (?:should|must|do) (?:i|we) (?:re-?)?run (?:for )?{since} {diff}",
            "(?:{aux} it safe to|can i(?: safely)?|may i(?: safely)?|should i) {change} {name}",
        ),
    ),
    Verb(
        name="callees",
        description="What it calls.",
        run=callees_within,
        say=say_list,
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
        says="calls {} symbols of this library",
        nothing="calls nothing in this library",
    ),
    Verb(
        name="callers",
        description="Who calls it.",
        run=callers_within,
        say=say_list,
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
        nothing="is not called by anything known",
    ),
    Verb(
        name="throws",
        description="Which exceptions it raises itself.",
        run=raised_by,
        say=say_rows,
        asks="asks which exceptions {name} raises",
        forms=(
            "(?:which|what)(?: (?:kinds? of|types? of))? (?:errors?|exceptions?)(?: all)? "
            "(?:does|do|can|could|may|might|will|is|are) {name} (?:raise|throw|raising|throwing)s?{case}",
            "what (?:does|do|can|could|may|might|will) {name} (?:raise|throw){case}",
            "(?:errors?|exceptions?) (?:that are )?(?:raised|thrown) (?:by|in|from) {name}",
            "(?:which|what) (?:errors?|exceptions?) (?:are|is|get) (?:raised|thrown) (?:by|in|from) {name}",
        ),
        doors=frozenset(),
    ),
    Verb(
        name="returns",
        description="Its return statements, each with its condition.",
        run=returns,
        say=say_returns,
        asks="asks what {name} returns",
        forms=(
            "what (?:does|do|can|could|will|would|might) {name} "
            "(?:return|give back|yield|evaluate to|result in)s?{case}",
            "what (?:is|are) returned (?:by|from) {name}{case}",
            "(?:what(?: is|'s) )?(?:the )?(?:return(?:ed)?|result) (?:values?|types?|statements?) "
            "(?:of|from|by) {name}{case}",
        ),
        doors=frozenset(),
    ),
    Verb(
        name="raises",
        description="Where an exception or a subclass is raised, and caught.",
        run=raises,
        say=say_raises,
        asks="asks where {name} is raised",
        look_up=False,
        words="rais(?:e|es|ed|ing)|throws?|thrown|throwing|caught|catch(?:es|ing)?",
        forms=(
            "where (?:is|are|does|do) {name} (?:get |being |ever |actually )*(?:raised|thrown)",
            "where (?:do|does|did) {we} (?:raise|throw) {name}",
            "{who} (?:can |could |may |might |will |is |are )?(?:raises?|raising|throws?|throwing) {name}",
            "(?:raises|raise statements|throws) (?:of|for) {name}",
            "{whether} {name} {ever}(?:raised|thrown)(?: (?:by|in) {other})?",
            "{whether} {anything} {ever}(?:raise|throw)s? {name}",
            "{whether} {other} {ever}(?:raise|throw)s? {name}",
            "when (?:is|does) {name} (?:get )?(?:raised|thrown)",
            "where (?:is|are|does|do) {name} (?:get |being |ever |actually )*(?:caught|rescued)",
            "{who} (?:can |could |may |might |will |is |are )?(?:catch(?:es)?|catching|rescues?) {name}",
        ),
        says="is raised by {}",
        nothing="is not raised anywhere known",
    ),
)
