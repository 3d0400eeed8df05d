from django.db import models


class AboutEntryQuerySet(models.QuerySet):
    def about(self, entry):
        return self.filter(kind=entry._meta.label_lower, key=entry.pk)
