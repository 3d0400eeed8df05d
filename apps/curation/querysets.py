from django.db import models
from django.db.models import Max


class AboutEntryQuerySet(models.QuerySet):
    def about(self, entry):
        return self.filter(kind=entry._meta.label_lower, key=entry.pk)

    def of_kind(self, model):
        return self.filter(kind=model._meta.label_lower)


class StepQuerySet(AboutEntryQuerySet):
    def latest_of_each(self):
        """The last step of each entry among these."""
        last = self.order_by().values("kind", "key").annotate(last=Max("pk")).values("last")
        return self.filter(pk__in=last)
