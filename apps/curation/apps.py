from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CurationConfig(AppConfig):
    name = "apps.curation"
    verbose_name = _("Curation")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from apps.curation.roles import make_roles
        from apps.curation.signed_in import begin

        # After the last of them, when every model has its table.
        last = list(apps.get_app_configs())[-1]
        post_migrate.connect(make_roles, sender=last, dispatch_uid=f"{__name__}.roles")
        user_logged_in.connect(begin, dispatch_uid=f"{__name__}.begin")
