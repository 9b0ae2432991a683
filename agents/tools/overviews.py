"""The verbs that need no symbol, or tell all about one."""

from __future__ import annotations

from ...graphs.code.questions import verbs as code
from ...graphs.code.questions.entry_points import entry_points
from ...graphs.code.questions.explain import explain
from ...graphs.code.questions.history import history
from ...graphs.code.questions.imports import cycles
from ...graphs.code.questions.named_files import commands, file_users, files
from ...graphs.code.questions.options import options
from ...graphs.code.questions.overview import overview
from ...graphs.code.questions.routes import routes
from ...graphs.code.questions.unused import find_unused
from .base import Parameter, Verb
from .say import say_definitions, say_explanation, say_file_heads, say_rows

OVERVIEWS = (
    Verb(
        name="unused",
        description="Definitions that nothing uses.",
        run=find_unused,
        say=say_rows,
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
        say=say_rows,
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
        say=say_rows,
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
        name="options",
        description="Environment variables, command line options, settings.",
        run=options,
        say=say_rows,
        asks="asks what can be configured",
        parameters=(),
        forms=(
            "(?:what|which) (?:all )?{options} (?:does|do|can|is|are) {code} (?:read|take|takes|have|accept|use|"
            "support|know|understand|need|expect)",
            "(?:what|which) {options} (?:are|is) (?:there|read|taken|used|accepted|supported|available|known|needed)"
            "(?: (?:by|in|for) {code})?",
            "{options} (?:of|for|in|that) {code}(?: (?:reads|takes|has|uses|accepts))?",
            "what (?:can|could|may) (?:i|we|one|you|be) (?:be )?(?:set|configured?)(?: (?:in|of|for) {code})?",
            "how (?:can|do|is) (?:i |we |you )?{code} (?:be )?configured",
            "how (?:can|do) (?:i|we|you) configure {code}",
            "what configuration (?:is there|does {code} (?:take|have|read|need))",
        ),
        look_up=False,
    ),
    Verb(
        name="routes",
        description="HTTP routes and their handlers.",
        run=routes,
        say=say_rows,
        asks="asks what handles {path}",
        parameters=(Parameter("path", "A path: /users/5, GET /users.", "", obvious=True),),
        forms=(
            "{who} (?:is |are )?(?:handles?|handling|serves?|serving|answers?|responds? to|processes) "
            "(?:a |the )?(?:requests? (?:to|of|for) )?(?:the )?{route}",
            "(?:handlers?|controllers?|views?) (?:of|for) (?:the )?{route}",
            "where (?:is|are) (?:the )?{route} (?:handled|defined|served|implemented|declared)",
            "(?:what|which) (?:http |api |url )?(?:routes|endpoints|urls|paths) (?:does|do|are|is) (?:{code}|there)"
            "(?: (?:define|have|serve|offer|expose|provide|there))?",
            "(?:all )?(?:http |api |url )?(?:routes|endpoints)(?: (?:of|in) {code})?",
        ),
        look_up=False,
    ),
    Verb(
        name="map",
        description="The most important files and definitions, in budget tokens.",
        run=overview,
        say=say_rows,
        asks="asks for a map of the code",
        parameters=(Parameter("budget", "How many tokens.", 1_000, option=True, obvious=True, least=100, most=50_000),),
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
        say=say_definitions,
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
        name="files",
        description="The files that are called so.",
        run=files,
        say=say_rows,
        asks="asks where the file {name} is",
        forms=(
            "where (?:is|are|can i find|do i find) (?:the )?(?:[\\w+#]+ )?(?:scripts?|file|template|migration|fixture|"
            "stylesheet|style sheet|image|page|document|query|schema|snippet|makefile|dockerfile|workflow) "
            "[`'\"]?(?P<name>[A-Za-z_][\\w.@-]*)[`'\"]?(?: defined| located| stored| kept)?",
            "where (?:is|are|can i find|do i find) (?:the file )?[`'\"]?(?P<name>[\\w@-]+\\.[A-Za-z]\\w{0,4})[`'\"]?"
            "(?: located| stored| kept)?",
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="file-heads",
        description="What the comment at the head of a file says.",
        run=files,
        say=say_file_heads,
        asks="asks what the file {name} is for",
        forms=(
            "what (?:does|do) {script} do",
            "what(?: is|'s) {script}(?: for| about| good for| used for)?",
            "(?:explain|describe) {script}",
            "what(?: is|'s) the (?:purpose|point|job|role) of {script}",
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="file-users",
        description="The code that names a file.",
        run=file_users,
        say=say_rows,
        asks="asks what names the file {name}",
        forms=tuple(
            form.replace("{}", file)
            for file in ("{script}", "{named_script}", "{script_named}")
            for form in (
                "{who} (?:is |are )?(?:calls?|runs?|running|loads?|uses?|executes?|invokes?|includes?|reads?|renders?|"
                "imports?|starts?|names?|references?) {}",
                "where (?:is|are|does|do) {} (?:get |being )?(?:called|run|loaded|used|executed|invoked|included|read|"
                "rendered|started|referenced)(?: from)?",
                "where (?:do|does) {we} (?:call|run|load|use|execute|include|read|render) {}",
            )
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="commands",
        description="Where a command of the command line is registered.",
        run=commands,
        say=say_rows,
        asks="asks where the command {name} is registered",
        forms=tuple(
            form.replace("{}", command)
            for command in (
                "(?:the )?[`'\"]?(?P<name>[A-Za-z][\\w:-]*)[`'\"]? (?:sub)?command",
                "(?:the )?(?:sub)?command [`'\"]?(?P<name>[A-Za-z][\\w:-]*)[`'\"]?",
            )
            for form in (
                "(?:which|what) (?:source )?(?:file|module|code|function|class) (?:registers?|defines?|implements?|"
                "declares?|adds?|handles?|contains?|has|runs?|holds?) {}",
                "where (?:is|does|do) {} (?:get |being )?(?:registered|defined|implemented|declared|added|handled)",
                "{who} (?:registers?|implements?|handles?) {}",
            )
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="explain",
        description="All about a symbol on one page.",
        run=explain,
        say=say_explanation,
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
    Verb(
        name="history",
        description="Last change and authors of its file, and what changes with it.",
        run=history,
        say=say_rows,
        asks="asks for the history of {name}",
        words="history|authors?|contributors?|maintainers?|maintains?",
        forms=(
            "(?:what(?: is|'s) )?(?:the )?(?:git |commit |change )?history (?:of|for|behind) {name}",
            "(?:who (?:is|are) )?(?:the )?(?:authors?|contributors?|maintainers?|owners?) (?:of|for|to) {name}",
            "who (?:maintains|works on|worked on|usually changes|mostly changes) {name}",
            "what (?:has |have |was )?(?:recently |lately |last )?(?:been )?changed?(?: lately| recently| last)? "
            "(?:in|about|with|to|of|on) {file}(?: lately| recently| last)?",
            "who (?:last |recently |has )?(?:changed|edited|touched|modified|wrote|committed to) {file}"
            "(?: lately| recently| last)?",
            "when (?:was|did|has) {file} (?:last |been )?(?:changed?|edited|touched|modified)"
            "(?: lately| recently| last)?",
            "(?:last|latest|recent|newest) (?:changes?|commits?|edits?) (?:to|of|in|on) {file}",
            "(?:what(?: is|'s) )?(?:the )?(?:git |commit |change )?history (?:of|for|behind) {file}",
            "(?:what|which files?)(?: else)? (?:usually |often |also |mostly )?(?:changes?|is changed|are changed|"
            "gets? changed|must change|has to change)(?: together)? (?:with|along with|when) {name}(?: changes?)?",
        ),
        look_up=False,
    ),
)
