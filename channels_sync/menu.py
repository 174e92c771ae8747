from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(_("Channels"), "channels_sync:channels", "plug-connected", "channels_sync.view_channel", 10, "operations"),
    MenuItem(_("Inbox"), "channels_sync:inbox", "inbox", "channels_sync.view_inbox", 20, "operations"),
    MenuItem(_("Dead letters"), "channels_sync:dead_letters", "mail-x", "channels_sync.view_inbox", 30, "operations"),
]
