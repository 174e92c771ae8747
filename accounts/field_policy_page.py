"""The field policy as a page of the documentation, so that nobody has to read code to know who sees what."""

from accounts.field_policy import Field, table
from accounts.roles import ROLES

HEAD = """# Who sees which personal field

Generated from the apps' `policy.py` by `manage.py write_field_policy`; do not edit.

One table drives pages, API, exports and audit. A field that is not listed is hidden from everybody; a person with
several roles sees what the most open of them sees. Masked means: a phone without the four digits before the last
four (`138****5678`), an id card without its last eight, a name by its first character (`李**`), an address down to
the district, a mail address by its first letter, the first half of an IP address, and `****` for other text.

"""
LETTERS = {"clear": "clear", "masked": "masked", "hidden": "–"}


def render() -> str:
    """The whole page."""
    roles = list(ROLES)
    lines = [
        "| field | kind | " + " | ".join(f"`{role}`" for role in roles) + " |",
        "| --- | --- |" + " --- |" * len(roles),
    ]
    lines += [_line(key, one, roles) for key, one in table().items()]
    return HEAD + "\n".join(lines) + "\n"


def _line(key: str, one: Field, roles: list[str]) -> str:
    seen = [LETTERS[one.access_for(frozenset({role}))] for role in roles]
    return f"| `{key}` | {one.kind} | " + " | ".join(seen) + " |"
