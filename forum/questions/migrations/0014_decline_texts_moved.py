from django.db import migrations


def move(apps, schema_editor):
    """Admins' words for next steps become versions of the site's texts. The reasons keep the words of the code."""
    TextRevision = apps.get_model("texts", "TextRevision")
    for old in apps.get_model("questions", "DeclineText").objects.order_by("pk"):
        TextRevision.objects.create(
            code=f"decline.{old.reason}",
            language=old.language,
            number=1,
            words={"next_step": old.next_step},
            reason="Taken over from “Next steps after declining”",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("questions", "0013_waiting_since"),
        ("texts", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="DeclineText"),
    ]
