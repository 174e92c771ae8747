from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.shell import Look

BADGES = {
    "stock_level": {
        "good": Look(_("In stock"), "good", "circle-check"),
        "low": Look(_("Low"), "warn", "alert-triangle"),
        "out": Look(_("Sold out"), "neutral", "circle-x"),
        "oversold": Look(_("Promised more than there is"), "bad", "alert-octagon"),
    },
    "reservation": {
        "held": Look(pgettext_lazy("reservation", "Held"), "info", "clock"),
        "committed": Look(pgettext_lazy("reservation", "Committed"), "good", "lock"),
        "released": Look(pgettext_lazy("reservation", "Released"), "neutral", "arrow-back-up"),
        "expired": Look(pgettext_lazy("reservation", "Expired"), "neutral", "clock-off"),
        "shipped": Look(pgettext_lazy("reservation", "Shipped"), "good", "truck-delivery"),
        "adjusted": Look(pgettext_lazy("reservation", "Taken by an adjustment"), "neutral", "adjustments"),
        "void": Look(pgettext_lazy("reservation", "Void"), "neutral", "ban"),
    },
    "movement": {
        "receive": Look(pgettext_lazy("movement", "Receive"), "good", "package-import"),
        "adjust": Look(pgettext_lazy("movement", "Adjust"), "warn", "adjustments"),
        "reserve": Look(pgettext_lazy("movement", "Reserve"), "info", "clock"),
        "commit": Look(pgettext_lazy("movement", "Commit"), "info", "lock"),
        "release": Look(pgettext_lazy("movement", "Release"), "neutral", "arrow-back-up"),
        "expire": Look(pgettext_lazy("movement", "Expire"), "neutral", "clock-off"),
        "ship": Look(pgettext_lazy("movement", "Ship"), "good", "truck-delivery"),
    },
    "stock_gate": {
        "open": Look(pgettext_lazy("stock gate", "Open"), "good", "circle-check"),
        "closed": Look(pgettext_lazy("stock gate", "Closed"), "warn", "lock"),
    },
    "finding": {
        "True": Look(_("Holds"), "good", "circle-check"),
        "False": Look(_("Broken"), "bad", "alert-octagon"),
    },
    "audit": {
        "stock.adjust": Look(_("Stock adjusted"), "warn", "adjustments"),
        "stock.receive": Look(_("Goods received"), "info", "package-import"),
        "stock.change_layers": Look(_("Stock layers set"), "info", "stack-2"),
    },
}
