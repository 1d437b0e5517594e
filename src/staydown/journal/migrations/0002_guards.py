"""The triggers that refuse to change the journal."""

from django.db import migrations

from staydown.journal import guards

TABLES = ("journal_entry", "journal_head")


def put(apps, schema_editor):
    guards.put(schema_editor, schema_editor.connection.vendor, TABLES)


def lift(apps, schema_editor):
    guards.lift(schema_editor, schema_editor.connection.vendor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(put, lift)]
