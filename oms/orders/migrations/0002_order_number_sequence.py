from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_no_seq",
            "DROP SEQUENCE orders_order_no_seq",
        )
    ]
