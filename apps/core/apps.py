from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self):
        from apps.core.changes import listen
        from apps.core.models import Recorded

        listen(model for model in apps.get_models() if issubclass(model, Recorded))
