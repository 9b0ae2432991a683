# ruff: noqa: E501, SIM905
"""Tables for look-ups, made from seeds: eight shapes of header with their questions, of any number of rows.

Half of the shapes (``held``) are kept out of every choice. A question names its row by a key, a name, a value or two
columns; others name a row or a column that is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

Row = list["Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """As a person reads it; ``native`` and ``format`` as a spreadsheet holds it."""

    shown: str
    native: object
    format: str = "General"


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    title: str
    header: tuple[str, ...]
    row: Callable[[Random, int], Row]
    asks: tuple[tuple[str, int], ...]
    """A question, with ``{n}`` for the row's cell n, and the column of its answer."""
    lacks: tuple[str, ...]
    """Questions for a column that is not there."""
    foreign: Callable[[Random], Row]
    """A row that no such table has."""
    keys: tuple[int, ...] = (0,)
    held: bool = False


def text(shown: str) -> Value:
    return Value(shown, shown)


def whole(number: int) -> Value:
    return Value(str(number), number, "0")


def cents(number: float) -> Value:
    return Value(f"{number:.2f}", round(number, 2), "0.00")


def day(value: date) -> Value:
    return Value(value.isoformat(), value, "yyyy-mm-dd")


_FIRST = [a + b for a in "Mar Jo Al El Ka Ste Ro Li Ha Fre An Da Ni Bri So Ul".split()
          for b in "ta nas ba len rin fan bert via rik da ton mir na gitte fia la vin ne do ya".split()]  # fmt: skip
_LAST = [a + b for a in "Ol Berg Lind Hal Ny Sand Ek Dal Holm Strand Win Black Gren Fair Kaz Mor".split()
         for b in "sen man ström vik ford quist by land er wood ley ton well field ski eau ini ic ov ard".split()]  # fmt: skip
_ADJECTIVE = "Silver Hidden Broken Distant Quiet Burning Frozen Golden Lonely Bitter Gentle Crimson Hollow Restless \
Forgotten Patient Wandering Second Crooked Pale Ancient Northern Borrowed Drowned Scarlet Velvet Wooden Iron Paper \
Glass Amber Salted Thirsty Tangled Whispering Blind Copper Marble Tidal Secret".split()
_NOUN = "Harbour Garden Clock Mountain River Letter Window Orchard Bridge Lantern Winter Mirror Tower Valley Island \
Forest Station Market Compass Shadow Engine Kitchen Library Meadow Voyage Sparrow Anchor Cathedral Desert Fountain \
Glacier Horizon Journal Kingdom Labyrinth Monument Needle Ocean Palace Quarry".split()
_PLACE = "Lisbon Bergen Krakow Porto Ghent Turku Basel Cork Split Riga Malaga Trieste Uppsala Leiden Bologna Tartu \
Aarhus Salzburg Dresden Toulouse Plovdiv Valencia Gdansk Antwerp Galway Zadar Bruges Coimbra Odense Ostrava Verona \
Nantes Bilbao Cardiff Dundee Exeter Freiburg Genoa Haarlem Innsbruck Jena Kassel Lund Modena Narvik Orleans Parma \
Rouen Siena Tampere Utrecht Vaasa Weimar York Zurich Aachen Bremen Celle Delft Essen Fulda Gera Halle Ischia".split()
_FROM = "the Sea|the North|Glass|Ashes|the Island|Small Things|the Old Town|Winter|the Valley|Stone|the Moon|Salt|\
the Border|Silence|Dust|the Lake|Paper|Smoke|the Forest|Iron|the Coast|Rain|the Wall|Light|the Quarry|Clay|the Fair|\
Snow|the Mill|Wool|the Fjord|Sand|the Crossing|Brass|the Hill|Night|the Delta|Ink|the Ferry|Thorns|the Steppe|Bread|\
the Tower|Fog|the Docks|Amber|the Marsh|Copper|the Pass|Linen|the Bay|Rust|the Plain|Honey|the Gate|Flint|the Ridge|\
Straw|the Canal|Tin|the Cape|Oak|the Spring|Chalk".split("|")
_MATERIAL = "brass nylon copper steel oak rubber glass zinc".split()
_PART = "valve bracket hinge gasket pulley bearing clamp nozzle spindle washer coupling lever".split()
_DEPARTMENT = "Accounts Logistics Design Research Legal Maintenance Sales Training".split()
_MONTHS = "January February March April May June".split()
_STATUS = "paid open overdue cancelled".split()
_EPOCH = date(2019, 1, 1)


