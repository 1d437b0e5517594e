"""The triggers that refuse to change checkpoints and what others said of them."""

from django.db import migrations

from staydown.journal import guards

TABLES = ("journal_checkpoint", "journal_vouching")


def put(apps, schema_editor):
    guards.put(schema_editor, schema_editor.connection.vendor, TABLES)


def lift(apps, schema_editor):
    guards.lift(schema_editor, schema_editor.connection.vendor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_checkpoints")]
    operations = [migrations.RunPython(put, lift)]
