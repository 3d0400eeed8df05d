from django.apps import AppConfig, apps
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_delete
from django.utils.autoreload import file_changed


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self):
        from django.contrib.auth import get_user_model

        from apps.core.changes import listen, written
        from apps.core.conditional import forget_code
        from apps.core.connections import remember, renew_default
        from apps.core.deadlines import begin, end
        from apps.core.lease import wait_once_committed
        from apps.core.models import Recorded, Revision
        from apps.core.protection import refuse_deletion

        listen(model for model in apps.get_models() if issubclass(model, Recorded))

        pre_delete.connect(refuse_deletion, sender=get_user_model(), dispatch_uid=f"{__name__}.users")

        def bump(sender, **kwargs):
            Revision.objects.bump()

        written.connect(bump, weak=False, dispatch_uid=f"{__name__}.bump")

        def migrated(sender, plan=(), **kwargs):
            """What a migration wrote, no signal has told. It may have been the one that takes the table away."""
            if plan and Revision._meta.db_table in connection.introspection.table_names():
                Revision.objects.raise_known()
            else:
                wait_once_committed()  # `flush` tells of no plan, and may have emptied all tables.

        post_migrate.connect(migrated, sender=self, weak=False, dispatch_uid=f"{__name__}.migrated")
        connection_created.connect(remember, dispatch_uid=f"{__name__}.opened")
        request_started.connect(renew_default, dispatch_uid=f"{__name__}.renew")
        request_started.connect(begin, dispatch_uid=f"{__name__}.begin")
        request_finished.connect(end, dispatch_uid=f"{__name__}.end")
        file_changed.connect(forget_code, dispatch_uid=f"{__name__}.code")
