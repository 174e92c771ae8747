from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

# Connectors know no Django: the titles that differ in Chinese are named here for the translators.
PLATFORM_TITLES = (_("Taobao / Tmall"), _("Generic JSON"))

BADGES = {
    "channel": {
        "good": Look(_("Fine"), "good", "circle-check"),
        "silent": Look(_("Silent"), "neutral", "volume-off"),
        "paused": Look(_("Intake paused"), "warn", "player-pause"),
        "behind": Look(_("Behind"), "bad", "clock-exclamation"),
        "failing": Look(_("Needs a look"), "warn", "alert-triangle"),
        "breaker": Look(_("Left alone"), "bad", "plug-connected-x"),
        "token": Look(_("Token refused"), "bad", "key-off"),
        "off": Look(_("Switched off"), "neutral", "power"),
    },
    "delivery_verdict": {
        "accepted": Look(_("Accepted"), "good", "circle-check"),
        "ignored": Look(_("Ignored"), "neutral", "eye-off"),
        "malformed": Look(_("Malformed"), "bad", "file-alert"),
        "refused": Look(_("Refused"), "bad", "shield-x"),
    },
    "work": {
        "ready": Look(_("Waiting"), "info", "clock"),
        "running": Look(_("At work"), "info", "loader"),
        "done": Look(_("Done"), "good", "check"),
        "dead": Look(_("Dead letter"), "bad", "mail-x"),
        "discarded": Look(_("Closed"), "neutral", "archive"),
    },
    "error_class": {
        "timeout": Look(_("Time-out"), "warn", "clock-x"),
        "timeout_408": Look(_("Time-out answered (408)"), "warn", "clock-x"),
        "auth": Look(_("Authorisation"), "bad", "key-off"),
        "rate_limit": Look(_("Rate limit"), "warn", "gauge"),
        "schema": Look(_("Not understood"), "bad", "file-alert"),
        "server": Look(_("Their server"), "bad", "server-off"),
        "business": Look(_("Refused by a rule"), "warn", "hand-stop"),
        "lease": Look(_("Worker lost"), "warn", "plug-connected-x"),
        "unknown": Look(_("Unforeseen"), "bad", "alert-octagon"),
    },
    "delivery_effect": {
        "created": Look(_("Order created"), "good", "plus"),
        "updated": Look(_("Order updated"), "good", "pencil"),
        "unchanged": Look(_("Nothing new"), "neutral", "equal"),
        "stale": Look(_("Older news"), "neutral", "history"),
        "conflict": Look(_("Contradiction"), "warn", "alert-triangle"),
        "fetch_asked": Look(_("Order is fetched"), "info", "cloud-download"),
        "privacy_request": Look(_("Privacy request"), "warn", "user-shield"),
    },
    "audit": {
        "channel.connected": Look(_("Shop connected"), "info", "plug-connected"),
        "channel.credentials_changed": Look(_("Credentials changed"), "warn", "key"),
        "channel.intake_paused": Look(_("Intake paused"), "warn", "player-pause"),
        "channel.intake_resumed": Look(_("Intake resumed"), "info", "player-play"),
        "delivery.raw_read": Look(_("Body read"), "warn", "eye"),
        "dead_letter.replayed": Look(_("Dead letter run again"), "info", "refresh"),
        "dead_letter.group_replayed": Look(_("Dead letters run again"), "info", "refresh"),
        "dead_letter.discarded": Look(_("Dead letter closed"), "warn", "archive"),
    },
    "work_kind": {
        "channels_sync.shipmentpush": Look(_("Push of a shipment"), "neutral", "upload"),
        "channels_sync.orderfetch": Look(_("Fetch of an order"), "neutral", "download"),
    },
}
