from django.urls import URLPattern, URLResolver

app_name = "channels_sync"
urlpatterns: list[URLPattern | URLResolver] = []
