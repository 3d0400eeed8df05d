"""The time line as CSV."""

from apps.core.csv_lists import day_text
from apps.core.serializers import root
from apps.core.tables import list_text


class TieTable:
    """Entries of all kinds: what happened has a date, what lasted has a span."""

    columns = (
        "kind",
        "slug",
        "title",
        "title_kk",
        "title_ru",
        "when",
        "date",
        "start",
        "end",
        "attested",
        "earliest",
        "latest",
        "concerns",
        "basis",
    )

    def names(self, queryset):
        holds = ["holds"] if "holds" in queryset.query.annotations else []
        return [*self.columns, *holds, "api_url", "page_url"]

    def rows(self, queryset, rows, request):
        names, site = self.names(queryset), root(request)
        for tie in rows:
            entry = tie.entry
            found = {name: str(getattr(entry, name)) for name in ("kind", "title", "when", "basis")}
            found |= {name: str(getattr(entry, name)) for name in ("date", "start", "end", "attested")}
            found |= {f"title_{code}": title or "" for code, title in entry.titles.items()}
            found |= {
                "slug": entry.public_id,
                "earliest": day_text(tie.earliest),
                "latest": day_text(tie.latest),
                "concerns": list_text((end.bearer.public_id,) for end in entry.bearers),
                "holds": getattr(tie, "holds", ""),
                "api_url": site + entry.api_url,
                "page_url": site + entry.get_absolute_url(),
            }
            yield [found[name] for name in names]
