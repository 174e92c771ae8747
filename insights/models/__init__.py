from insights.models.board import Board

__all__ = ["Board"]
