"""Pydantic's types of fields: the schema of each is enforced, takes what pydantic dumps, and refuses what it is not."""

from __future__ import annotations

import json
import re
from collections import OrderedDict, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from importlib.util import find_spec
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, Optional, TypeVar, Union
from uuid import UUID, uuid4

import pydantic
import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter, create_model
from typing_extensions import TypedDict

from evidentia.serving.constraints import constrain
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.tests.serving.constraints.conftest import Accepts

Item = TypeVar("Item")


class Colour(Enum):
    red = "red"
    blue = "blue"


class Level(IntEnum):
    low = 1
    high = 2


class Mixed(Enum):
    one = 1
    two = "two"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Node(BaseModel):
    value: int
    next: Node | None = None
    children: list[Node] = []


class Left(BaseModel):
    right: Right | None = None


class Right(BaseModel):
    left: Left | None = None


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    a: int


class Aliased(BaseModel):
    inner: int = Field(alias="outer-name", description="It has another name.", examples=[3])


class Pair(BaseModel, Generic[Item]):
    first: Item
    second: Item


class Numbers(RootModel[list[int]]):
    pass


class Point(NamedTuple):
    x: int
    y: int = 0


class Movie(TypedDict, total=False):
    title: str
    year: int


@dataclass
class Plain:
    a: int
    b: str = "x"


NOW = datetime(2024, 2, 29, 12, 30, 5, tzinfo=timezone.utc)  # noqa: UP017
HOST = "https://example.org/a?b=c#d"
ID = UUID("3b241101-e2bb-4255-8caf-4136c566a962")

