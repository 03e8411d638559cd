from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0006_domains"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="resumed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
