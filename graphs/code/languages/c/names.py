"""What an include of C and C++ means, and which names are the languages' own."""

from __future__ import annotations

from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from ...resolution.values import Unit

if TYPE_CHECKING:
    from ...resolution.program import Program

BUILTINS = frozenset(
    """
    NULL nullptr stdin stdout stderr errno malloc calloc realloc free memcpy memset memmove memcmp strlen strcpy strncpy
    strcmp strncmp strcat strchr strrchr strstr strdup printf fprintf sprintf snprintf vsnprintf puts fputs fopen fclose
    fread fwrite fgets abort exit assert sizeof offsetof va_start va_end va_arg va_list size_t ssize_t uint8_t uint16_t
    uint32_t uint64_t int8_t int16_t int32_t int64_t uintptr_t intptr_t ptrdiff_t FILE bool std isdigit isspace isalpha
    tolower toupper strtol strtoul strtoll atoi qsort memchr strerror close read write open
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    size empty push_back pop_back begin end front back insert erase find clear at c_str data length substr append get
    reset release swap count emplace emplace_back resize reserve str what first second lock unlock join
    """.split()  # noqa: SIM905
)


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """Beside the file first, then the one file of the library whose path ends so."""
    written = normpath(path.replace("|", ".").replace(";", ":"))
    beside = program.files.get(normpath(join(dirname(unit.path), written)))
    if beside is not None:
        return beside, True
    ends = program.files_by("ends", lambda each: [basename(each.path)])
    found = [each for each in ends.get(basename(written), ()) if f"/{each.path}".endswith(f"/{written}")]
    return (found[0], True) if len(found) == 1 else (None, True)
