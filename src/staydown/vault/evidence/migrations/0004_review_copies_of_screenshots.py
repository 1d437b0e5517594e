import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_screenshots'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewCopy',
            fields=[
                ('evidence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='review', serialize=False, to='evidence.evidence')),
                ('picture_sealed', models.BinaryField()),
            ],
        ),
    ]
