from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

# The kinds of work rows, whichever app owns them, as dead letters are told to people.
BADGES = {
    "work_kind": {
        "kernel.inboxdelivery": Look(_("Delivery"), "neutral", "inbox"),
        "kernel.outboxevent": Look(_("Event"), "neutral", "bolt"),
        "kernel.notification": Look(_("Notification"), "neutral", "bell"),
    }
}
