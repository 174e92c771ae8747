"""The home page: today's numbers, what is stuck and why, how the channels do. Each person sees what is theirs to see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.api import User, can
from insights.figures import Figure
from insights.selectors.channels import channel_rows, dead_letters
from insights.selectors.floor import floor_figures
from insights.selectors.money import money_figures, oldest_differences
from insights.selectors.orders import order_figures, paid_figures
from kernel.clock import now
from oms.orders.api import longest_stuck

ORDERS, BOARD, HOLD = "orders.view_order", "insights.view_board", "orders.hold_order"
MONEY, INBOX, CHANNELS = "reconciliation.view_difference", "channels_sync.view_inbox", "channels_sync.view_channel"
FLOOR = ("warehouse.pick", "warehouse.view_wave")
STUCK_SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context: dict[str, Any] = {
        "figures": _figures(user),
        "floor": floor_figures(user) if any(can(user, perm) for perm in FLOOR) else [],
        "shows_stuck": can(user, HOLD),
        "stuck": longest_stuck(user, STUCK_SHOWN) if can(user, HOLD) else [],
        "shows_channels": can(user, CHANNELS),
        "channels": channel_rows(user) if can(user, CHANNELS) else [],
        "shows_money": can(user, MONEY),
        "differences": oldest_differences(user) if can(user, MONEY) else [],
        "at": now(),
    }
    response = render(request, "insights/home.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _figures(user: User) -> list[Figure]:
    """Reviewers: the flow of orders. Finance: money. Operations leads: the sums, without the lists behind them."""
    if can(user, BOARD) and not can(user, ORDERS):
        return [*order_figures(user, BOARD, link=False), dead_letters(user, link=can(user, INBOX))]
    figures: list[Figure] = []
    if can(user, HOLD):
        figures += order_figures(user, ORDERS, link=True)
    elif can(user, MONEY):
        figures += paid_figures(user, ORDERS, link=True)
    if can(user, INBOX):
        figures += [dead_letters(user)]
    if can(user, MONEY):
        figures += money_figures(user)
    return figures
