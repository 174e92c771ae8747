from django.urls import path

from channels_sync.webhooks import receive_hook

app_name = "channels_sync"
urlpatterns = [
    path("hooks/<slug:shop>/", receive_hook, name="hook"),
]