Case = tuple[Any, Sequence[Any], Sequence[str]]
"""A type, values of it, and JSON that is none of it."""
CASES: dict[str, Case] = {
    "str": (str, ["", "Bärn \"x\" \\ \n"], ["5", "null", '["a"]']),
    "int": (int, [0, -5, 10**15], ["1.5", '"5"', "true"]),
    "float": (float, [0.0, -1.5, 1e-9, 3e20], ['"x"', "null"]),
    "bool": (bool, [True, False], ["1", '"true"']),
    "None": (None, [None], ["0", '"null"']),
    "Any": (Any, [5, "x", None, [1, {"a": 2}]], []),
    "object": (object, [5, "x"], []),
    "Optional": (Optional[int], [5, None], ['"x"']),  # noqa: UP045
    "Union": (Union[int, str, list[int]], [5, "x", [1]], ["true", '["x"]']),  # noqa: UP007
    "Literal": (Literal["a", 5, True, None], ["a", 5, True, None], ['"b"', "6", "false"]),
    "Enum": (Colour, [Colour.red, Colour.blue], ['"green"', "1"]),
    "IntEnum": (Level, [Level.low, Level.high], ["3", '"low"']),
    "Enum of several types": (Mixed, [Mixed.one, Mixed.two], ['"one"', "2"]),
    "bytes": (bytes, [b"", b"abc"], ["5"]),
    "Path": (Path, [Path("/tmp/a b.txt")], ["5"]),
    "FilePath": (pydantic.FilePath, [Path(__file__)], ["5"]),
    "DirectoryPath": (pydantic.DirectoryPath, [Path(__file__).parent], ["5"]),
    "NewPath": (pydantic.NewPath, [Path(__file__).with_name("none-such")], ["5"]),
    "SecretStr": (pydantic.SecretStr, ["hidden"], ["5"]),
    "SecretBytes": (pydantic.SecretBytes, [b"hidden"], ["5"]),
    "Decimal": (Decimal, [Decimal("1.10"), Decimal("-5")], ["true", "null"]),
    "condecimal": (pydantic.condecimal(max_digits=5, decimal_places=2), [Decimal("123.45")], ["true"]),
    "Fraction": (Fraction, [Fraction(1, 3)], ["true"]),
    "complex": (complex, [1 + 2j], ["true"]),
    "date": (date, [NOW.date()], ['"2024-02-30"', '"29.02.2024"', "5"]),
    "datetime": (datetime, [NOW, NOW.replace(microsecond=12)], ['"2024-02-29"', "5"]),
    "AwareDatetime": (pydantic.AwareDatetime, [NOW], ['"yesterday"']),
    "PastDate": (pydantic.PastDate, [NOW.date()], ['"2024-13-01"']),
    "FutureDatetime": (pydantic.FutureDatetime, [NOW.replace(year=2996)], ['"soon"']),
    "time": (time, [time(12, 30, 5, tzinfo=timezone.utc)], ['"25:00:00Z"', "5"]),  # noqa: UP017
    "timedelta": (timedelta, [timedelta(days=3, hours=2), timedelta(seconds=5)], ['"3 days"', '"P"']),
    "UUID": (UUID, [uuid4(), ID], ['"3b241101"', "5"]),
    "UUID4": (pydantic.UUID4, [uuid4()], ["5"]),
    "IPv4Address": (IPv4Address, [IPv4Address("192.168.0.1")], ['"256.1.1.1"', '"::1"']),
    "IPv6Address": (IPv6Address, [IPv6Address("fe80::1"), IPv6Address("::")], ['"1.1.1.1"']),
    "IPv4Network": (IPv4Network, [IPv4Network("10.0.0.0/8")], ["5"]),
    "IPv6Network": (IPv6Network, [IPv6Network("fe80::/10")], ["5"]),
    "IPv4Interface": (IPv4Interface, [IPv4Interface("10.0.0.1/8")], ["5"]),
    "IPv6Interface": (IPv6Interface, [IPv6Interface("fe80::1/10")], ["5"]),
    "IPvAnyAddress": (pydantic.IPvAnyAddress, ["1.2.3.4", "::1"], ["5"]),
    "IPvAnyNetwork": (pydantic.IPvAnyNetwork, ["10.0.0.0/8"], ["5"]),
    "Base64Str": (pydantic.Base64Str, ["aGVsbG8="], ["5"]),
    "Base64Bytes": (pydantic.Base64Bytes, [b"aGVsbG8="], ["5"]),
    "Base64UrlStr": (pydantic.Base64UrlStr, ["aGVsbG8="], ["5"]),
    "Pattern": (re.Pattern, [re.compile("^a+$")], ["5"]),
    "ByteSize": (pydantic.ByteSize, [5000], ["true", "-1"]),
    "AnyUrl": (pydantic.AnyUrl, [HOST, "ftp://a.b/c"], ['"no url"', '""']),
    "HttpUrl": (pydantic.HttpUrl, [HOST], ['"no url"', '""']),
    "FileUrl": (pydantic.FileUrl, ["file:///tmp/a"], ['"no url"']),
    "WebsocketUrl": (pydantic.WebsocketUrl, ["ws://a.b/c"], ['"no url"']),
    "PostgresDsn": (pydantic.PostgresDsn, ["postgres://user:pass@localhost:5432/db"], ['""']),
    "RedisDsn": (pydantic.RedisDsn, ["redis://localhost:6379/0"], ['"no url"']),
    "MongoDsn": (pydantic.MongoDsn, ["mongodb://localhost:27017/db"], ['""']),
    "constr": (pydantic.constr(min_length=2, max_length=4), ["ab", "abcd"], ['"a"', '"abcde"']),
    "constr with a pattern": (pydantic.constr(pattern=r"^[A-Z]{2}\d+$"), ["AB12"], ['"ab12"', '"AB"']),
    "conint": (pydantic.conint(ge=1, lt=10), [1, 9], ["0", "10"]),
    "conint, a multiple": (pydantic.conint(multiple_of=5), [0, 25], ["7"]),
    "PositiveInt": (pydantic.PositiveInt, [1], ["0", "-1"]),
    "NonNegativeFloat": (pydantic.NonNegativeFloat, [0.0, 2.5], ["-0.5"]),
    "confloat": (pydantic.confloat(gt=0, le=1.5), [0.5, 1.5], ["0", "1.6"]),
    "StrictBool": (pydantic.StrictBool, [True], ["1"]),
    "conlist": (pydantic.conlist(int, min_length=1, max_length=2), [[1], [1, 2]], ["[]", "[1,2,3]", '["a"]']),
    "list": (list[int], [[], [1, 2, 3]], ['["a"]', "{}"]),
    "bare list": (list, [[], [1, "a", None]], ["{}"]),
    "Sequence": (Sequence[str], [["a"]], ["[1]"]),
    "set": (set[int], [{1, 2, 3}, set()], ["[1,1]", '["a"]']),
    "frozenset": (frozenset[str], [frozenset({"a", "b"})], ['["a","a"]']),
    "conset": (pydantic.conset(int, min_length=1), [{1}], ["[]", "[2,2]"]),
    "deque": (deque[int], [deque([1, 2])], ['["a"]']),
    "tuple, fixed": (tuple[int, str], [(1, "a")], ["[1]", '["a",1]', '[1,"a",2]']),
    "tuple, variadic": (tuple[int, ...], [(), (1, 2)], ['["a"]']),
    "tuple, empty": (tuple[()], [()], ["[1]"]),
    "NamedTuple": (Point, [Point(1, 2)], ['["a",1]']),
    "dict": (dict[str, int], [{}, {"a": 1, "b c": 2}], ['{"a":"x"}', "[]"]),
    "bare dict": (dict, [{}, {"a": [1]}], ["[]"]),
    "dict of integers": (dict[int, str], [{1: "a"}], ['{"1":5}']),
    "dict with a pattern": (dict[Annotated[str, Field(pattern="^x_")], int], [{"x_a": 1}], ['{"x_a":"b"}', "[]"]),
    "dict of enumerated names": (dict[Literal["a", "b"], int], [{"a": 1}], ['{"c":1}']),
    "Mapping": (Mapping[str, list[int]], [{"a": [1]}], ['{"a":1}']),
    "defaultdict": (defaultdict[str, int], [{"a": 1}], ['{"a":"x"}']),
    "OrderedDict": (OrderedDict[str, int], [OrderedDict(a=1)], ['{"a":"x"}']),
    "TypedDict": (Movie, [{"title": "x", "year": 1}, {}], ['{"year":"x"}']),
    "dataclass": (Plain, [Plain(1, "y")], ['{"a":"x"}', "{}"]),
    "model": (Cat, [Cat(kind="cat", lives=9)], ['{"kind":"dog","lives":9}', '{"kind":"cat"}']),
    "model, closed": (Closed, [Closed(a=1)], ['{"a":1,"b":2}']),
    "model, open": (Open, [Open.model_validate({"a": 1, "b": 2})], ['{"a":1,"b":"x"}']),
    "model, generic": (Pair[int], [Pair[int](first=1, second=2)], ['{"first":1,"second":"x"}']),
    "model, root": (Numbers, [Numbers([1, 2])], ['["a"]']),
    "model, recursive": (
        Node,
        [Node(value=1), Node(value=1, next=Node(value=2), children=[Node(value=3)])],
        ['{"value":1,"next":{"value":"x"}}', '{"value":1,"children":[{}]}'],
    ),
    "models, in turn": (Left, [Left(right=Right(left=Left()))], ['{"right":{"left":5}}']),
    "union of models": (Union[Cat, Dog], [Cat(kind="cat", lives=1)], ['{"kind":"cow"}']),  # noqa: UP007
    "union of models, tagged": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        [Cat(kind="cat", lives=1), Dog(kind="dog", tricks=["sit"])],
        ['{"kind":"cow"}', '{"kind":"dog","tricks":[1]}', '{"kind":"cat","tricks":[]}'],
    ),
    "list of a tagged union": (
        list[Annotated[Cat | Dog, Field(discriminator="kind")]],
        [[Cat(kind="cat", lives=1), Dog(kind="dog")]],
        ['[{"kind":"cow"}]'],
    ),
    "Json": (pydantic.Json[list[int]], ["[1, 2]"], ["5"]),
    "Annotated": (Annotated[int, Field(gt=3, description="Above three.", examples=[4])], [4], ["3"]),
}  # fmt: skip


