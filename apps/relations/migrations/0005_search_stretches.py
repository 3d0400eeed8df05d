from django.db import migrations

# As of migration 0002, with two more things, by which PostgreSQL finds the first entries of a kind that have a word
# without a look at all that have it. Each entry has the number of the stretch of its place, of 128 days. And the
# year in which its place is, where that is among its words, is another word than a year that it only mentions.
KIND = "chr((96 + (id >> 58))::int)"
STRETCH = "'=' || (id >> 43)"
YEAR = "extract(year FROM date '0001-01-01' + (4194302 - ((id >> 36) & 4194303))::int)::int"
WORDS = f"btrim(replace(' ' || words || ' ', ' ' || {YEAR} || ' ', ' =' || {YEAR} || ' '))"
DROP = "ALTER TABLE relations_searchentry DROP COLUMN vector"
ADD = (
    "ALTER TABLE relations_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector("
    "string_to_array({}, ' '))) STORED"
)
INDEX = "CREATE INDEX relations_searchentry_vector ON relations_searchentry USING gin (vector) WITH (fastupdate = off)"
AFTER = f"{STRETCH} || ' ' || {KIND} || replace({WORDS}, ' ', ' ' || {KIND})"
BEFORE = f"{KIND} || replace(words, ' ', ' ' || {KIND})"


def tell_stretches(apps, schema_editor):
    remake(schema_editor, AFTER)


def tell_words_only(apps, schema_editor):
    remake(schema_editor, BEFORE)


def remake(schema_editor, expression):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (DROP, ADD.format(expression), INDEX):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):

    dependencies = [
        ('relations', '0004_shared_organizations'),
    ]

    operations = [
        migrations.RunPython(tell_stretches, tell_words_only),
    ]
