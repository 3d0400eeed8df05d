"""For each line that it reads, changes a visit's note in the database and answers with a line; see `after_write`."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from apps.visits.models import Visit

    visit = Visit.objects.order_by("pk").first()
    note = visit.note
    for number, _line in enumerate(sys.stdin):
        visit.note = f"{note} {number}".strip()
        visit.save()
        print(number, flush=True)
    visit.note = note
    visit.save()