def a_model_of(type: Any) -> type[BaseModel]:
    made: type[BaseModel] = create_model("Held", a=(type, ...))
    return made


@pytest.mark.parametrize(("type", "values", "wrong"), CASES.values(), ids=CASES)
def test_a_field_of_each_type_takes_what_pydantic_dumps_and_nothing_else(
    words: Vocabulary, accepts: Accepts, type: Any, values: Sequence[Any], wrong: Sequence[str]
) -> None:
    made = a_model_of(type)
    held = constrain("json_schema", words, made.model_json_schema())
    for value in values:
        dumped = made(a=value).model_dump_json(round_trip=True)
        assert accepts(held, dumped), dumped
        assert accepts(held, json.dumps(json.loads(dumped), ensure_ascii=False)), dumped
    for text in wrong:
        assert not accepts(held, f'{{"a":{text}}}'), text
    assert not accepts(held, "{}")


def test_a_field_with_a_default_may_be_left_out_and_names_are_the_aliases(words: Vocabulary, accepts: Accepts) -> None:
    made = create_model("Held", a=(int, 5), b=(list[str], Field(default_factory=list)), c=(Aliased | None, None))
    held = constrain("json_schema", words, made.model_json_schema())
    assert accepts(held, "{}")
    assert accepts(held, made(c=Aliased(**{"outer-name": 3})).model_dump_json(by_alias=True))
    assert not accepts(held, '{"c":{"inner":3}}')


