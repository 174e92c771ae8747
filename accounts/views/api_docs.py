"""The API described: the OpenAPI document, and a page to read and try it. Its script is a file of its own (CSP)."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = SpectacularAPIView.as_view()
docs = SpectacularSwaggerSplitView.as_view(url_name="accounts:api_schema")
