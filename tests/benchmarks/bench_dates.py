"""Parses per second, on one core, of CPU time. Run: python -m tests.benchmarks.bench_dates"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from time import process_time

from apps.core.dates import BadDate, PartialDate, _parse, _read_element

# The goal for distinct texts; below it, importing a large table waits on dates rather than on the database.
GOAL = 100_000
YEARS = range(1900, 2030)
MONTHS = range(1, 13)
DAY_0 = date(1950, 1, 1)
DISTINCT = {
    "year": [f"{year:04}{mark}" for year, mark in product(range(1, 9999, 2), ("", "?", "~", "%"))],
    "month": [f"{year}-{month:02}" for year, month in product(range(1000, 2030), MONTHS)],
    "day": [f"{year}-{month:02}-{day:02}" for year, month, day in product(YEARS, MONTHS, range(1, 29))],
    "interval": [f"{year}-{month:02}/{year + n}" for year, month, n in product(YEARS, MONTHS, range(1, 9))],
    "two new days": [f"{DAY_0 + timedelta(2 * n)}/{DAY_0 + timedelta(2 * n + 1)}" for n in range(10_000)],
    "within": [f"[{year}..{year + n}]" for year, n in product(YEARS, range(1, 99))],
    "list": [f"[{year},{year + n}]" for year, n in product(YEARS, range(1, 99))],
}
REFUSED = [f"{day} Feb {year}" for year, day in product(range(1900, 1950), range(1, 29))]


def per_second(read: Callable[[str], object], texts: list[str]) -> float:
    begun = process_time()
    for text in texts:
        read(text)
    return len(texts) / (process_time() - begun)


def uncached(texts: list[str]) -> float:
    _parse.cache_clear()
    _read_element.cache_clear()
    return per_second(PartialDate.parse, texts)


def refusal(text: str) -> str:
    try:
        return PartialDate.parse(text).text
    except BadDate as error:
        return str(error)


def main() -> None:
    print(f"{'distinct texts':<16}{'parses/s':>12}")
    for form, texts in DISTINCT.items():
        rate = max(uncached(texts) for _ in range(3))
        print(f"{form:<16}{rate:>12,.0f}{'' if rate >= GOAL else f'  below {GOAL:,}'}")
    few = DISTINCT["day"][:1000]
    uncached(few)
    print(f"{'cached':<16}{per_second(PartialDate.parse, few * 300):>12,.0f}")
    print(f"{'refused':<16}{per_second(refusal, REFUSED):>12,.0f}")


if __name__ == "__main__":
    main()
