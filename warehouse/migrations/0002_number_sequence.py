from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE warehouse_number_seq",
            "DROP SEQUENCE warehouse_number_seq",
        )
    ]
