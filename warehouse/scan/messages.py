"""Every sentence a picker sees, in one place. A sentence has a stable code (recorded with the scan) and a tone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GOOD, INFO, WARN, BAD = "good", "info", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is said to one person about one scan."""

    code: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    code: str
    tone: str
    text: str | Promise

    def __call__(self, **words: object) -> Said:
        return Said(self.code, self.tone, str(self.text) % words if words else str(self.text))


# --- titles: what the screen asks for -------------------------------------------------------------------------------
GO_TO = _("Go to this location and scan it")
TAKE_ITEM = _("Scan the item")
COUNT_ITEMS = _("Scan each piece, or type how many")
CHECK_ITEM = _("Scan every item into the parcel")
SCAN_WAYBILL = _("Stick the waybill on and scan it")
CHOOSE_CARRIER = _("Which carrier is it?")
SCAN_PARCEL = _("Scan each parcel as the carrier takes it")
FINISHED = _("Finished")
STOPPED = _("Stop")
NO_LOCATION = _("No location on file: look for it")

# --- picking --------------------------------------------------------------------------------------------------------
START_PICK = Sentence("start_pick", INFO, _("%(lines)s stops, %(pieces)s pieces."))
AT_LOCATION = Sentence("at_location", GOOD, _("Right place."))
WRONG_LOCATION = Sentence("wrong_location", BAD, _("This is not the location."))
TAKEN = Sentence("taken", GOOD, _("%(done)s of %(qty)s."))
LINE_DONE = Sentence("line_done", GOOD, _("That stop is finished."))
WRONG_ITEM = Sentence("wrong_item", BAD, _("This is another item. Put it back."))
TOO_MANY = Sentence("too_many", BAD, _("Too many: only %(qty)s are wanted."))
NOT_A_NUMBER = Sentence("not_a_number", BAD, _("Scan the item, or type a number from 1 to %(qty)s."))
STILL_MISSING = Sentence("still_missing", WARN, _("%(missing)s still missing. Scan the rest, or report them missing."))
SKIPPED = Sentence("skipped", INFO, _("Skipped: it comes again at the end."))
NOTHING_ELSE = Sentence("nothing_else", WARN, _("It is the only stop left, so it cannot be skipped."))
PICK_DONE = Sentence("pick_done", GOOD, _("All picked. Bring it to the packing desk."))
SHORT_REPORTED = Sentence(
    "short_reported", WARN, _("%(missing)s reported missing. The order is on hold; take the next task.")
)
NO_SHORT = Sentence("no_short", BAD, _("Say how many you found: less than %(qty)s."))

# --- packing --------------------------------------------------------------------------------------------------------
START_PACK = Sentence("start_pack", INFO, _("Check %(pieces)s pieces against the order."))
CHECKED = Sentence("checked", GOOD, _("Right: %(done)s of %(total)s."))
ALL_CHECKED = Sentence("all_checked", GOOD, _("Everything is in the parcel."))
NOT_IN_ORDER = Sentence("not_in_order", BAD, _("This item does not belong in this parcel."))
ENOUGH_OF_IT = Sentence("enough_of_it", BAD, _("There is one too many of this item."))
NOT_A_WAYBILL = Sentence("not_a_waybill", BAD, _("This is not a waybill."))
WHICH_CARRIER = Sentence("which_carrier", INFO, _("Several carriers use such numbers."))
UNKNOWN_FORMAT = Sentence(
    "unknown_format", WARN, _("No carrier is known to use such a number. It is kept: choose the carrier.")
)
NOT_A_CARRIER = Sentence("not_a_carrier", BAD, _("Choose the carrier on the screen."))
NUMBER_TAKEN = Sentence("number_taken", BAD, _("This tracking number is on another parcel already."))
SEALED = Sentence("sealed", GOOD, _("Parcel closed: %(carrier)s %(tracking_no)s."))
SEALED_ODD = Sentence("sealed_odd", WARN, _("Parcel closed: %(carrier)s %(tracking_no)s. The number looks unusual."))

# --- shipping out ---------------------------------------------------------------------------------------------------
START_SHIP = Sentence("start_ship", INFO, _("%(waiting)s parcels wait."))
SHIPPED = Sentence("shipped", GOOD, _("%(order_no)s shipped with %(carrier)s."))
UNKNOWN_PARCEL = Sentence("unknown_parcel", BAD, _("No closed parcel has this number. Check and pack it first."))
ALREADY_SHIPPED = Sentence("already_shipped", BAD, _("This parcel has been shipped already."))

# --- everywhere -----------------------------------------------------------------------------------------------------
NOTHING_SCANNED = Sentence("nothing_scanned", BAD, _("Nothing was read. Scan again."))
NO_SUCH_BUTTON = Sentence("no_such_button", BAD, _("That is not possible on this screen."))
ON_HOLD = Sentence("on_hold", BAD, _("The order is on hold: %(reasons)s. Put it aside."))
CALLED_OFF = Sentence("called_off", BAD, _("The order has been called off. Put the goods back."))
TAKEN_OVER = Sentence("taken_over", BAD, _("Somebody else works on this now."))
NOT_HERE = Sentence("not_here", BAD, _("There is nothing to scan here any more."))
REFUSED = Sentence("refused", BAD, _("%(why)s"))
