import staydown.cases.rules
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table whose rows the same transaction has changed."""

    dependencies = [
        ('cases', '0011_gathering'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joined_into__isnull', False), ('joined_with__isnull', False), ('state', staydown.cases.rules.CaseState['JOINED'])), models.Q(models.Q(('state', staydown.cases.rules.CaseState['JOINED']), _negated=True), ('joined_into', None), ('joined_with', None)), _connector='OR'), name='a_joined_case_says_where_it_went'),
        ),
    ]
