from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0001_initial")]

    operations = [migrations.AddField(model_name="check", name="signals", field=models.JSONField(default=dict))]
