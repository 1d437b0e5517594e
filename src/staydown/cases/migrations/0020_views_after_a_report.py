from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0019_reports_by_the_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='views_before',
            field=models.PositiveBigIntegerField(null=True),
        ),
    ]
