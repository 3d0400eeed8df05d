"""Folds the texts of rows that are there already, as every save does from now on."""

from django.db import migrations


def fold_texts(apps, schema_editor):
    rows = apps.get_model("organizations", "Office")._base_manager.using(schema_editor.connection.alias)
    for row in rows.iterator(chunk_size=1000):
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_find_by_update_and_text")]

    operations = [migrations.RunPython(fold_texts, migrations.RunPython.noop, elidable=True)]
