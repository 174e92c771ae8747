from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

BADGES = {
    "wave": {
        "open": Look(_("Waiting to be picked"), "neutral", "clock"),
        "picking": Look(_("Picking"), "info", "basket"),
        "done": Look(_("Picked"), "good", "basket-check"),
    },
    "pick_task": {
        "waiting": Look(_("Waiting for a picker"), "neutral", "clock"),
        "picking": Look(_("Being picked"), "info", "basket"),
        "picked": Look(_("Waiting for packing"), "info", "basket-check"),
        "packing": Look(_("Being packed"), "info", "package"),
        "packed": Look(_("Waiting to ship out"), "info", "package-export"),
        "shipped": Look(_("Shipped"), "good", "truck-delivery"),
        "cancelled": Look(_("Cancelled"), "neutral", "ban"),
    },
    "package": {
        "packed": Look(_("Waiting to ship out"), "info", "package-export"),
        "shipped": Look(_("Shipped"), "good", "truck-delivery"),
        "void": Look(_("Unpacked"), "neutral", "package-off"),
    },
    "scan": {
        "True": Look(_("Right"), "good", "check"),
        "False": Look(_("Blocked"), "bad", "x"),
    },
    "audit": {
        "wave.created": Look(_("Wave created"), "info", "stack-2"),
        "shipment.reported": Look(_("Shipment reported"), "info", "truck-delivery"),
    },
}