def person(number: int) -> str:
    """Distinct below 102,400."""
    first, last = divmod(number * 7919 % (len(_FIRST) * len(_LAST)), len(_LAST))
    return f"{_FIRST[first]} {_LAST[last]}"


def _book(number: int) -> str:
    """Distinct below 102,400."""
    size = len(_ADJECTIVE) * len(_NOUN) * len(_FROM)
    one, rest = divmod(number * 7919 % size, len(_NOUN) * len(_FROM))
    two, three = divmod(rest, len(_FROM))
    return f"The {_ADJECTIVE[one]} {_NOUN[two]} of {_FROM[three]}"


def _ship(number: int) -> str:
    """Distinct below 102,400."""
    first, last = divmod(number * 4547 % (len(_FIRST) * len(_LAST)), len(_FIRST))
    return f"{_LAST[first]} {_FIRST[last]}"


def _days(random: Random) -> date:
    return _EPOCH + timedelta(days=random.randrange(2000))


def _product(random: Random, number: int) -> Row:
    part = f"{random.choice(_MATERIAL).title()} {random.choice(_PART)}"
    return [text(f"P-{number + 1:04d}"), text(part), text(random.choice(_MATERIAL)),
            cents(random.uniform(0.1, 40)), cents(random.uniform(1, 900)), whole(random.randrange(1, 5000)), whole(number + 1)]  # fmt: skip


def _costs(random: Random, number: int) -> Row:
    return [text(_ship(number)), *(whole(random.randrange(1000, 99_000)) for _ in _MONTHS)]


def _sensor(random: Random, number: int) -> Row:
    return [text(f"TS-{number + 1:05d}"), text(random.choice(_PLACE)), text(f"Hall {random.randrange(1, 40)}"),
            cents(random.uniform(-20, 60)), whole(random.randrange(5, 100)), day(_days(random))]  # fmt: skip


def _books(random: Random, number: int) -> Row:
    return [text(_book(number)), text(person(random.randrange(100_000))), whole(random.randrange(1890, 2024)),
            text(f"{random.choice('ABCDEFGH')}{random.randrange(1, 99)}"), whole(random.randrange(1, 30))]  # fmt: skip


def _people(random: Random, number: int) -> Row:
    return [text(person(number)), whole(number + 1), text(f"555-{(number * 7 + 11) % 1_000_003:06d}"),
            text(random.choice(_DEPARTMENT)), day(_days(random))]  # fmt: skip


def _invoice(random: Random, number: int) -> Row:
    issued = _days(random)
    return [text(f"INV-2024-{number + 1:05d}"), text(person(random.randrange(100_000))), day(issued),
            day(issued + timedelta(days=30)), cents(random.uniform(20, 20_000)), text(random.choice(_STATUS))]  # fmt: skip


def _level(random: Random, number: int) -> Row:
    return [text(f"ST{number // 5 + 1:05d}"), day(date(2025, 5, 1) + timedelta(days=number % 5)),
            whole(random.randrange(40, 600)), cents(random.uniform(1, 90)), text(person(random.randrange(100_000)))]  # fmt: skip


def _flight(random: Random, number: int) -> Row:
    start, end = random.sample(_PLACE, 2)
    clock = f"{random.randrange(5, 23):02d}:{random.randrange(0, 60, 5):02d}"
    return [text(f"KX{number + 101}"), text(start), text(end), text(clock),
            text(f"{random.choice('ABCD')}{random.randrange(1, 40)}")]  # fmt: skip


def _absent(make: Callable[[Random, int], Row]) -> Callable[[Random], Row]:
    """Rows behind those of any table."""
    return lambda random: make(random, 101_000 + random.randrange(1000))


