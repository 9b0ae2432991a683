"""The verbs of how code is put together: inheritance, members, imports, uses."""

from __future__ import annotations

from ...graphs.code.questions import verbs as code
from ...graphs.code.questions.flags import flags
from ...graphs.code.questions.implementors import implementors
from ...graphs.code.questions.imports import importers, imports
from ...graphs.code.questions.readers import readers
from .base import Verb
from .say import say_flags, say_list, say_rows

STRUCTURE = (
    Verb(
        name="implementors",
        description="What implements an interface, class or method.",
        run=implementors,
        say=say_list,
        asks="asks what implements {name}",
        words="implements?|implement(?:ed|ing)|implementations?|implementors?|implementers?|satisf(?:y|ies)",
        forms=(
            "{who} (?:implements?|implementing|satisf(?:y|ies)|conforms? to|provides?) {name}",
            "(?:concrete )?(?:implementations?|implementors?|implementers?) (?:of|for) {name}",
            "{whether} {anything} {ever}(?:implement|satisfy|conform to)s? {name}",
            "{whether} {other} (?:implement|satisfy|conform to)s? {name}",
        ),
        says="is implemented by {}",
        nothing="is not implemented by anything known",
    ),
    Verb(
        name="superclasses",
        description="What it inherits from.",
        run=code.superclasses,
        say=say_list,
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
        nothing="has no known superclass",
    ),
    Verb(
        name="subclasses",
        description="Which classes inherit from it.",
        run=code.subclasses,
        say=say_list,
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
        nothing="has no known subclass",
    ),
    Verb(
        name="overrides",
        description="Which methods replace it.",
        run=code.overrides,
        say=say_list,
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
        nothing="is not overridden by anything known",
    ),
    Verb(
        name="members",
        description="What a module or class defines.",
        run=code.members,
        say=say_list,
        asks="asks for the members of {name}",
        words="methods|members|attributes|fields|properties|contents?|contains?|api|>defines?|>has|>have|>provides?|>offers?",
        forms=(
            "(?:what|which) (?:all )?{members}"
            "(?: and {members})? "
            "(?:does|do|are|is) {name} "
            "(?:have|has|define|declare|provide|contain|offer|expose|specify|require|consist of)",
            "{members}(?: and {members})? (?:of|in|on|for|defined (?:in|by|on)) {name}",
            "(?:what|which) {members} (?:are|is|exist)(?: there| defined| available)? (?:in|on|of|for|by) {name}",
            "what(?: all)? (?:is|are) (?:defined |inside |in )+{name}",
            "what(?: all)? (?:does|do) {name} (?:define|declare|contain|export|have)",
        ),
        says="has {} members",
        nothing="has no members",
    ),
    Verb(
        name="imports",
        description="What a module imports.",
        run=imports,
        say=say_list,
        asks="asks what {name} imports",
        words=">imports?|>importing",
        forms=(
            "(?:what|{who})(?: all)? (?:does|do|is|are) {name} (?:directly )?(?:import|importing)(?: from)?",
            "{who} (?:is|are|gets?) imported (?:by|in|into|from) {name}",
            "imports (?:of|in) {name}",
        ),
        says="imports {} symbols of this library",
        nothing="imports nothing from this library",
    ),
    Verb(
        name="importers",
        description="The modules that import it.",
        run=importers,
        say=say_list,
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
        nothing="is not imported by anything known",
    ),
    Verb(
        name="writers",
        description="Who gives a field or variable a value.",
        run=code.writers,
        say=say_list,
        asks="asks who writes {name}",
        forms=(
            "where (?:all )?(?:is|are|does|do) {field} (?:get |being |ever )*"
            "(?:written|assigned|set|modified|mutated|updated|initiali[sz]ed|incremented|reset|changed)(?: to)?",
            "{who} (?:is |are )?(?:writes?|writing|assigns?|sets?|setting|mutates?|updates?|resets?)(?: to)? {field}",
            "where (?:do|does|did) {we} (?:write|assign|set|update|reset) {field}",
            "writers of {field}",
        ),
        says="is written by {}",
        nothing="is not written by anything known",
        doors=frozenset(),
    ),
    Verb(
        name="flags",
        description="Where an option of the command line is declared.",
        run=flags,
        say=say_flags,
        asks="asks for the declaration of {name}",
        forms=tuple(
            form.replace("{}", kind)
            for kind in ("{flag}", "{flagged}")
            for form in (
                "what (?:does|do|will|would) {} (?:do|mean|control|set|change|enable|disable|stand for)",
                "what(?: is|'s) {}(?: for| used for| good for| about)?",
                "what(?: is|'s) (?:the )?(?:purpose|meaning|effect|use) of {}",
                "(?:explain|describe) {}",
                "where (?:is|are|does|do) {} (?:get |being )?(?:defined|declared|registered|added|created|documented|"
                "specified|parsed|implemented|handled|come from)",
                "(?:which|what) (?:file|module|code|function) (?:defines|declares|registers|adds|has|holds) {}",
                "(?:what(?: is|'s)|which is) (?:the )?default(?: value| setting)? (?:of|for) {}",
                "(?:what|which) default(?: value)? (?:does|do|has) {}(?: have| take| use)?",
                "what (?:does|is) {} (?:default to|(?:set to )?by default)",
                "(?:the )?default(?: value)? (?:of|for) {}",
            )
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="readers",
        description="Where an environment variable or setting is read.",
        run=readers,
        say=say_rows,
        asks="asks where {name} is read",
        forms=(
            *(
                form.replace("{}", kind)
                for kind in ("{variable}", "{setting}")
                for form in (
                    "(?:from )?where (?:all )?(?:is|are|does|do) {} (?:get |being |ever |actually )*"
                    "(?:read|checked|looked up|consulted|evaluated|tested|parsed|queried|fetched|retrieved|accessed|"
                    "honou?red|respected)(?: from)?",
                    "where (?:do|does|did) {we} (?:read|check|look up|consult|access|query|get) {}",
                    "{who} (?:is |are )?(?:reads?|reading|checks?|checking|looks? up|consults?|access(?:es)?|"
                    "respects?|honou?rs?) {}",
                    "(?:readers|reads) of {}",
                )
            ),
            "where (?:all )?(?:is|are|does|do) {variable} (?:get |being |ever )*(?:used|set|referenced|defined|needed)",
            "{who} (?:is |are )?(?:uses?|using|sets?|needs?|references?) {variable}",
        ),
        of_symbol=False,
        doors=frozenset(),
    ),
    Verb(
        name="references",
        description="Where it is used.",
        run=code.references,
        say=say_list,
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
        nothing="is not used by anything known",
    ),
)