def test_the_schema_of_what_is_dumped_is_enforced_too(words: Vocabulary, accepts: Accepts) -> None:
    class Total(BaseModel):
        price: Decimal
        count: int = 1

        @pydantic.computed_field
        def sum(self) -> float:
            return float(self.price) * self.count

    held = constrain("json_schema", words, Total.model_json_schema(mode="serialization"))
    assert accepts(held, Total(price=Decimal("1.5"), count=2).model_dump_json())
    assert not accepts(held, '{"price":"1.5","count":2}')


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$", ["1", "-1.50", "+.5", "5.", "000", "0.0"], ["", "-", ".", "+.", "x", "1x", "1.2.3"]),
        (
            r"^(?!^[-+.]*$)[+-]?0*(?:\d{0,3}|(?=[\d.]{1,6}0*$)\d{0,3}\.\d{0,2}0*$)",
            ["1", "-123.45", "00123.4500", ".5", "0", "5.", ".00"],
            ["", ".", "1234", "1.234", "x"],
        ),
    ],
)  # fmt: skip
def test_the_patterns_of_decimals_of_earlier_versions_are_said_without_looking_around(
    words: Vocabulary, accepts: Accepts, pattern: str, good: list[str], bad: list[str]
) -> None:
    held = constrain("json_schema", words, {"anyOf": [{"type": "number"}, {"type": "string", "pattern": pattern}]})
    for text in good:
        assert re.search(pattern, text)
        assert accepts(held, f'"{text}"'), text
    assert not [text for text in bad if accepts(held, f'"{text}"')]


def test_a_time_without_an_offset_is_not_of_the_standard_s_format(words: Vocabulary, accepts: Accepts) -> None:
    """Pydantic calls it ``date-time`` as well; a held reply has an offset, which a field of ``datetime`` takes."""
    held = constrain("json_schema", words, a_model_of(datetime).model_json_schema())
    assert not accepts(held, a_model_of(datetime)(a=NOW.replace(tzinfo=None)).model_dump_json())
    assert a_model_of(datetime).model_validate_json('{"a":"2024-02-29T12:30:05Z"}').a == NOW


@pytest.mark.skipif(find_spec("email_validator") is None, reason="email-validator is not installed")
def test_addresses_of_mail(words: Vocabulary, accepts: Accepts) -> None:
    held = constrain("json_schema", words, a_model_of(pydantic.EmailStr).model_json_schema())
    assert accepts(held, '{"a":"ada@example.org"}')
    assert not accepts(held, '{"a":"ada"}')
    named = constrain("json_schema", words, a_model_of(pydantic.NameEmail).model_json_schema())
    assert accepts(named, '{"a":"Ada <ada@example.org>"}')


def test_what_has_no_model_is_enforced_as_well(words: Vocabulary, accepts: Accepts) -> None:
    held = constrain("json_schema", words, TypeAdapter(list[Point]).json_schema())
    assert accepts(held, "[[1,2],[3,4]]")
    assert not accepts(held, '[["a",2]]')
