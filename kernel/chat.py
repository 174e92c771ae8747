"""Sending to chat rooms by their Apprise URLs. Apprise is 19 MB in memory, so this module is loaded when first used."""

import apprise

from kernel import work


def send(urls: list[str], title: str, body: str) -> None:
    """Send to every room. Raises work.Dead for an address that cannot be read, work.Retry when a room does not take it."""
    service = apprise.Apprise()
    unreadable = [url for url in urls if not service.add(url)]
    if unreadable:
        raise work.Dead("bad_alert_url", f"{len(unreadable)} addresses in OMS_ALERT_URLS cannot be read", "schema")
    if not service.notify(title=title, body=body):
        raise work.Retry("notification_not_sent", "a chat address did not take the notice", "server")
