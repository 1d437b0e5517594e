from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('banks', '0009_the_queue_is_found_by_indexes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='fingerprint',
            index=models.Index(condition=models.Q(('quality', 0)), fields=['exact'], name='without_quality'),
        ),
    ]
