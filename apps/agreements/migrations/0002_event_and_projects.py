import django.db.models.deletion
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='concluded_at',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='events.event', verbose_name='concluded at the event'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='projects',
            field=models.ManyToManyField(blank=True, related_name='agreements', to='events.project', verbose_name='projects'),
        ),
        migrations.AddField(
            model_name='historicalagreement',
            name='concluded_at',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.event', verbose_name='concluded at the event'),
        ),
        migrations.CreateModel(
            name='HistoricalAgreement_projects',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('agreement', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agreements.agreement')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='agreements.historicalagreement')),
                ('project', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.project')),
            ],
            options={
                'verbose_name': 'HistoricalAgreement_projects',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
