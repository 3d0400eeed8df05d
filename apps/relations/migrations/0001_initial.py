import apps.core.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('people', '0001_initial'),
        ('states', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TiedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('key', models.PositiveBigIntegerField(verbose_name='primary key')),
                ('public_id', models.CharField(max_length=120, verbose_name='public identifier')),
                ('basis', models.CharField(max_length=8, verbose_name='basis')),
                ('title_en', models.CharField(max_length=700, verbose_name='title in English')),
                ('title_kk', models.CharField(max_length=700, verbose_name='title in Kazakh')),
                ('title_ru', models.CharField(max_length=700, verbose_name='title in Russian')),
                ('date', apps.core.fields.SpanDateField(blank=True, default='', max_length=64, verbose_name='date')),
                ('start', apps.core.fields.SpanDateField(blank=True, default='', max_length=64, verbose_name='start')),
                ('end', apps.core.fields.SpanDateField(blank=True, default='', max_length=64, verbose_name='end')),
                ('attested', apps.core.fields.SpanDateField(blank=True, default='', max_length=64, verbose_name='attested')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('updated_at', models.DateTimeField(verbose_name='updated at')),
                ('search_text', models.TextField(help_text='Of the entry and of whom it ties.', verbose_name='folded names')),
            ],
            options={
                'verbose_name': 'tied entry',
                'verbose_name_plural': 'tied entries',
                'indexes': [models.Index(fields=['-updated_at', '-id'], name='tiedentry_changed')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='relations_tiedentry_once')],
            },
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('roles', models.CharField(help_text='Separated by spaces.', max_length=200, verbose_name='roles')),
                ('lasting', models.BooleanField(help_text='It held over a span; it did not just happen.', verbose_name='lasting')),
                ('position', models.DateField(verbose_name='position')),
                ('earliest', models.DateField(verbose_name='earliest')),
                ('latest', models.DateField(verbose_name='latest')),
                ('certain_from', models.DateField(verbose_name='certain from')),
                ('certain_until', models.DateField(verbose_name='certain until')),
                ('possible_until', models.DateField(verbose_name='possible until')),
                ('organization', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='organizations.organization', verbose_name='organization')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='people.person', verbose_name='person')),
                ('state', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='states.state', verbose_name='state')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='relations.tiedentry', verbose_name='entry')),
            ],
            options={
                'verbose_name': 'tie',
                'verbose_name_plural': 'ties',
                'indexes': [models.Index(condition=models.Q(('state__isnull', False)), fields=['state', 'position', '-certain_from', 'id'], name='tie_state_by_time'), models.Index(condition=models.Q(('organization__isnull', False)), fields=['organization', 'position', '-certain_from', 'id'], name='tie_organization_by_time'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'position', '-certain_from', 'id'], name='tie_person_by_time'), models.Index(condition=models.Q(('organization__isnull', True), ('person__isnull', True), ('state__isnull', True)), fields=['position', '-certain_from', 'id'], name='tie_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', True), ('person__isnull', True), ('state__isnull', False)), models.Q(('organization__isnull', False), ('person__isnull', True), ('state__isnull', True)), models.Q(('organization__isnull', True), ('person__isnull', False), ('state__isnull', True)), models.Q(('organization__isnull', True), ('person__isnull', True), ('state__isnull', True)), _connector='OR'), name='relations_tie_of_one'), models.UniqueConstraint(condition=models.Q(('state__isnull', False)), fields=('entry', 'state'), name='relations_tie_state_once'), models.UniqueConstraint(condition=models.Q(('organization__isnull', False)), fields=('entry', 'organization'), name='relations_tie_organization_once'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('entry', 'person'), name='relations_tie_person_once'), models.UniqueConstraint(condition=models.Q(('organization__isnull', True), ('person__isnull', True), ('state__isnull', True)), fields=('entry',), name='relations_tie_of_none_once')],
            },
        ),
    ]
