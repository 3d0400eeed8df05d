"""A figure in schema.org's vocabulary."""

from apps.core.datewords import date_words
from apps.core.jsonld import document, iso, nodes, told
from apps.figures.models import Figure

# UN/CEFACT's codes.
UNITS = {Figure.Unit.KILOMETRE: "KMT", Figure.Unit.HECTARE: "HAR"}
BOUNDS = {
    Figure.Comparison.AT_LEAST: "minValue",
    Figure.Comparison.MORE_THAN: "minValue",
    Figure.Comparison.UP_TO: "maxValue",
}


def figure(row, request):
    """An observation. What its number does not tell, that it is an aim or that it is "about", is in its description."""
    aim = "an aim, not a result" if row.target else ""
    return document(
        row,
        request,
        type=row.schema_type,
        description=", ".join(filter(None, [row.words, aim, row.according_to])),
        observationAbout=nodes([row.of, row.shared_with], request),
        variableMeasured=told(row, "measure"),
        observationDate=iso(row.date),
        unitCode=UNITS.get(row.unit),
        unitText=row.currency or told(row, "unit"),
        coverage=str(row.date),
        when=date_words(row.date),
        **{BOUNDS.get(row.comparison, "value"): number(row.value)},
    )


def number(value):
    """A decimal as a number where JSON's readers keep it as it is, otherwise as text."""
    return int(value) if value == int(value) and abs(value) < 2**53 else f"{value.normalize():f}"
