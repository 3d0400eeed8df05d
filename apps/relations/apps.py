from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RelationsConfig(AppConfig):
    name = "apps.relations"

    def ready(self):
        from apps.core.changes import written
        from apps.relations import index

        written.connect(index.follow, dispatch_uid=f"{__name__}.follow")
        post_migrate.connect(index.fill, sender=self, dispatch_uid=f"{__name__}.fill")
