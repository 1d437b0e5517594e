from django.db import migrations, models
from django.db.models import Count, F


def told_at_once(apps, schema_editor):
    """What came by the desk or its API was acknowledged by their answer; what was named is counted as far as it was found."""
    orders = apps.get_model('authority_orders', 'AuthorityOrder').objects
    orders.exclude(channel='hand').update(acknowledged_at=F('received_at'))
    for order in orders.annotate(found=Count('items')).filter(found__gt=0):
        orders.filter(pk=order.pk).update(named=order.found)


class Migration(migrations.Migration):

    dependencies = [('authority_orders', '0001_authority_orders')]

    operations = [
        migrations.AddField('authorityorder', 'acknowledged_at', models.DateTimeField(null=True)),
        migrations.AddField('authorityorder', 'named', models.PositiveIntegerField(default=0)),
        migrations.RunPython(told_at_once, migrations.RunPython.noop),
    ]
