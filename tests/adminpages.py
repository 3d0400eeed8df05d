"""The admin as a curator meets it: open a page, fill it in, send it, read what it says."""

from django.urls import reverse

from apps.core.dates import PartialDate


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def page_of(model, pk=None):
    return address(model, "change", pk) if pk else address(model, "add")


def submit(client, model, pk=None, rows=None, **values):
    """Sends the page as it stands, with `values` in its fields and `rows` in its inline tables.

    `rows` maps the prefix of an inline to a list of its lines, the first of which overwrite those already there.
    """
    shown = client.get(page_of(model, pk))
    assert shown.status_code == 200
    data = fields_of(shown, rows) | {name: _sent(value) for name, value in values.items()}
    return client.post(page_of(model, pk), data)


def fields_of(shown, rows=None):
    """What a browser sends of a page that was shown, with `rows` in its inline tables."""
    data = _fields(shown.context["adminform"].form)
    for inline in shown.context["inline_admin_formsets"]:
        data |= _lines(inline.formset, (rows or {}).get(inline.formset.prefix, []))
    return data | versions(shown)


def versions(shown):
    """The hidden fields by which a page tells what it was drawn from."""
    if "seen" not in shown.context:
        return {}
    given = {"_seen": shown.context["seen"], "_shown": shown.context["shown"]}
    return {name: value for name, value in given.items() if value}


def shown(client, model, pk):
    """What the fields of the page have, as `submit` takes it."""
    return _fields(client.get(page_of(model, pk)).context["adminform"].form)


def lines_shown(client, model, pk):
    """[(prefix, the first line)] of each inline table, as `submit` takes it for a line that is new."""
    for inline in client.get(page_of(model, pk)).context["inline_admin_formsets"]:
        form = inline.formset.forms[0]
        whole = inline.formset.fk  # None where the part is one of a part.
        own = {form._meta.model._meta.pk.name, whole and whole.name}
        yield inline.formset.prefix, {name: form[name].value() for name in form.fields if name not in own}


def _fields(form):
    # Read-only fields are on the page too, but not in the form.
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: _sent(value) for name, value in values.items() if _sent(value) != ""}


def _lines(formset, given):
    data = {f"{formset.prefix}-INITIAL_FORMS": formset.initial_form_count()}
    for form in formset.initial_forms:
        data |= _fields(form)
    for number, line in enumerate(given):
        data |= {f"{formset.prefix}-{number}-{name}": _sent(value) for name, value in line.items()}
    data[f"{formset.prefix}-TOTAL_FORMS"] = max(formset.initial_form_count(), len(given))
    return data


def _sent(value):
    """As a browser would send it."""
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple):
        return [_sent(item) for item in value]
    if isinstance(value, PartialDate):
        return str(value)
    return getattr(value, "pk", value)


def take(client, row, step, **values):
    """Presses the button of a step on the review page, and follows to what it says."""
    return client.post(address(type(row), "step", row.pk), {"step": step, **values}, follow=True)


def messages(response):
    return " ".join(str(message) for message in response.context["messages"])


def saved(response):
    return response.status_code == 302


def errors(response):
    """What the page says is wrong, by field: "date", or "citations-0-claim"; "citations" for the table itself."""
    assert response.status_code == 200, "the page was taken"
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        if formset.non_form_errors():
            found[formset.prefix] = list(formset.non_form_errors())
        for form in formset.forms:
            found |= {form.add_prefix(name): messages for name, messages in form.errors.items()}
    return {name: " ".join(messages) for name, messages in found.items()}


def reasons(row):
    """Who changed the row and why, first to last."""
    return [
        (str(version.history_user), version.history_change_reason) for version in row.history.order_by("pk")
    ]
