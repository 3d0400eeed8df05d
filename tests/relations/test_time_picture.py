"""The time picture as it is laid out: what is drawn where, whatever the dates are."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from apps.core.dates import EARLIEST, LATEST, BadDate, PartialDate
from apps.core.spans import span_bounds
from apps.relations.time_axis import Axis
from apps.relations.time_bars import tally
from apps.relations.time_picture import Lane, picture
from apps.relations.time_rows import WIDTHS
from apps.relations.time_shapes import ONE, OTHER, Mark, pieces

DATES = [
    "1993", "1993-02", "1993-02-14", "199X", "2001-23", "1996?", "[1992..1997]", "[2008..]", "[..1996-07]",
    "[2008,2010]", "2004~", "2015-12-31", "1991-01-01", "2012-06-15", "2007-11",
]  # fmt: skip
NAMES = ["SCO", "Жібек Жолы", "Agreement on long-term neighbourly and stable relations", "Мир", "W" * 40, ""]


def moment(text, **words):
    value = PartialDate.parse(text)
    return Mark(value.earliest, value.latest, **words)


def span(start="", end="", attested="", **words):
    bounds = span_bounds(*map(PartialDate.parse, (start, end, attested)))
    return Mark(
        bounds.start_earliest, bounds.end_latest, True, bounds.start_latest, bounds.end_earliest, **words
    )


@st.composite
def marks(draw):
    words = {"label": draw(st.sampled_from(NAMES)), "side": draw(st.sampled_from([ONE, OTHER]))}
    if draw(st.booleans()):
        return moment(draw(st.sampled_from(DATES)), **words)
    try:
        texts = [draw(st.sampled_from(["", *DATES])) for _part in ("start", "end", "attested")]
        return span(*texts, **words, group=draw(st.sampled_from([None, 1, 2])))
    except BadDate:
        return span("1992", "..", "2015", **words)


def lanes_of(found):
    halves = [
        [mark for mark in found if mark.is_dated and mark.lasting is lasting] for lasting in (True, False)
    ]
    return [Lane(str(n), len(half), half, address=str, short="") for n, half in enumerate(halves)]


def drawn(found, asked=None):
    axis = Axis.of([mark for mark in found if mark.is_dated], asked=asked)
    return axis and picture(lanes_of(found), axis, asked)


def reaches(row, width):
    """(first, last) pixel of each label of a row on a page of a width, and of each mark that stands level with it."""
    names = [name for name, least in WIDTHS.items() if least <= width]
    labels = [
        label.reach(width) for mark in row.marks for label in mark.labels if names[-1] in label.shown.split()
    ]
    marks = [] if row.style.above else [item.reach(width) for item in row.items]
    return labels, marks


@settings(deadline=None, max_examples=60)
@given(st.lists(marks(), max_size=25), st.sampled_from([280, 320, 500, 664, 800, 950, 1112]))
def test_all_is_within_the_axis_and_no_label_touches_another(found, width):
    shown = drawn(found)
    for row in [row for lane in shown.lanes for row in lane.rows] if shown else []:
        assert all(piece.x >= 0 and piece.end <= 100.000001 for mark in row.marks for piece in mark.pieces)
        labels, _marks = reaches(row, width)
        assert all(first >= 0 and last <= width for first, last in labels)
        labels.sort()
        assert all(last < first for (_first, last), (first, _last) in zip(labels, labels[1:], strict=False))


@settings(deadline=None, max_examples=60)
@given(st.lists(marks(), min_size=1, max_size=25))
def test_what_is_drawn_of_a_mark_is_its_bounds(found):
    shown = drawn(found)
    for mark in [mark for lane in shown.lanes for mark in lane.marks] if shown else []:
        axis = shown.axis
        assert mark.x == axis.at(mark.mark.earliest)
        assert mark.end == pytest.approx(axis.at(mark.mark.latest, end=True))
        # One piece begins where another ends, and only an edge that is not known fades.
        assert all(
            one.end == pytest.approx(other.x)
            for one, other in zip(mark.pieces, mark.pieces[1:], strict=False)
        )
        assert (mark.pieces[0].fade == "left") == (mark.mark.earliest == EARLIEST)
        assert (mark.pieces[-1].fade == "right") == (mark.mark.latest == LATEST)


@settings(deadline=None, max_examples=30)
@given(st.lists(marks(), min_size=1, max_size=25))
def test_numbers_of_bars_are_those_of_each_day_asked_for(found):
    found = [mark for mark in found if mark.is_dated]
    axis = Axis.of(found)
    if axis is None or axis.bucket_months != 12:
        return
    for year, counts in zip(range(axis.first, axis.last + 1), tally(found, axis).counts(100), strict=False):
        first, last = date(year, 1, 1), date(year, 12, 31)
        possible = [mark for mark in found if mark.earliest <= last and mark.latest >= first]
        certain = [
            mark
            for mark in possible
            if (first <= mark.earliest and mark.latest <= last and not mark.lasting)
            or (
                mark.lasting
                and mark.certain_from <= min(last, mark.certain_until)
                and mark.certain_until >= first
            )
        ]
        assert counts == (len(certain), len(possible)), year


def looks(mark, axis=None):
    axis = axis or Axis(1990, 2019)
    return [(round(piece.x), round(piece.end), piece.look, piece.fade) for piece in pieces(mark, axis)]


def test_pieces_of_what_happened():
    assert looks(moment("1993")) == [(10, 13, "within", "")]
    assert looks(moment("[1993..1998]")) == [(10, 30, "within", "")]
    assert looks(moment("[2008..]")) == [(60, 100, "within", "right")]
    assert moment("1993-02-14").is_exact and not moment("1993-02").is_exact


def test_pieces_of_what_lasted():
    sco = span("2001", "..", "2015")
    assert looks(sco) == [(37, 40, "may", ""), (40, 83, "sure", ""), (83, 100, "may", "right")]
    # Known only to have held at one time, in a year that is not known better.
    assert looks(span("", "", "2005")) == [
        (0, 50, "may", "left"),
        (50, 53, "may", ""),
        (53, 100, "may", "right"),
    ]
    # What begins within some years, and ends within some, with no day for certain, has no seam.
    assert looks(span("[1993..2001]", "2001")) == [(10, 40, "may", "")]


def test_what_has_no_first_day_fades_where_it_comes_in_though_it_was_certain_before():
    assert looks(span(end="2005", attested="1993"), Axis(2000, 2009))[0] == (0, 50, "sure", "left")


def test_axis_leaves_a_lone_early_beginning_outside_but_no_event():
    many = [moment(f"{year}") for year in range(1991, 2015)]
    baikonur = span("1955", "..", "2005-06")
    axis = Axis.of([baikonur, *many])
    assert axis.first == 1991 and looks(baikonur, axis)[0][:3] == (0, 58, "sure")
    assert Axis.of([moment("1955"), *many]).first == 1955
    assert Axis.of([baikonur]).first == 1955


def test_a_day_far_away_does_not_stretch_the_axis():
    near, far = PartialDate.parse("1999"), PartialDate.parse("1700-01-01")
    found = [moment("2005"), moment("2009")]
    assert drawn(found, near).axis.first == 1999
    assert drawn(found, far).line.beyond == "before" and drawn(found, far).axis.first > 2000


def test_few_are_named_more_are_packed_and_too_many_are_counted():
    days = [f"{year}-{month:02}" for year in range(1992, 2012) for month in range(1, 13)]
    few, more = [moment(day, label="Somebody") for day in days[::5]], [moment(day) for day in days]
    assert all(mark.labels for mark in drawn(few).lanes[0].marks)
    assert len(drawn(more).lanes[0].marks) == 240
    many = drawn([moment("2001-02", label="Somebody")] * 240)
    assert [(bar.certain, bar.may) for bar in many.lanes[0].bars] == [(240, 0)]
    assert many.height < 200


def test_axes_of_any_length_have_few_years_and_few_bars():
    for texts in (["0001", "9999"], ["2001-02-14"], ["1200", "2015"], ["1990", "2030"]):
        axis = Axis.of([moment(text) for text in texts])
        assert len(axis.ticks()) <= 21 and len(axis.buckets()) <= 101
        assert sum(bucket.width for bucket in axis.buckets()) == pytest.approx(100)
