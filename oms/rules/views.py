from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.api import require
from oms.rules.ruleset import list_rules
from oms.rules.words import action_words, condition_words


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules in force, in words: what each asks, what it then does, and what an unknown fact means to it."""
    require(request.user, "rules.view_rule")
    version, rules = list_rules()
    language = get_language() or "zh-hans"
    rows = [
        {
            "rule": rule,
            "title": rule.title.get(language) or rule.title["en"],
            "advice": rule.advice.get(language) or rule.advice.get("en", ""),
            "when": condition_words(rule.when),
            "then": [action_words(action) for action in rule.then],
        }
        for rule in rules
    ]
    return render(request, "rules/rule_list.html", {"version": version, "rows": rows})
