from django.db import migrations

# One round trip and no planning for the hottest write of the house. Each statement of the function takes its own snapshot,
# so the gate is read after its lock is held: whoever closes the gate waits for us, or we see it closed. A SKU that does not
# exist makes its line NULL, which the table refuses. 7301 is locks.GATE.
WRITE_PROMISE = """
CREATE FUNCTION inventory_write_promise(
    the_warehouse text, the_epoch bigint, the_ticket bigint, the_reservation text, the_state text, the_floor text,
    the_owner text, the_digest text, the_expiry timestamptz, the_skus text[], the_quantities bigint[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
    promise bigint;
BEGIN
    SELECT id INTO place FROM inventory_warehouse WHERE code = the_warehouse;
    PERFORM pg_advisory_xact_lock_shared(7301, place::int);
    INSERT INTO inventory_reservation (reservation_id, warehouse_id, state, floor, owner_ref, body_digest,
                                       gate_epoch, gate_ticket, expires_at)
    SELECT the_reservation, place, the_state, the_floor, the_owner, the_digest, the_epoch, the_ticket, the_expiry
    WHERE CASE
        WHEN the_epoch IS NULL THEN
            NOT EXISTS (SELECT 1 FROM inventory_stockgate WHERE warehouse_id = place AND mode = 'open')
        ELSE
            EXISTS (SELECT 1 FROM inventory_stockgate WHERE warehouse_id = place AND mode = 'open' AND epoch = the_epoch)
        END
    ON CONFLICT DO NOTHING
    RETURNING id INTO promise;
    IF promise IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO inventory_reservationline (reservation_id, sku_id, qty)
    SELECT promise, (SELECT id FROM inventory_sku WHERE code = wish.code), wish.qty
    FROM unnest(the_skus, the_quantities) AS wish (code, qty);
    RETURN true;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [
        migrations.RunSQL(
            WRITE_PROMISE,
            "DROP FUNCTION inventory_write_promise"
            "(text, bigint, bigint, text, text, text, text, text, timestamptz, text[], bigint[])",
        ),
    ]
