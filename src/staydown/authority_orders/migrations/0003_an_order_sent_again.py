from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('authority_orders', '0002_receipt_told_and_items_named')]

    operations = [migrations.AddField('authorityorder', 'digest', models.BinaryField(max_length=32, null=True))]
