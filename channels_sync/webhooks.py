"""Where platforms call us. A plain view: read the raw body, hand it over, answer as the platform expects."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels_sync.services.receive import receive_delivery
from kernel.short_way import short_way

# Beyond this nothing is read at all; the inbox itself keeps no more than 1 MiB.
MAX_READ_BYTES = 8 * 1024 * 1024
QUERY_HEADER = "x-query-string"


@short_way
@csrf_exempt
@require_POST
def receive_hook(request: HttpRequest, shop: str) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_READ_BYTES:
        return HttpResponse(b"{}", status=413, content_type="application/json")
    headers = {
        name[5:].replace("_", "-").lower(): value for name, value in request.META.items() if name.startswith("HTTP_")
    }
    headers["content-type"] = request.META.get("CONTENT_TYPE", "")
    if query := request.META.get("QUERY_STRING"):
        # Some platforms sign in the query string: it travels with the headers to whoever verifies.
        headers[QUERY_HEADER] = query
    ack = receive_delivery(
        shop_code=shop, headers=headers, body=request.body, remote_addr=request.META.get("REMOTE_ADDR") or None
    )
    return HttpResponse(ack.body, status=ack.status, content_type=ack.content_type)
