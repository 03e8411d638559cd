from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="delete_originals",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="agent",
            name="ephemeral",
            field=models.BooleanField(default=False),
        ),
    ]
