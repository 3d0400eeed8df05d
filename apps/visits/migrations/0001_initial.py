import apps.core.fields
import datetime
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('people', '0001_initial'),
        ('sources', '0001_initial'),
        ('states', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalVisit',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('slug', models.SlugField(help_text="The entry's public identifier, part of its address. Where it is changed, the old one leads to the new.", max_length=120, verbose_name='slug')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10, verbose_name='status')),
                ('basis', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred')], default='stated', help_text='Stated: the source says so. Inferred: you concluded it; say in the note how.', max_length=8, verbose_name='basis')),
                ('note', models.TextField(blank=True, help_text='For readers: how this was read, what other sources give.', verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('updated_at', apps.core.fields.TouchedField(default=django.utils.timezone.now, editable=False, verbose_name='updated at')),
                ('capacity', models.CharField(choices=[('head_of_state', 'head of state'), ('head_of_government', 'head of government'), ('vice_president', 'vice-president'), ('foreign_minister', 'minister of foreign affairs'), ('defence_minister', 'minister of defence'), ('minister', 'minister'), ('ambassador', 'ambassador'), ('chair', 'chair'), ('troika', 'member of the troika'), ('secretary_general', 'secretary-general'), ('special_representative', 'special representative'), ('head', 'head of a body or company'), ('other', 'other post')], max_length=24, verbose_name='capacity')),
                ('date', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='date')),
                ('kind', models.CharField(choices=[('state', 'state visit'), ('official', 'official visit'), ('working', 'working visit'), ('private', 'private visit'), ('informal', 'informal visit'), ('multilateral', 'multilateral meeting'), ('not_stated', 'not stated')], default='not_stated', max_length=12, verbose_name='kind')),
                ('occasion', models.CharField(blank=True, max_length=300, verbose_name='occasion')),
                ('discussed', models.CharField(blank=True, max_length=300, verbose_name='discussed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('date_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='date', verbose_name='date (earliest)')),
                ('date_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='date', verbose_name='date (latest)')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.state', verbose_name='host state')),
                ('sent_by_organization', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='organizations.organization', verbose_name='sent by the organization')),
                ('sent_by_state', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.state', verbose_name='sent by the state')),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
                ('visitor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person', verbose_name='visitor')),
            ],
            options={
                'verbose_name': 'historical visit',
                'verbose_name_plural': 'historical visits',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="The entry's public identifier, part of its address. Where it is changed, the old one leads to the new.", max_length=120, unique=True, verbose_name='slug')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('published', 'published'), ('withdrawn', 'withdrawn')], db_index=True, default='draft', max_length=10, verbose_name='status')),
                ('basis', models.CharField(choices=[('stated', 'stated'), ('inferred', 'inferred')], default='stated', help_text='Stated: the source says so. Inferred: you concluded it; say in the note how.', max_length=8, verbose_name='basis')),
                ('note', models.TextField(blank=True, help_text='For readers: how this was read, what other sources give.', verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('updated_at', apps.core.fields.TouchedField(default=django.utils.timezone.now, editable=False, verbose_name='updated at')),
                ('capacity', models.CharField(choices=[('head_of_state', 'head of state'), ('head_of_government', 'head of government'), ('vice_president', 'vice-president'), ('foreign_minister', 'minister of foreign affairs'), ('defence_minister', 'minister of defence'), ('minister', 'minister'), ('ambassador', 'ambassador'), ('chair', 'chair'), ('troika', 'member of the troika'), ('secretary_general', 'secretary-general'), ('special_representative', 'special representative'), ('head', 'head of a body or company'), ('other', 'other post')], max_length=24, verbose_name='capacity')),
                ('date', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='date')),
                ('kind', models.CharField(choices=[('state', 'state visit'), ('official', 'official visit'), ('working', 'working visit'), ('private', 'private visit'), ('informal', 'informal visit'), ('multilateral', 'multilateral meeting'), ('not_stated', 'not stated')], default='not_stated', max_length=12, verbose_name='kind')),
                ('occasion', models.CharField(blank=True, max_length=300, verbose_name='occasion')),
                ('discussed', models.CharField(blank=True, max_length=300, verbose_name='discussed')),
                ('date_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='date', verbose_name='date (earliest)')),
                ('date_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='date', verbose_name='date (latest)')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits_in', to='states.state', verbose_name='host state')),
                ('met', models.ManyToManyField(blank=True, related_name='meetings', to='people.person', verbose_name='met')),
                ('places', models.ManyToManyField(blank=True, related_name='visits', to='states.place', verbose_name='places')),
                ('sent_by_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits_out', to='organizations.organization', verbose_name='sent by the organization')),
                ('sent_by_state', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits_out', to='states.state', verbose_name='sent by the state')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='people.person', verbose_name='visitor')),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'ordering': ['-date_earliest', 'pk'],
                'indexes': [models.Index(fields=['-date_earliest', 'id'], name='visits_visit_by_date')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'withdrawn'])), name='visits_visit_status_known', violation_error_message='The status is draft, in review, published or withdrawn.'), models.CheckConstraint(condition=models.Q(('basis', 'stated'), models.Q(('basis', 'inferred'), models.Q(('note', ''), _negated=True)), _connector='OR'), name='visits_visit_inferred_has_note', violation_error_message='An inferred entry needs a note that says how it was concluded.'), models.CheckConstraint(condition=models.Q(models.Q(('sent_by_organization__isnull', True), ('sent_by_state__isnull', False)), models.Q(('sent_by_organization__isnull', False), ('sent_by_state__isnull', True)), _connector='OR'), name='visits_visit_one_sender', violation_error_message='Give either the state or the organization that sent the visitor.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalVisitCitation',
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
                ('entry', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='visits.visit', verbose_name='visit')),
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
            name='HistoricalVisit_places',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='visits.historicalvisit')),
                ('place', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='states.place')),
                ('visit', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='visits.visit')),
            ],
            options={
                'verbose_name': 'HistoricalVisit_places',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalVisit_met',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='visits.historicalvisit')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person')),
                ('visit', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='visits.visit')),
            ],
            options={
                'verbose_name': 'HistoricalVisit_met',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='VisitCitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(blank=True, help_text='The field that it speaks of, e.g. date; blank for the whole entry.', max_length=40, verbose_name='field')),
                ('stance', models.CharField(choices=[('supports', 'supports'), ('contradicts', 'contradicts')], default='supports', max_length=11, verbose_name='stance')),
                ('claim', models.CharField(blank=True, help_text='What this passage says where it differs.', max_length=300, verbose_name='claim')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='visits.visit', verbose_name='visit')),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='sources.passage', verbose_name='passage')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'passage', 'field', 'stance'), name='visits_visitcitation_unique', violation_error_message='This passage is cited for the same field already.'), models.CheckConstraint(condition=models.Q(('stance', 'supports'), models.Q(('stance', 'contradicts'), models.Q(('claim', ''), _negated=True)), _connector='OR'), name='visits_visitcitation_contradiction_has_claim', violation_error_message='Say what the passage claims instead.')],
            },
        ),
    ]
