"""The API described: the OpenAPI document, and a page to read and try it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView

schema = SpectacularAPIView.as_view()


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/api_docs.html")
