import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, ClassVar

import pytest

from kernel import notifications, work
from kernel.models import Notification
from kernel.work import WorkState

NOTICES = "kernel.notification"
pytestmark = pytest.mark.django_db(transaction=True)


class Catcher(BaseHTTPRequestHandler):
    """A chat room that takes JSON, or is closed."""

    caught: ClassVar[list[dict[str, Any]]] = []
    status = 200

    def do_POST(self) -> None:
        self.caught.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class MailServer(StreamRequestHandler):
    """A mail server that says yes to everything and keeps the letters."""

    letters: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def post_office(settings: Any) -> Iterator[type[MailServer]]:
    MailServer.letters.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.OMS_ALERT_MAILS = ["ops@example.com"]
    with ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        yield MailServer
        server.shutdown()


@pytest.fixture
def room(settings: Any) -> Iterator[type[Catcher]]:
    Catcher.caught.clear()
    Catcher.status = 200
    with ThreadingHTTPServer(("127.0.0.1", 0), Catcher) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.OMS_ALERT_URLS = [f"json://127.0.0.1:{server.server_port}/alerts"]
        yield Catcher
        server.shutdown()


def tell(**changed: str) -> Notification | None:
    return notifications.notify(kind="test", title="Breaker open", body="Shop S1", link="/channels/S1/", **changed)


def test_a_notice_reaches_the_chat_with_title_text_and_a_full_link(room: type[Catcher], settings: Any) -> None:
    tell()
    work.drain(NOTICES)
    assert room.caught[0]["title"] == "Breaker open"
    assert room.caught[0]["message"] == f"Shop S1\n{settings.OMS_PUBLIC_URL}/channels/S1/"
    assert Notification.objects.get().state == WorkState.DONE


def test_a_notice_reaches_operations_by_mail(post_office: type[MailServer]) -> None:
    tell()
    work.drain(NOTICES)
    assert Notification.objects.get().state == WorkState.DONE
    assert "Subject: Breaker open" in post_office.letters[0]
    assert "To: ops@example.com" in post_office.letters[0]


def test_a_mail_server_that_is_gone_is_tried_again(post_office: type[MailServer], settings: Any) -> None:
    settings.EMAIL_PORT = 1
    tell()
    work.drain(NOTICES)
    notice = Notification.objects.get()
    assert (notice.state, notice.last_error_code) == (WorkState.READY, "mail_not_sent")


def test_a_room_that_is_closed_is_tried_again(room: type[Catcher]) -> None:
    room.status = 500
    tell()
    work.drain(NOTICES)
    notice = Notification.objects.get()
    assert (notice.state, notice.attempts, notice.last_error_code) == (WorkState.READY, 1, "notification_not_sent")


def test_without_addresses_a_notice_is_shown_in_the_product_only(settings: Any) -> None:
    settings.OMS_ALERT_URLS = []
    tell()
    work.drain(NOTICES)
    assert Notification.objects.get().state == WorkState.DISCARDED
    assert [notice.title for notice in notifications.recent()] == ["Breaker open"]


def test_an_address_that_cannot_be_read_is_told_without_repeating_it(settings: Any) -> None:
    settings.OMS_ALERT_URLS = ["nonsense-with-token"]
    tell()
    work.drain(NOTICES)
    notice = Notification.objects.get()
    assert (notice.state, notice.last_error_code) == (WorkState.DEAD, "bad_alert_url")
    assert "nonsense" not in notice.last_error


def test_the_same_cause_is_told_once() -> None:
    assert tell(dedupe_key="k") is not None
    assert tell(dedupe_key="k") is None
    assert tell() is not None
    assert tell() is not None
