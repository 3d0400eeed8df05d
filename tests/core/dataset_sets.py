"""Datasets for tests: tables in a directory, and what an import says of them."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.core.fixtures import fixture_models


def load(path, **options):
    """What the command prints."""
    out = StringIO()
    call_command("import_dataset", path, stdout=out, **options)
    return out.getvalue()


def refusal(path, **options):
    """The lines that the command ends with, having written nothing."""
    before = contents()
    with pytest.raises(CommandError) as error:
        call_command("import_dataset", path, **options)
    first, *lines = str(error.value).splitlines()
    assert first == "Nothing was written."
    assert contents() == before
    return lines


def contents():
    return {model: list(model._base_manager.order_by("pk").values()) for model in fixture_models()}


def files(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def rows_of(directory, name):
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(directory, name, rows):
    directory.mkdir(exist_ok=True)
    with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def change(directory, name, place=0, **cells):
    rows = rows_of(directory, name)
    rows[place].update(cells)
    write(directory, name, rows)


def put(directory, **texts):
    """Writes files of these names and texts."""
    directory.mkdir(exist_ok=True)
    for name, text in texts.items():
        (directory / f"{name}.csv").write_text(text, encoding="utf-8")
    return directory
