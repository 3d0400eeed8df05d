import apps.core.fields
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
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
            name='State',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('code', models.CharField(help_text='ISO 3166-1 alpha-3; for a former state its last alpha-3 code, e.g. SUN.', max_length=3, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'The code is three capital letters (ISO 3166-1 alpha-3).')], verbose_name='code')),
                ('alpha2', models.CharField(blank=True, max_length=2, verbose_name='alpha-2 code')),
                ('numeric', models.CharField(blank=True, help_text='UN M49.', max_length=3, verbose_name='numeric code')),
                ('kind', models.CharField(choices=[('sovereign', 'sovereign state'), ('former', 'former state'), ('other', 'other territory')], default='sovereign', max_length=10, verbose_name='kind')),
                ('region', models.CharField(blank=True, choices=[('015', 'Northern Africa'), ('202', 'Sub-Saharan Africa'), ('419', 'Latin America and the Caribbean'), ('021', 'Northern America'), ('143', 'Central Asia'), ('030', 'Eastern Asia'), ('035', 'South-eastern Asia'), ('034', 'Southern Asia'), ('145', 'Western Asia'), ('151', 'Eastern Europe'), ('154', 'Northern Europe'), ('039', 'Southern Europe'), ('155', 'Western Europe'), ('053', 'Australia and New Zealand'), ('054', 'Melanesia'), ('057', 'Micronesia'), ('061', 'Polynesia')], max_length=3, verbose_name='region')),
                ('begin', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='begin')),
                ('ended', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='ended')),
                ('wikidata_id', models.CharField(blank=True, max_length=20, verbose_name='Wikidata id')),
                ('begin_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='begin', verbose_name='begin (earliest)')),
                ('begin_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='begin', verbose_name='begin (latest)')),
                ('ended_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='ended', verbose_name='ended (earliest)')),
                ('ended_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='ended', verbose_name='ended (latest)')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='states.state', verbose_name='predecessor')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
            ],
            options={
                'verbose_name': 'state',
                'verbose_name_plural': 'states',
                'ordering': ['name_en', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'withdrawn'])), name='states_state_status_known', violation_error_message='The status is draft, in review, published or withdrawn.'), models.CheckConstraint(condition=models.Q(('basis', 'stated'), models.Q(('basis', 'inferred'), models.Q(('note', ''), _negated=True)), _connector='OR'), name='states_state_inferred_has_note', violation_error_message='An inferred entry needs a note that says how it was concluded.'), models.CheckConstraint(condition=models.Q(('name_en', ''), _negated=True), name='states_state_has_name', violation_error_message='Give the name in English.'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length('code'), 3), django.db.models.lookups.Exact(django.db.models.functions.text.Upper('code'), models.F('code'))), name='states_state_code_upper_case', violation_error_message='The code is three capital letters (ISO 3166-1 alpha-3).')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('aliases', models.TextField(blank=True, help_text='Spelling variants, former names and abbreviations, one a line. Search finds them too.', verbose_name='other names')),
                ('search_text', apps.core.fields.FoldedField(blank=True, default='', editable=False, sources=('name_en', 'name_kk', 'name_ru', 'aliases'))),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='states.state', verbose_name='state')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'ordering': ['name_en', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name_en', ''), _negated=True), name='states_place_has_name', violation_error_message='Give the name in English.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalStateCitation',
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
                ('entry', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.state', verbose_name='state')),
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
            name='HistoricalState',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
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
                ('code', models.CharField(db_index=True, help_text='ISO 3166-1 alpha-3; for a former state its last alpha-3 code, e.g. SUN.', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'The code is three capital letters (ISO 3166-1 alpha-3).')], verbose_name='code')),
                ('alpha2', models.CharField(blank=True, max_length=2, verbose_name='alpha-2 code')),
                ('numeric', models.CharField(blank=True, help_text='UN M49.', max_length=3, verbose_name='numeric code')),
                ('kind', models.CharField(choices=[('sovereign', 'sovereign state'), ('former', 'former state'), ('other', 'other territory')], default='sovereign', max_length=10, verbose_name='kind')),
                ('region', models.CharField(blank=True, choices=[('015', 'Northern Africa'), ('202', 'Sub-Saharan Africa'), ('419', 'Latin America and the Caribbean'), ('021', 'Northern America'), ('143', 'Central Asia'), ('030', 'Eastern Asia'), ('035', 'South-eastern Asia'), ('034', 'Southern Asia'), ('145', 'Western Asia'), ('151', 'Eastern Europe'), ('154', 'Northern Europe'), ('039', 'Southern Europe'), ('155', 'Western Europe'), ('053', 'Australia and New Zealand'), ('054', 'Melanesia'), ('057', 'Micronesia'), ('061', 'Polynesia')], max_length=3, verbose_name='region')),
                ('begin', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='begin')),
                ('ended', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='ended')),
                ('wikidata_id', models.CharField(blank=True, max_length=20, verbose_name='Wikidata id')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('begin_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='begin', verbose_name='begin (earliest)')),
                ('begin_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='begin', verbose_name='begin (latest)')),
                ('ended_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='ended', verbose_name='ended (earliest)')),
                ('ended_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='ended', verbose_name='ended (latest)')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
                ('predecessor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.state', verbose_name='predecessor')),
            ],
            options={
                'verbose_name': 'historical state',
                'verbose_name_plural': 'historical states',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPlace',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('aliases', models.TextField(blank=True, help_text='Spelling variants, former names and abbreviations, one a line. Search finds them too.', verbose_name='other names')),
                ('search_text', apps.core.fields.FoldedField(blank=True, default='', editable=False, sources=('name_en', 'name_kk', 'name_ru', 'aliases'))),
                ('slug', models.SlugField(max_length=120, verbose_name='slug')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.state', verbose_name='state')),
            ],
            options={
                'verbose_name': 'historical place',
                'verbose_name_plural': 'historical places',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='StateCitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(blank=True, help_text='The field that it speaks of, e.g. date; blank for the whole entry.', max_length=40, verbose_name='field')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts')], default='supports', max_length=11, verbose_name='stance')),
                ('claim', models.CharField(blank=True, help_text='What this passage says where it differs.', max_length=300, verbose_name='claim')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='states.state', verbose_name='state')),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='sources.passage', verbose_name='passage')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'passage', 'field', 'stance'), name='states_statecitation_unique', violation_error_message='This passage is cited for the same field already.'), models.CheckConstraint(condition=models.Q(('stance', 'supports'), models.Q(('stance', 'contradicts'), models.Q(('claim', ''), _negated=True)), _connector='OR'), name='states_statecitation_contradiction_has_claim', violation_error_message='Say what the passage claims instead.')],
            },
        ),
    ]
