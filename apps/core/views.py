"""Pages of entries: one entry by its public identifier, a list by its filters."""

from django.urls import reverse
from django.utils.text import capfirst
from django.views.generic import DetailView, TemplateView

# The filters that most readers want; the others wait behind "More filters".
MAIN_FILTERS = {"q", "state", "organization", "person", "kind", "measure", "status", "role", "year", "as_of"}


class EntryDetailView(DetailView):
    """The page of one published entry; whatever else is asked for is a 404."""

    slug_url_kwarg = "public_id"

    def get_slug_field(self):
        return self.model.public_id_field

    def get_queryset(self):
        return self.model.objects.published().for_detail()


class EntryListView(TemplateView):
    """A page of the published entries of one kind that the address asks for.

    An address that is wrong is answered with 400, the form as it was filled in, what is wrong with it, and no rows.
    """

    model = None
    filterset_class = None
    # Parameters that the list of the API does not have.
    page_only = ()

    @property
    def list_name(self):
        """That of the list's address in the API, without its "-list"."""
        return self.model._meta.model_name

    def get_template_names(self):
        meta = self.model._meta
        return [f"{meta.app_label}/{meta.model_name}_list.html"]

    def get_queryset(self):
        return self.model.objects.published().for_list()

    def get_context_data(self, **kwargs):
        filterset = self.filterset_class(self.request.GET, self.get_queryset(), request=self.request)
        kind = self.model._meta
        more = [field for field in filterset.form if field.name not in MAIN_FILTERS]
        return super().get_context_data(
            kind=kind,
            filterset=filterset,
            page=filterset.page(),
            fields=[field for field in filterset.form if field.name in MAIN_FILTERS],
            more_fields=more,
            more_open=any(field.errors or (field.data and field.name != "ordering") for field in more),
            asked=[
                (label, value, filterset.query(**{name: None}))
                for name, label, value in filterset.described()
            ],
            caption=self.caption(filterset),
            json_url=reverse(f"api:{self.list_name}-list") + filterset.query(**dict.fromkeys(self.page_only)),
            **kwargs,
        )

    def caption(self, filterset):
        """The title of the table: what it lists, and in which order."""
        orders = filterset.orderings
        order = orders[filterset.given("ordering") or next(iter(orders))].label
        return f"{capfirst(self.model._meta.verbose_name_plural)}, {order}"

    def render_to_response(self, context, **kwargs):
        status = 200 if context["filterset"].is_valid() else 400
        return super().render_to_response(context, status=status, **kwargs)
