"""The admin, with a desk on its front page."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache


class CuratingConfig(AdminConfig):
    """In INSTALLED_APPS in place of `django.contrib.admin`."""

    default_site = "apps.curation.site.CuratingSite"


class CuratingSite(admin.AdminSite):
    def get_urls(self):
        from apps.curation.second_factor_pages import second_factor, second_factor_of

        of_user = self.admin_view(partial(second_factor_of, self))
        own = [
            path("told-apart/", self.admin_view(self.told_apart_view), name="told_apart"),
            # For who is not quite signed in.
            path("second-factor/", never_cache(partial(second_factor, self)), name="second_factor"),
            path("auth/user/<path:object_id>/second-factor/", of_user, name="second_factor_of"),
        ]
        return [*own, *super().get_urls()]

    def register(self, model_or_iterable, admin_class=None, **options):
        """All but the pages of django-otp, which show secrets: what is to be done with them, our own pages do."""
        if admin_class is None or not admin_class.__module__.startswith("django_otp."):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request, extra_context=None):
        # Looked up here, since it is asked for as `request.user` only.
        if (
            request.method == "GET"
            and not request.user.is_authenticated
            and hasattr(request, "half_signed_in")
        ):
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse('admin:second_factor')}{query and '?'}{query}")
        return super().login(request, extra_context)

    def index(self, request, extra_context=None):
        # Models are not there yet when the site is made.
        from apps.curation.desk import Desk

        return super().index(request, {**(extra_context or {}), "desk": Desk(request, self)})

    def told_apart_view(self, request):
        """Two entries that look like one are kept as two, for a reason."""
        from apps.curation.duplicates import tell_apart
        from apps.curation.steps import Refused

        changed = self._changed_kinds(request)
        if not changed:
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        entry, other = self._two_entries(request, changed)
        try:
            tell_apart(entry, other, user=request.user, why=request.POST.get("why", ""))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            said = _("“%(one)s” and “%(other)s” are kept as two.") % {"one": entry, "other": other}
            messages.success(request, said)
        return HttpResponseRedirect(f"{reverse('admin:index', current_app=self.name)}#duplicates")

    def _changed_kinds(self, request):
        """{name: model} of the kinds of entries that the user may change."""
        from apps.core.models import Entry

        pages = [page for page in self._registry.values() if issubclass(page.model, Entry)]
        return {page.opts.label_lower: page.model for page in pages if page.has_change_permission(request)}

    def _two_entries(self, request, kinds):
        """Of the kind and the two primary keys that were sent; 404 where there are none that the user may change."""
        from apps.core.admin_forms import is_key

        kind, *keys = (request.POST.get(name, "") for name in ("kind", "key", "other"))
        if kind not in kinds or not all(map(is_key, keys)):
            raise Http404
        rows = kinds[kind].objects.for_title().in_bulk(list(map(int, keys)))
        if len(rows) != 2:
            raise Http404
        return rows.values()
