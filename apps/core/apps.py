from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self):
        from apps.core.changes import listen, written
        from apps.core.models import Recorded, Revision

        listen(model for model in apps.get_models() if issubclass(model, Recorded))

        def bump(sender, **kwargs):
            Revision.objects.bump()

        written.connect(bump, weak=False, dispatch_uid=f"{__name__}.bump")
