"""Prints the cursor of the page of the list of visits that begins as many rows from its beginning as was asked for."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from apps.core.paging import Keyset
    from apps.visits.filters import VisitFilter
    from apps.visits.models import Visit

    keys = Keyset(Visit, next(iter(VisitFilter.orderings.values())).columns)
    print(keys.cursor(keys.position(keys.ordered(Visit.objects.published())[int(sys.argv[1])])))
