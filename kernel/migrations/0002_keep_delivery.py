from django.db import migrations

# One round trip and no planning for what platforms do hundreds of times a second. A known key raises its count and
# nothing else. Encrypted bytes do not compress, so nothing is tried on them.
KEEP_DELIVERY = """
CREATE FUNCTION kernel_keep_delivery(
    the_uid uuid, the_state text, the_turn text, the_correlation text, the_class text, the_code text, the_error text,
    the_reason text, the_source text, the_endpoint text, the_topic text, the_key text, the_verdict text,
    the_address inet, the_headers jsonb, the_size integer, the_body bytea, at timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    times integer;
BEGIN
    INSERT INTO kernel_deliverykey (source, endpoint, key, seen_at, repeats)
    VALUES (the_source, the_endpoint, the_key, at, 0)
    ON CONFLICT (source, endpoint, key)
    DO UPDATE SET repeats = kernel_deliverykey.repeats + 1, repeated_at = at
    RETURNING repeats INTO times;
    IF times > 0 THEN
        RETURN false;
    END IF;
    INSERT INTO kernel_inboxdelivery (
        uid, state, attempts, max_attempts, next_attempt_at, ordering_key, correlation_id, error_class, last_error_code,
        last_error, first_failed_at, last_failed_at, finished_at, discarded_reason, replays, created_at,
        source, endpoint, received_at, topic, delivery_key, verdict, refused_reason, remote_addr, headers, body_bytes,
        raw_body, result)
    VALUES (
        the_uid, the_state, 0, 4, at, the_turn, the_correlation, the_class, the_code,
        the_error, CASE the_state WHEN 'dead' THEN at END, CASE the_state WHEN 'dead' THEN at END,
        CASE the_state WHEN 'ready' THEN NULL ELSE at END, the_reason, 0, at,
        the_source, the_endpoint, at, the_topic, the_key, the_verdict, '', the_address, the_headers, the_size,
        the_body, '{}');
    RETURN true;
END
$$;
ALTER TABLE kernel_inboxdelivery ALTER COLUMN raw_body SET STORAGE EXTERNAL
"""
FORGET = """
DROP FUNCTION kernel_keep_delivery;
ALTER TABLE kernel_inboxdelivery ALTER COLUMN raw_body SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(KEEP_DELIVERY, FORGET)]
