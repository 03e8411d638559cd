from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_deleted_at_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="provider",
            field=models.CharField(blank=True, default="", max_length=26),
        ),
    ]
