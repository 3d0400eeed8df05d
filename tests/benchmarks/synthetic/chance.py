"""What chance decides: dates as precise as real sources have them, names in two scripts, the frequent and the rare."""

from bisect import bisect
from calendar import monthrange
from itertools import accumulate
from random import Random

FIRST, LAST = 1991, 2026
LATIN = "ka sy ro ta me li no du va ze bo ri sha mu ko pe al en or bek tu gi ma se"
CYRILLIC = "ка сы ро та ме ли но ду ва зе бо ри ша му ко пе ал ен ор бек ту ги ма се"
SYLLABLES = list(zip(LATIN.split(), CYRILLIC.split(), strict=True))
ENDINGS = [("ov", "ов"), ("in", "ин"), ("bay", "бай"), ("son", "сон"), ("li", "ли"), ("man", "ман")]


def chance(*names):
    """A Random of its own for each part, so that none depends on how much another drew."""
    return Random("/".join(map(str, names)))


class Skewed:
    """Draws of a list, of which each is drawn half as often as the one at half its place (Zipf)."""

    def __init__(self, rows):
        self.rows = list(rows)
        self.sums = list(accumulate(1 / (place + 3) for place in range(len(self.rows))))

    def draw(self, random):
        return self.rows[bisect(self.sums, random.random() * self.sums[-1])]

    def other(self, random, than):
        while (row := self.draw(random)) == than:
            pass
        return row

    def several(self, random, count, without=()):
        """So many different ones, in the order in which they were drawn."""
        found = {}
        while len(found) < min(count, len(self.rows) - len(without)):
            row = self.draw(random)
            if row not in without:
                found[row] = None
        return list(found)


def name(random, syllables=2):
    """(in Latin letters, in Cyrillic)"""
    parts = [random.choice(SYLLABLES) for _ in range(syllables)] + [random.choice(ENDINGS)]
    return tuple("".join(letters).capitalize() for letters in zip(*parts, strict=True))


def day(random, year):
    month = random.randint(1, 12)
    return f"{year}-{month:02}-{random.randint(1, monthrange(year, month)[1]):02}"


def some_year(random):
    """The later the likelier."""
    return LAST - int((LAST - FIRST + 1) * random.random() ** 1.3)


def date(random, year, *, lasting=True):
    """A date in this year or near it, in one of the forms that sources have, unknown at times."""
    month = random.randint(1, 12)
    form = random.random()
    if form < 0.34:
        return day(random, year)
    if form < 0.56:
        return f"{year}-{month:02}"
    if form < 0.78:
        return str(year)
    if form < 0.84:
        return f"[{year}..{year + random.randint(1, 5)}]"
    if form < 0.88:
        return f"{year}{random.choice('?~%')}"
    if form < 0.92:
        first = random.randint(1, 24)
        last = first + random.randint(1, 4)
        return f"{year}-{month:02}-{first:02}" + (f"/{year}-{month:02}-{last:02}" if lasting else "")
    if form < 0.95:
        return f"[{year}-{month:02}..{year + 1}]" if form < 0.935 else f"[{year}..]"
    if form < 0.97:
        return f"[..{year}-{month:02}]" if form < 0.96 else f"{year}-{random.randint(21, 24)}"
    return ""


def span(random):
    """{start, end, attested}: most ends are unknown, or were still to come when the source was written."""
    begun = random.randint(FIRST, LAST - 10)
    attested = random.randint(begun + 6, LAST)  # By then it had begun, whatever the form of the date.
    ended, form = random.randint(attested, LAST), random.random()
    return {
        "start": date(random, begun, lasting=False) if random.random() > 0.1 else "",
        "end": "" if form < 0.55 else ".." if form < 0.8 else str(ended) if form < 0.95 else f"[{ended}..]",
        "attested": str(attested) if random.random() < 0.38 else "",
    }
