from django.db import models
from django.utils.translation import gettext_lazy as _


class Board(models.Model):
    """The boards have no table of their own: they read everybody's. This holds the permission to see them."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (("view_board", _("See boards: sums over all shops, no single orders")),)

    def __str__(self) -> str:
        return "board"
