"""Prints two cursors of the list of visits: of the page in the middle, and of the last that is full."""

import django

if __name__ == "__main__":
    django.setup()
    from apps.core.keysets import Keyset
    from apps.core.paging import DEFAULT_LIMIT
    from apps.visits.filters import VisitFilter
    from apps.visits.models import Visit

    keys = Keyset(Visit, next(iter(VisitFilter.orderings.values())).columns)
    rows = keys.ordered(Visit.objects.published()).values_list(*(key.path for key in keys.keys))
    count = rows.count()
    for before in (count // 2, count - DEFAULT_LIMIT - 1):
        print(keys.cursor([*rows[before]]))
