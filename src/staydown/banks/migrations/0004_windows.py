"""More is kept of a picture than forms: rows that are there say that they have the first layout.

The catalogue's file is told to be of another history, for an index now has several forms of a picture: it is built anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("banks", "0003_segment")]

    operations = [
        migrations.RunSQL("DELETE FROM banks_segment", migrations.RunSQL.noop),
        migrations.RenameField("fingerprint", "forms_sealed", "kept_sealed"),
        migrations.AddField("fingerprint", "layout", models.PositiveSmallIntegerField(default=1)),
        migrations.AlterField("fingerprint", "layout", models.PositiveSmallIntegerField(default=2)),
        migrations.AddField("match", "evidence", models.JSONField(null=True)),
    ]
