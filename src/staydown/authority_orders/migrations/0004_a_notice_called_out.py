from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('authority_orders', '0003_an_order_sent_again')]

    operations = [migrations.AddField('uploadernotice', 'late_at', models.DateTimeField(null=True))]
