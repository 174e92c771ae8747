"""Dead letters for scripts: list them, let them run again, close them."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import require
from channels_sync.services import dead_letters
from kernel.models.work import ErrorClass
from kernel.rest import Text, answer_once, refuse_repeated

PAGE = 50


class QuerySerializer(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=[*dead_letters.kinds()], required=False)
    error_class = serializers.ChoiceField(choices=ErrorClass.choices, required=False)
    code = serializers.CharField(required=False)
    shop = serializers.CharField(required=False, help_text="A shop's code.")
    cursor = serializers.CharField(required=False, default="", help_text="`next` of the page before.")


class DeadLetterSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Names it for replay and discard.")
    kind = serializers.CharField()
    about = serializers.CharField()
    shop = serializers.CharField(allow_blank=True)
    error_class = serializers.ChoiceField(choices=ErrorClass.choices, allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    error = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    replays = serializers.IntegerField()
    first_failed_at = serializers.DateTimeField()
    last_failed_at = serializers.DateTimeField()
    correlation_id = serializers.CharField()


@extend_schema_serializer(many=False)
class DeadLetterPageSerializer(serializers.Serializer[object]):
    results = DeadLetterSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Pass it as `cursor` for the following page.")


class KeysSerializer(serializers.Serializer[object]):
    keys = serializers.ListField(child=Text(max_length=120), min_length=1, max_length=1000)


class DiscardSerializer(KeysSerializer):
    reason = Text(max_length=255)


class OutcomeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    result = serializers.ChoiceField(choices=["replayed", "discarded", "not_dead"])


class OutcomesSerializer(serializers.Serializer[object]):
    results = OutcomeSerializer(many=True)


class DeadLetterViewSet(viewsets.ViewSet):
    """Work that gave up after its last attempt: deliveries, pushes, fetches, events."""

    @extend_schema(parameters=[QuerySerializer], responses=DeadLetterPageSerializer)
    def list(self, request: Request) -> Response:
        require(request.user, "channels_sync.view_inbox")
        refuse_repeated(request)
        query = QuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        filters = dict(query.validated_data)
        cursor = filters.pop("cursor")
        rows = dead_letters.list_dead_letters(request.user, filters=filters, cursor=cursor, limit=PAGE + 1)
        following = rows[PAGE - 1].cursor if len(rows) > PAGE else None
        return Response({"results": DeadLetterSerializer(rows[:PAGE], many=True).data, "next": following})

    @extend_schema(request=KeysSerializer, responses=OutcomesSerializer)
    @action(detail=False, methods=["post"])
    def replay(self, request: Request) -> Response:
        """Let the named dead letters run again, with a result for each."""
        require(request.user, "channels_sync.replay_delivery")

        def replay() -> Response:
            given = KeysSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            return _told(dead_letters.replay_dead_letters(request.user, given.validated_data["keys"]))

        return answer_once(request, replay)

    @extend_schema(request=DiscardSerializer, responses=OutcomesSerializer)
    @action(detail=False, methods=["post"])
    def discard(self, request: Request) -> Response:
        """Close the named dead letters for good, with a reason."""
        require(request.user, "channels_sync.discard_delivery")

        def discard() -> Response:
            given = DiscardSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            keys, reason = given.validated_data["keys"], given.validated_data["reason"]
            return _told(dead_letters.discard_dead_letters(request.user, keys, reason=reason))

        return answer_once(request, discard)


def _told(outcomes: list[dead_letters.Outcome]) -> Response:
    return Response({"results": OutcomeSerializer(outcomes, many=True).data})
