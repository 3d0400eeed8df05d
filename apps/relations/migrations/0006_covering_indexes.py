import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0006_hidden_keys'),
        ('people', '0005_hidden_keys'),
        ('relations', '0005_search_stretches'),
        ('states', '0005_hidden_keys'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='tie',
            name='tie_state_by_kind',
        ),
        migrations.AlterField(
            model_name='tie',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='relations.tiedentry', verbose_name='entry'),
        ),
        migrations.AddIndex(
            model_name='tie',
            index=models.Index(condition=models.Q(('state__isnull', False)), fields=['state', 'kind', 'with_focus', 'earliest', 'possible_until', 'entry'], name='tie_state_by_kind'),
        ),
        migrations.AddIndex(
            model_name='tie',
            index=models.Index(fields=['entry', 'state'], name='tie_entry_by_state'),
        ),
    ]
