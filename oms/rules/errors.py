from kernel.errors import InvalidInput


class RuleNotUnderstood(InvalidInput):
    """A rule file or draft has a part that means nothing: the message names the place."""

    code = "rule_not_understood"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} {problem}.", errors=[{"path": path, "code": self.code, "message": problem}])
