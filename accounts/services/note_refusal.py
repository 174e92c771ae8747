from django.http import HttpRequest
from prometheus_client import Counter

from accounts import audit
from accounts.models import User

REFUSED = Counter("oms_refused_accesses_total", "Requests answered 403", ["known"])


def note_refusal(request: HttpRequest) -> None:
    """Keep who was refused what: known people and keys in the audit log, everybody in the count."""
    person = request.user
    known = isinstance(person, User)
    REFUSED.labels(known=str(known).lower()).inc()
    if known:
        audit.record(person, "access.refused", "http", request.path, after={"method": request.method}, request=request)
