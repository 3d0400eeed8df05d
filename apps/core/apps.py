from django.apps import AppConfig, apps
from django.db.models.signals import pre_delete
from django.utils.autoreload import file_changed


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self):
        from django.contrib.auth import get_user_model

        from apps.core.changes import listen, written
        from apps.core.conditional import forget_code
        from apps.core.models import Recorded, Revision
        from apps.core.protection import refuse_deletion

        listen(model for model in apps.get_models() if issubclass(model, Recorded))

        pre_delete.connect(refuse_deletion, sender=get_user_model(), dispatch_uid=f"{__name__}.users")

        def bump(sender, **kwargs):
            Revision.objects.bump()

        written.connect(bump, weak=False, dispatch_uid=f"{__name__}.bump")

        file_changed.connect(forget_code, dispatch_uid=f"{__name__}.code")
