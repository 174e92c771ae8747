from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

BADGES = {
    "channel_health": {
        "fine": Look(_("Fine"), "good", "circle-check"),
        "behind": Look(_("Behind"), "warn", "hourglass"),
        "paused": Look(_("Intake paused"), "warn", "player-pause"),
        "failing": Look(_("Failing"), "bad", "alert-octagon"),
    },
}
