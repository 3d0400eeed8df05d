from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0006_hidden_keys'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['kind', 'party'], name='agreements_action_by_kind'),
        ),
    ]
