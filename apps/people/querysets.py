from apps.core.querysets import EntryQuerySet


class PersonQuerySet(EntryQuerySet):
    def for_list(self):
        return self.order_by("slug")

    def for_detail(self):
        return self.with_citations()
