"""How much of each kind the synthetic databases have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`parties` of an agreement are counted by chance: 8 for every 3 agreements."""

    name: str
    states: int
    memberships: int
    visits: int
    agreements: int
    organizations: int
    people: int
    places: int
    sources: int
    offices: int
    events: int
    projects: int
    figures: int
    successions: int


SIZES = {
    size.name: size
    for size in (
        Size("XS", 12, 20, 20, 20, 10, 10, 12, 1, 5, 5, 3, 3, 2),
        Size("S", 60, 300, 120, 120, 40, 60, 60, 3, 60, 60, 20, 30, 5),
        Size("M", 200, 20_000, 50_000, 30_000, 800, 4000, 400, 200, 4000, 4000, 400, 1000, 50),
        Size(
            "L", 200, 200_000, 500_000, 300_000, 4000, 20_000, 1000, 2000, 25_000, 40_000, 4000, 10_000, 400
        ),
    )
}