SHAPES = (
    Shape("products", "Price list of spare parts", ("Code", "Product", "Material", "Weight (kg)", "Price (EUR)", "Stock", "Bin"), _product,
          (("What is the price of {0}?", 4), ("How much does {0} cost?", 4), ("price {0}", 4), ("What does {0} weigh?", 3),
           ("How heavy is {0}?", 3), ("What material is {0} made of?", 2), ("Which product has the code {0}?", 1), ("How many {0} are in stock?", 5), ("Which product is in bin {6}?", 1), ("What is the price of the part in bin {6}?", 4)),
          ("What colour is {0}?", "Who is the supplier of {0}?", "When was {0} last ordered?"), _absent(_product)),
    Shape("costs", "Running costs of the fleet by month, in euros", ("Ship", *_MONTHS), _costs,
          (("What did {0} cost in March?", 3), ("How much was {0} in June?", 6), ("{0} costs in January", 1),
           ("What were the running costs of {0} in May?", 5), ("How much did the {0} cost in February?", 2)),
          ("What did {0} cost in November?", "How many passengers did {0} carry in March?"), _absent(_costs)),
    Shape("sensors", "Temperature sensors", ("Sensor", "Site", "Room", "Reading (°C)", "Battery (%)", "Calibrated"), _sensor,
          (("When was {0} calibrated?", 5), ("What is the battery level of {0}?", 4), ("At which site is sensor {0}?", 1),
           ("What is the reading of {0}?", 3), ("In which room is {0}?", 2), ("battery of sensor {0}", 4)),
          ("Who maintains {0}?", "What is the humidity at {0}?", "What is the firmware of {0}?"), _absent(_sensor)),
    Shape("books", "Catalogue of the town library", ("Title", "Author", "Published", "Shelf", "Copies"), _books,
          (("Who wrote {0}?", 1), ("Who is the author of {0}?", 1), ("On which shelf is {0}?", 3), ("When was {0} published?", 2),
           ("How many copies of {0} are there?", 4), ("Where do I find {0}?", 3)),
          ("Who translated {0}?", "How many pages does {0} have?"), _absent(_books)),
    Shape("people", "Staff directory", ("Name", "Room", "Phone", "Department", "Joined"), _people,
          (("Who is in room {1}?", 0), ("What is the phone number of {0}?", 2), ("In which department does {0} work?", 3), ("When did {0} join?", 4),
           ("Which room is {0} in?", 1), ("Whose phone number is {2}?", 0), ("{0} phone", 2)),
          ("What is the salary of {0}?", "Who is the manager of {0}?"), _absent(_people), (0, 1, 2), held=True),
    Shape("invoices", "Invoices", ("Invoice", "Customer", "Issued", "Due", "Amount (EUR)", "Status"), _invoice,
          (("What is the amount of invoice {0}?", 4), ("When is {0} due?", 3), ("Who is the customer of {0}?", 1), ("What is the status of {0}?", 5),
           ("When was invoice {0} issued?", 2), ("How much is {0}?", 4)),
          ("What discount was given on {0}?", "Who signed {0}?"), _absent(_invoice), held=True),
    Shape("levels", "River gauges", ("Station", "Day", "Level (cm)", "Flow (m3/s)", "Observer"), _level,
          (("What level was measured at {0} on {1}?", 2), ("What was the flow at station {0} on {1}?", 3), ("Who was the observer at {0} on {1}?", 4),
           ("How high was the level at station {0} on {1}?", 2), ("{0} {1} flow", 3)),
          ("What was the salinity at {0} on {1}?", "What was the price at {0} on {1}?"), _absent(_level), (0, 1), held=True),
    Shape("flights", "Departures", ("Flight", "From", "To", "Departs", "Gate"), _flight,
          (("From which gate does {0} leave?", 4), ("When does {0} depart?", 3), ("Where does flight {0} go to?", 2), ("What is the gate of {0}?", 4),
           ("Which gate is flight {0} at?", 4)),
          ("Who is the pilot of {0}?", "Which meal is served on {0}?"), _absent(_flight), held=True),
)  # fmt: skip
