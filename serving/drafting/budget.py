"""How many guesses pay: their chances against what a pass of that width costs on this machine.

A pass over q tokens costs ``C(q)`` times one over a single token, measured once at start. Written tokens per time are
largest in the long run if every pass maximises its expected tokens minus the going rate of tokens per time times its
cost (the renewal-reward rule); a rate per pass would be too careful where a guess is good and too bold elsewhere.
Knows nothing of drafters or models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import InputError

WORTH, WAIT, REST = 1.02, 32, 128
"""Below this gain over ``WAIT`` passes nothing is drafted for ``REST`` passes; then it is tried again."""
MEMORY, LASTING = 0.1, 0.01
"""Weight of the newest pass in the means of a reply, and in those of all replies."""
DOUBT, FORGETTING = 5.0, 0.005
"""Guesses that count as kept promises from the start; how fast older ones are forgotten."""


class Costs:
    """``C(q)``: what a pass over q tokens costs beside one over a single token. A width between measured ones costs
    what the next of them does, so that trees get measured widths where enough is guessed: for every new one torch makes
    kernels, which takes a tenth of a pass. Beyond the last one costs grow in proportion."""

    def __init__(self, seconds: Mapping[int, float]) -> None:
        """``seconds`` per pass by width, 1 among them. Raises ``InputError`` for senseless ones."""
        widths = sorted(seconds)
        if not widths or widths[0] != 1 or any(seconds[width] <= 0 for width in widths):
            raise InputError("costs of passes must be positive and start at one token", where=str(dict(seconds)))
        self.unit = seconds[1]
        """Seconds of a pass over one token."""
        self._table = [0.0]
        for width in widths:
            self._table += [seconds[width] / seconds[1]] * (width + 1 - len(self._table))
        self._steps = _steps(self._table)
        self._shares: dict[int, Costs] = {1: self}

    def among(self, requests: int) -> Costs:
        """One request's share of a pass in which so many requests read as many tokens each: where a pass is wide
        already, one guess of each makes it twice as wide."""
        if requests not in self._shares:
            widths = range(1, max(1, (len(self._table) - 1) // requests) + 1)
            self._shares[requests] = Costs({each: self.unit * self(each * requests) / requests for each in widths})
        return self._shares[requests]

    def step(self, width: int) -> float:
        """What the token behind ``width`` others costs at least, ever more with the width."""
        return self._steps[min(width, len(self._steps) - 1)]

    def __call__(self, width: int) -> float:
        last = len(self._table) - 1
        return self._table[width] if width <= last else self._table[last] * width / last


def _steps(table: Sequence[float]) -> list[float]:
    """What one step costs from width w to w + 1, of the largest convex curve below ``table``; what lies beyond it costs
    as the last."""
    steps, width, last = [0.0], 1, len(table) - 1
    while width < last:
        slope, end = min(
            ((table[other] - table[width]) / (other - width), -other) for other in range(width + 1, last + 1)
        )
        steps += [max(0.0, slope)] * (-end - width)
        width = -end
    return [*steps, table[last] / last]


def budget_for(chances: Sequence[float], costs: Costs, rate: float, drafting: float = 0.0) -> int:
    """How many of the first guesses to verify. ``chances`` in the order of the tree; ``rate``: written tokens per cost
    of a one-token pass, at the moment; ``drafting``: the cost of a drafted pass beside ``costs``, in the same unit."""
    best, most, expected = 0, 1.0 - rate * costs(1), 1.0
    for count, chance in enumerate(chances, 1):
        expected += chance
        worth = expected - rate * (costs(count + 1) + drafting)
        if worth > most:
            best, most = count, worth
    return best


class Experience:
    """What a drafter brought over all replies: most are too short to find out that its chances are too high, or what a
    pass is worth."""

    def __init__(self) -> None:
        self.held = self.promised = DOUBT
        """How many of its verified guesses held, and how many its chances had promised."""
        self._means: dict[int, tuple[float, float]] = {}
        """Tokens written in a pass and what that cost, by how many requests shared it, in powers of two."""

    @property
    def trust(self) -> float:
        """The share by which chances are to be discounted."""
        return self.held / self.promised

    def means(self, crowd: int) -> tuple[float, float]:
        """Tokens of a pass and its cost, among so many requests (``crowd``: see ``Pace``)."""
        return self._means.get(crowd, (1.0, 1.0))

    def learn(self, written: int, promised: float, cost: float, crowd: int = 1) -> None:
        self.held += written - 1 - FORGETTING * (self.held - DOUBT)
        self.promised += promised - FORGETTING * (self.promised - DOUBT)
        tokens, time = self.means(crowd)
        self._means[crowd] = tokens + LASTING * (written - tokens), time + LASTING * (cost - time)


class Pace:
    """One reply's memory of what drafting brought, and its switch. It begins with the drafter's ``experience``."""

    def __init__(self, costs: Costs, drafting: float = 0.0, experience: Experience | None = None) -> None:
        self.costs, self.drafting, self.experience = costs, drafting, experience or Experience()
        self._alone, self._crowd = costs, 1
        """``_crowd``: the bits of the number of requests, since one more of many changes little."""
        self._chances: Sequence[float] = ()
        self.tokens, self.time = self.experience.means(self._crowd)
        self._bad = self._resting = 0

    def share(self, requests: int) -> None:
        """The passes from now on serve so many requests that write."""
        costs = self._alone.among(requests)
        self.drafting *= self.costs.unit / costs.unit
        self.costs = costs
        if requests.bit_length() != self._crowd:
            self._crowd = requests.bit_length()
            self.tokens, self.time = self.experience.means(self._crowd)
            self._bad = self._resting = 0

    @property
    def rate(self) -> float:
        """Written tokens per cost of a one-token pass; 1 without drafts."""
        return max(1.0, self.tokens / self.time)

    def drafts(self) -> bool:
        """Whether to draft for the next pass at all. Asked once per pass."""
        self._resting = max(0, self._resting - 1)
        return self._resting == 0

    def least(self, guesses: int) -> float:
        """Behind so many guesses one that is less likely than this does not pay, so it need not be sought."""
        return self.rate * self.costs.step(guesses + 1) / self.experience.trust

    def width(self, chances: Sequence[float]) -> int:
        self._chances, trust = chances, self.experience.trust
        return budget_for([chance * trust for chance in chances], self.costs, self.rate, self.drafting)

    def record_drafting(self, seconds: float) -> None:
        """Drafting for a pass took so long itself."""
        self.drafting += MEMORY * (seconds / self.costs.unit - self.drafting)

    def learn(self, written: int, guesses: int, drafted: bool = True) -> None:
        """A pass over ``guesses`` beside the root wrote so many tokens; ``drafted``: guesses were sought."""
        if not drafted:
            return
        cost = self.costs(1 + guesses) + self.drafting
        self.experience.learn(written, sum(self._chances[:guesses]), cost, self._crowd)
        self.tokens += MEMORY * (written - self.tokens)
        self.time += MEMORY * (cost - self.time)
        self._bad = self._bad + 1 if self.tokens < WORTH * self.time else 0
        if self._bad >= WAIT:
            self._bad, self._resting, self.tokens, self.time = 0, REST + 1, 1.0, 1.0
