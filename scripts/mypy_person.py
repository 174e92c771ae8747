"""A mypy plugin for one fact of this project: behind the log-in middleware, `request.user` is a person, never a stranger.

Views that a stranger may see ask `request.user.is_authenticated`, which a person answers too.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type
from mypy_django_plugin.lib.helpers import lookup_fully_qualified_typeinfo

REQUESTS = {"django.http.request.HttpRequest.user", "rest_framework.request.Request.user"}
PERSON = "accounts.models.people.User"


class PersonPlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _person if fullname in REQUESTS else None


def _person(context: AttributeContext) -> Type:
    info = lookup_fully_qualified_typeinfo(context.api, PERSON)
    return Instance(info, []) if info else context.default_attr_type


def plugin(_version: str) -> type[Plugin]:
    return PersonPlugin
