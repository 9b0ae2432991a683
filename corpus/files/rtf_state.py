"""What holds inside of a group of an RTF file and ends with it, and the control words that change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class State:
    """What a group inherits and its end takes back."""

    target: str = "text"
    """``text``, ``skip``, or what is collected there (``rtf.py``)."""
    encoding: str = ""
    """Of the font; empty for the file's own."""
    font: int = -1
    spare: int = 1
    """Bytes that stand behind a Unicode character for programs that know none (``\\uc``)."""
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    raised: str = ""
    style: int = 0
    outline: int = -1
    level: int = 0
    in_table: bool = False

    def copy(self) -> State:
        return State(
            self.target,
            self.encoding,
            self.font,
            self.spare,
            self.hidden,
            self.deleted,
            self.struck,
            self.raised,
            self.style,
            self.outline,
            self.level,
            self.in_table,
        )


def change(state: State, name: str, number: int | None) -> None:
    """Does what a control word says about the look of text or the place of a paragraph; nothing for any other."""
    if (changing := _LOOKS.get(name)) is not None:
        changing(state, number)


def _plain(state: State, _: int | None) -> None:
    state.hidden = state.struck = False
    state.raised = ""


def _pard(state: State, _: int | None) -> None:
    state.style, state.outline, state.level, state.in_table = 0, -1, 0, False


def _set_hidden(state: State, number: int | None) -> None:
    state.hidden = number != 0


def _set_deleted(state: State, number: int | None) -> None:
    state.deleted = number != 0


def _set_struck(state: State, number: int | None) -> None:
    state.struck = number != 0


def _super(state: State, number: int | None) -> None:
    state.raised = "superscript" if number != 0 else ""


def _sub(state: State, number: int | None) -> None:
    state.raised = "subscript" if number != 0 else ""


def _nosupersub(state: State, _: int | None) -> None:
    state.raised = ""


def _style(state: State, number: int | None) -> None:
    state.style = number or 0


def _outline(state: State, number: int | None) -> None:
    state.outline = 0 if number is None else number


def _level(state: State, number: int | None) -> None:
    state.level = min(max(number or 0, 0), 8)


def _in_table(state: State, number: int | None) -> None:
    state.in_table = number != 0


_LOOKS = {
    "plain": _plain, "pard": _pard, "v": _set_hidden, "deleted": _set_deleted, "strike": _set_struck,
    "striked": _set_struck,
    "super": _super, "sub": _sub, "nosupersub": _nosupersub, "s": _style, "outlinelevel": _outline, "ilvl": _level,
    "intbl": _in_table,
}  # fmt: skip
