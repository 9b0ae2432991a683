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
            spare=self.spare,
            hidden=self.hidden,
            deleted=self.deleted,
            struck=self.struck,
            raised=self.raised,
            style=self.style,
            outline=self.outline,
            level=self.level,
            in_table=self.in_table,
        )


def change(state: State, name: str, number: int | None) -> None:
    """Does what a control word says about the look of text or the place of a paragraph; nothing for any other."""
    on = number != 0
    match name:
        case "plain":
            state.hidden = state.struck = False
            state.raised = ""
        case "pard":
            state.style, state.outline, state.level, state.in_table = 0, -1, 0, False
        case "v":
            state.hidden = on
        case "deleted":
            state.deleted = on
        case "strike" | "striked":
            state.struck = on
        case "super":
            state.raised = "superscript" if on else ""
        case "sub":
            state.raised = "subscript" if on else ""
        case "nosupersub":
            state.raised = ""
        case "s":
            state.style = number or 0
        case "outlinelevel":
            state.outline = 0 if number is None else number
        case "ilvl":
            state.level = min(max(number or 0, 0), 8)
        case "intbl":
            state.in_table = on
