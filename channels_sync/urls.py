from django.urls import include, path
from rest_framework.routers import SimpleRouter

from channels_sync import rest
from channels_sync.views import channels, dead_letters, deliveries
from channels_sync.webhooks import receive_hook

router = SimpleRouter()
router.register("dead-letters", rest.DeadLetterViewSet, basename="api-dead-letter")

app_name = "channels_sync"
urlpatterns = [
    path("hooks/<slug:shop>/", receive_hook, name="hook"),
    path("channels/", channels.channel_list, name="channels"),
    path("channels/<slug:shop>/", channels.ChannelInbox.as_view(), name="channel"),
    path("channels/<slug:shop>/pushes/", channels.ChannelPushes.as_view(), name="channel_pushes"),
    path("channels/<slug:shop>/calls/", channels.ChannelCalls.as_view(), name="channel_calls"),
    path("channels/<slug:shop>/intake/", channels.channel_intake, name="channel_intake"),
    path("channels/<slug:shop>/credentials/", channels.channel_credentials, name="channel_credentials"),
    path("inbox/", deliveries.InboxList.as_view(), name="inbox"),
    path("inbox/<uuid:uid>/", deliveries.delivery_detail, name="delivery"),
    path("inbox/<uuid:uid>/raw/", deliveries.delivery_raw, name="delivery_raw"),
    path("inbox/<uuid:uid>/replay/", deliveries.delivery_replay, name="delivery_replay"),
    path("dead-letters/", dead_letters.dead_letter_list, name="dead_letters"),
    path("dead-letters/group/", dead_letters.dead_letter_group, name="dead_letter_group"),
    path("api/v1/", include(router.urls)),
]
