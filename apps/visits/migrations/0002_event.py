import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0001_initial'),
        ('visits', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalvisit',
            name='event',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='At which the visitor came to take part.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='events.event', verbose_name='event'),
        ),
        migrations.AddField(
            model_name='visit',
            name='event',
            field=models.ForeignKey(blank=True, help_text='At which the visitor came to take part.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='events.event', verbose_name='event'),
        ),
    ]
