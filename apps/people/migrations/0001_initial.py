import apps.core.fields
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sources', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalPerson',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('slug', models.SlugField(help_text="The entry's public identifier, part of its address. Where it is changed, the old one leads to the new.", max_length=120, verbose_name='slug')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10, verbose_name='status')),
                ('basis', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred')], default='stated', help_text='Stated: the source says so. Inferred: you concluded it; say in the note how.', max_length=8, verbose_name='basis')),
                ('note', models.TextField(blank=True, help_text='For readers: how this was read, what other sources give.', verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('updated_at', apps.core.fields.TouchedField(default=django.utils.timezone.now, editable=False, verbose_name='updated at')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('aliases', models.TextField(blank=True, help_text='Spelling variants, former names and abbreviations, one a line. Search finds them too.', verbose_name='other names')),
                ('search_text', apps.core.fields.FoldedField(blank=True, default='', editable=False, sources=('name_en', 'name_kk', 'name_ru', 'aliases'))),
                ('wikidata_id', models.CharField(blank=True, max_length=20, verbose_name='Wikidata id')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
            ],
            options={
                'verbose_name': 'historical person',
                'verbose_name_plural': 'historical people',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="The entry's public identifier, part of its address. Where it is changed, the old one leads to the new.", max_length=120, unique=True, verbose_name='slug')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10, verbose_name='status')),
                ('basis', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred')], default='stated', help_text='Stated: the source says so. Inferred: you concluded it; say in the note how.', max_length=8, verbose_name='basis')),
                ('note', models.TextField(blank=True, help_text='For readers: how this was read, what other sources give.', verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('updated_at', apps.core.fields.TouchedField(default=django.utils.timezone.now, editable=False, verbose_name='updated at')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('aliases', models.TextField(blank=True, help_text='Spelling variants, former names and abbreviations, one a line. Search finds them too.', verbose_name='other names')),
                ('search_text', apps.core.fields.FoldedField(blank=True, default='', editable=False, sources=('name_en', 'name_kk', 'name_ru', 'aliases'))),
                ('wikidata_id', models.CharField(blank=True, max_length=20, verbose_name='Wikidata id')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'withdrawn'])), name='people_person_status_known', violation_error_message='The status is draft, in review, published or withdrawn.'), models.CheckConstraint(condition=models.Q(('basis', 'stated'), models.Q(('basis', 'inferred'), models.Q(('note', ''), _negated=True)), _connector='OR'), name='people_person_inferred_has_note', violation_error_message='An inferred entry needs a note that says how it was concluded.'), models.CheckConstraint(condition=models.Q(('name_en', ''), _negated=True), name='people_person_has_name', violation_error_message='Give the name in English.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPersonCitation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('field', models.CharField(blank=True, help_text='The field that it speaks of, e.g. date; blank for the whole entry.', max_length=40, verbose_name='field')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts')], default='supports', max_length=11, verbose_name='stance')),
                ('claim', models.CharField(blank=True, help_text='What this passage says where it differs.', max_length=300, verbose_name='claim')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('passage', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sources.passage', verbose_name='passage')),
                ('entry', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical citation',
                'verbose_name_plural': 'historical citations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PersonCitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(blank=True, help_text='The field that it speaks of, e.g. date; blank for the whole entry.', max_length=40, verbose_name='field')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts')], default='supports', max_length=11, verbose_name='stance')),
                ('claim', models.CharField(blank=True, help_text='What this passage says where it differs.', max_length=300, verbose_name='claim')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='people.person', verbose_name='person')),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='sources.passage', verbose_name='passage')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'passage', 'field', 'stance'), name='people_personcitation_unique', violation_error_message='This passage is cited for the same field already.'), models.CheckConstraint(condition=models.Q(('stance', 'supports'), models.Q(('stance', 'contradicts'), models.Q(('claim', ''), _negated=True)), _connector='OR'), name='people_personcitation_contradiction_has_claim', violation_error_message='Say what the passage claims instead.')],
            },
        ),
    ]
