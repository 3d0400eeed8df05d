import apps.core.fields
import datetime
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSource',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('slug', models.SlugField(max_length=120, verbose_name='slug')),
                ('kind', models.CharField(choices=[('article', 'article'), ('book', 'book'), ('chapter', 'chapter'), ('conference_paper', 'conference paper'), ('document', 'official document'), ('news', 'news report'), ('database', 'database'), ('web_page', 'web page')], max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('authors', models.CharField(blank=True, help_text='Surname, First name; several parted by ;', max_length=300, verbose_name='authors')),
                ('container', models.CharField(blank=True, help_text='The journal, book, conference or site.', max_length=300, verbose_name='container')),
                ('publisher', models.CharField(blank=True, max_length=200, verbose_name='publisher')),
                ('date', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='date')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('archived_url', models.URLField(blank=True, max_length=500, verbose_name='archived address')),
                ('accessed', models.DateField(blank=True, null=True, verbose_name='accessed')),
                ('language', models.CharField(default='en', help_text='ISO 639 code.', max_length=10, verbose_name='language')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('date_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='date', verbose_name='date (earliest)')),
                ('date_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='date', verbose_name='date (latest)')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical source',
                'verbose_name_plural': 'historical sources',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('kind', models.CharField(choices=[('article', 'article'), ('book', 'book'), ('chapter', 'chapter'), ('conference_paper', 'conference paper'), ('document', 'official document'), ('news', 'news report'), ('database', 'database'), ('web_page', 'web page')], max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('authors', models.CharField(blank=True, help_text='Surname, First name; several parted by ;', max_length=300, verbose_name='authors')),
                ('container', models.CharField(blank=True, help_text='The journal, book, conference or site.', max_length=300, verbose_name='container')),
                ('publisher', models.CharField(blank=True, max_length=200, verbose_name='publisher')),
                ('date', apps.core.fields.PartialDateField(blank=True, default='', max_length=64, verbose_name='date')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('archived_url', models.URLField(blank=True, max_length=500, verbose_name='archived address')),
                ('accessed', models.DateField(blank=True, null=True, verbose_name='accessed')),
                ('language', models.CharField(default='en', help_text='ISO 639 code.', max_length=10, verbose_name='language')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('date_earliest', apps.core.fields.BoundField(default=datetime.date(1, 1, 1), edge='earliest', editable=False, source='date', verbose_name='date (earliest)')),
                ('date_latest', apps.core.fields.BoundField(default=datetime.date(9999, 12, 31), edge='latest', editable=False, source='date', verbose_name='date (latest)')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['authors', 'title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('slug', ''), _negated=True)), name='sources_source_has_title', violation_error_message='Give the source a title and a slug.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPassage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('anchor', models.SlugField(help_text='Names the passage within its source, e.g. bilateral-3.', max_length=80, verbose_name='anchor')),
                ('position', models.PositiveIntegerField(help_text='Its place in the order of the source.', verbose_name='position')),
                ('section', models.CharField(blank=True, max_length=200, verbose_name='section')),
                ('paragraph', models.PositiveIntegerField(blank=True, null=True, verbose_name='paragraph')),
                ('page', models.CharField(blank=True, max_length=20, verbose_name='page')),
                ('research', models.CharField(choices=[('open', 'more to encode'), ('encoded', 'encoded'), ('nothing', 'nothing to encode')], default='open', max_length=10, verbose_name='research')),
                ('reason', models.CharField(blank=True, help_text='Why there is nothing to encode in it.', max_length=300, verbose_name='reason')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sources.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'historical passage',
                'verbose_name_plural': 'historical passages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.SlugField(help_text='Names the passage within its source, e.g. bilateral-3.', max_length=80, verbose_name='anchor')),
                ('position', models.PositiveIntegerField(help_text='Its place in the order of the source.', verbose_name='position')),
                ('section', models.CharField(blank=True, max_length=200, verbose_name='section')),
                ('paragraph', models.PositiveIntegerField(blank=True, null=True, verbose_name='paragraph')),
                ('page', models.CharField(blank=True, max_length=20, verbose_name='page')),
                ('research', models.CharField(choices=[('open', 'more to encode'), ('encoded', 'encoded'), ('nothing', 'nothing to encode')], default='open', max_length=10, verbose_name='research')),
                ('reason', models.CharField(blank=True, help_text='Why there is nothing to encode in it.', max_length=300, verbose_name='reason')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='sources.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'passage',
                'verbose_name_plural': 'passages',
                'ordering': ['source', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('source', 'anchor'), name='sources_passage_anchor_unique'), models.UniqueConstraint(fields=('source', 'position'), name='sources_passage_position_unique'), models.CheckConstraint(condition=models.Q(('paragraph__isnull', False), models.Q(('page', ''), _negated=True), _connector='OR'), name='sources_passage_has_locator', violation_error_message='Give a paragraph or a page.'), models.CheckConstraint(condition=models.Q(models.Q(('research', 'nothing'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='sources_passage_nothing_has_reason', violation_error_message='Say why there is nothing to encode.')],
            },
        ),
    ]
