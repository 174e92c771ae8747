import re
from pathlib import Path

from django.urls import get_resolver

from tests.architecture.layers import LABELS, ROOT, height

TEMPLATES = ROOT / "templates"
URL_NAME = re.compile(r"""\{%\s*url\s+["']([\w-]+):([\w-]+)["']""")
INLINE_HANDLER = re.compile(r"""\son[a-z]+\s*=\s*["']""")
FOREIGN_ADDRESS = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""")


def _templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def _named_urls():
    for path in _templates():
        for space, name in URL_NAME.findall(path.read_text()):
            yield path.relative_to(TEMPLATES), space, name


def test_a_page_links_only_to_apps_below_its_own():
    wrong = [
        f"{path} links up to {space}:{name}"
        for path, space, name in _named_urls()
        if path.parts[0] in LABELS and height(space) > height(path.parts[0])
    ]
    assert not wrong


def test_every_url_name_in_a_template_exists():
    resolver = get_resolver()
    missing = []
    for path, space, name in _named_urls():
        if space not in resolver.namespace_dict or name not in _names(resolver.namespace_dict[space][1]):
            missing.append(f"{path}: {space}:{name}")
    assert not missing


def _names(resolver) -> set[str]:
    return {key for key in resolver.reverse_dict if isinstance(key, str)}


def test_templates_hold_no_inline_handlers_and_no_foreign_addresses():
    wrong = [
        str(path.relative_to(TEMPLATES))
        for path in _templates()
        if INLINE_HANDLER.search(path.read_text()) or FOREIGN_ADDRESS.search(path.read_text())
    ]
    assert not wrong
