"""The home page: today's numbers, what is stuck and why, how the channels do. Each person sees what is theirs to see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.api import User, can, person
from channels_sync.api import list_channels
from insights.figures import Figure
from insights.selectors.channels import dead_letters
from insights.selectors.floor import floor_figures
from insights.selectors.money import figures_by_class, money_figures, oldest_differences
from insights.selectors.orders import flow_figures, paid_figures, waiting_figures
from oms.orders.api import longest_stuck

ORDERS, BOARD, HOLD = "orders.view_order", "insights.view_board", "orders.hold_order"
MONEY, INBOX, CHANNELS = "reconciliation.view_difference", "channels_sync.view_inbox", "channels_sync.view_channel"
FLOOR = ("warehouse.pick", "warehouse.view_wave")
STUCK_SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context: dict[str, Any] = {
        "strips": _strips(user),
        "floor": floor_figures(user) if any(can(user, perm) for perm in FLOOR) else [],
        "shows_stuck": can(user, HOLD),
        "stuck": longest_stuck(user, STUCK_SHOWN) if can(user, HOLD) else [],
        "shows_channels": can(user, CHANNELS),
        "channels": list_channels(user) if can(user, CHANNELS) else [],
        "shows_money": can(user, MONEY),
        "classes": figures_by_class(user) if can(user, MONEY) else [],
        "differences": oldest_differences(user) if can(user, MONEY) else [],
    }
    response = render(request, "insights/home.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _strips(user: User) -> list[list[Figure]]:
    """Two rows of figures, what flows and what waits; one where they are few."""
    flow, waiting = _flow(user), _waiting(user)
    strips = [flow, waiting] if len(flow) > 2 else [flow + waiting]
    return [strip for strip in strips if strip]


def _flow(user: User) -> list[Figure]:
    """Reviewers see the flow of orders, finance its money, operations leads the sums without the lists behind them."""
    if can(user, HOLD):
        return flow_figures(user, ORDERS, link=True)
    if can(user, BOARD):
        return flow_figures(user, BOARD, link=False)
    return paid_figures(user, ORDERS, link=True) if can(user, MONEY) else []


def _waiting(user: User) -> list[Figure]:
    """What waits for somebody: orders, dead letters, differences."""
    figures: list[Figure] = []
    if can(user, HOLD) or can(user, BOARD):
        figures += waiting_figures(user, ORDERS if can(user, HOLD) else BOARD, link=can(user, HOLD))
    if can(user, INBOX):
        figures += [dead_letters()]
    if can(user, MONEY):
        figures += money_figures(user)
    return figures
