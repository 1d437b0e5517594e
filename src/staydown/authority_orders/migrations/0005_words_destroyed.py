from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('authority_orders', '0004_a_notice_called_out')]

    operations = [migrations.AddField('authorityorder', 'erased_at', models.DateTimeField(null=True))]
