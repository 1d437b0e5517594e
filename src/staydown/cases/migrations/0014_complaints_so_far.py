from django.db import migrations


def say_what_became_of_complaints(apps, schema):
    """Who decided what was contested, and what a later decision made of it: it was not written down until now."""
    Complaint, Decision = apps.get_model("cases", "Complaint"), apps.get_model("cases", "Decision")
    for row in Complaint.objects.select_related("decision"):
        row.decided_by_id, row.seconded_by_id = row.decision.by_id, row.decision.second_by_id
        made = Decision.objects.filter(case_id=row.decision.case_id, state="made", made_at__gt=row.at)
        later = made.exclude(by_id__in=[row.decided_by_id, row.seconded_by_id]).order_by("made_at").first()
        if later:
            before = dict(row.decision.lines.values_list("item_id", "ruling"))
            after = dict(later.lines.values_list("item_id", "ruling"))
            changed = any(after.get(item, ruling) != ruling for item, ruling in before.items())
            row.outcome = "reversed" if changed else "upheld"
            row.settled_by, row.answered_by_id, row.settled_at = later, later.by_id, later.made_at
        row.save()


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_complaints'),
    ]

    operations = [
        migrations.RunPython(say_what_became_of_complaints, migrations.RunPython.noop),
    ]
