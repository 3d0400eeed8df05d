"""Where the marks of the pictures of the balance lie: stacked bars of regions, small ones of each leading partner."""

from textwrap import wrap
from typing import NamedTuple

from apps.relations.balance import MOST_REGIONS, Period, Region, Share, Ties

# Of the stacked bars: where they begin, how wide a whole is, how high each is, and from one to the next.
LEFT, WHOLE, BAR, STEP = 100, 740, 58, 70
HEAD = 26
CHARACTER, LINE = 7.6, 15
# Of the picture of one partner.
SMALL_WIDTH, SMALL_HEIGHT, SMALL_HEAD, SMALL_FOOT = 260, 90, 20, 20
LEAST_MOST = 4


class Segment(NamedTuple):
    """What a region has of a period; `lines` is its name where there is room, otherwise its number."""

    region: Region
    share: Share
    x: float
    y: float
    width: float
    lines: list
    share_y: float
    url: str

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def tells_share(self):
        return self.width >= 40


class Line(NamedTuple):
    text: str
    y: float


class Stack(NamedTuple):
    """One period."""

    spread: object
    y: float
    segments: list

    @property
    def middle(self):
        return self.y + BAR / 2 + 5


class Column(NamedTuple):
    """A period of one partner: from the axis up, a box for each kind."""

    label: int | str
    middle: float
    top: float
    n: int
    boxes: list


class Box(NamedTuple):
    ties: Ties
    period: Period
    x: float
    y: float
    width: float
    height: float


class Small(NamedTuple):
    """The picture of one partner."""

    partner: object
    columns: list


class BalancePicture:
    """Of a Balance; the small pictures are drawn to one scale, so that they compare."""

    def __init__(self, balance):
        self._balance = balance

    @property
    def regions(self):
        """Those told apart, and where there are more, one that stands for the others."""
        regions = self._balance.regions
        if len(regions) <= MOST_REGIONS + 1:
            return regions
        shares = [
            Share(sum(share.n for share in shares), shares[0].all)
            for shares in zip(*(region.shares for region in regions[MOST_REGIONS:]), strict=True)
        ]
        return [*regions[:MOST_REGIONS], Region(MOST_REGIONS + 1, "", "", shares)]

    @property
    def stacks(self):
        found = []
        for place, spread in enumerate(self._balance.spreads):
            y = HEAD + place * STEP
            found.append(Stack(spread, y, self._segments(place, y)))
        return found

    @property
    def height(self):
        return HEAD + len(self._balance.spreads) * STEP

    def _segments(self, place, y):
        x, found = LEFT, []
        for region in self.regions:
            share = region.shares[place]
            width = WHOLE * share.of_all
            if share.n:
                *lines, last = lines_of(region, width, y)
                found.append(
                    Segment(region, share, x, y, width, lines, last.y, self._balance.address_of(region))
                )
            x += width
        return found

    @property
    def small_height(self):
        return SMALL_HEAD + SMALL_HEIGHT + SMALL_FOOT

    @property
    def small_axis(self):
        return SMALL_HEAD + SMALL_HEIGHT

    @property
    def smalls(self):
        leading = self._balance.leading
        most = max((n for partner in leading for n in partner.numbers), default=0)
        return [Small(partner, self._columns(partner, max(most, LEAST_MOST))) for partner in leading]

    def _columns(self, partner, most):
        slot = SMALL_WIDTH / len(self._balance.periods)
        width = min(slot * 0.6, 30)
        every = next(every for every in (1, 2, 3, 4, 6, 12) if slot * every >= 34)
        found = []
        for place, (period, kinds) in enumerate(zip(self._balance.periods, partner.periods, strict=True)):
            middle, y, boxes = (place + 0.5) * slot, self.small_axis, []
            for ties in kinds:
                height = SMALL_HEIGHT * ties.n / most
                y -= height
                boxes.append(Box(ties, period, middle - width / 2, y, width, height))
            label = period.from_year if place % every == 0 else ""
            found.append(Column(label, middle, y - 5, partner.numbers[place], boxes))
        return found


def lines_of(region, width, y):
    """A Line for each of what is written into a segment, and one more for its share: in the middle of its height."""
    words = wrap(str(region.name), max(int((width - 8) / CHARACTER), 1), break_long_words=False)
    fits = words and len(words) <= 2 and all(len(word) * CHARACTER <= width - 8 for word in words)
    texts = words if fits else [str(region.number)] if width >= 14 else []
    lines = [*texts, ""]
    first = y + (BAR - LINE * len(lines)) / 2 + LINE - 3.5
    return [Line(text, first + LINE * place) for place, text in enumerate(lines)]
