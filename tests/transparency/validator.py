"""What the Transparency Database accepts, written from its published rules and not from our exporter."""

import re
from datetime import date
from typing import Any

ISO = set(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISKISLINO"))
VISIBILITY = {
    f"DECISION_VISIBILITY_{word}"
    for word in (
        "CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED", "CONTENT_INTERACTION_RESTRICTED",
        "CONTENT_LABELLED", "OTHER",
    )
}  # fmt: skip
PROVISIONS = {
    f"DECISION_PROVISION_{extent}_{act}" for extent in ("PARTIAL", "TOTAL") for act in ("SUSPENSION", "TERMINATION")
}
CONTENT = {
    "CONTENT_TYPE_APP", "CONTENT_TYPE_AUDIO", "CONTENT_TYPE_IMAGE", "CONTENT_TYPE_PRODUCT", "CONTENT_TYPE_SYNTHETIC_MEDIA",
    "CONTENT_TYPE_TEXT", "CONTENT_TYPE_VIDEO", "CONTENT_TYPE_OTHER",
}  # fmt: skip
KEYWORDS = {
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": {
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL", "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS", "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS", "KEYWORD_UNSAFE_CHALLENGES",
    },
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": {
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING", "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE", "KEYWORD_CYBER_HARASSMENT",
        "KEYWORD_CYBER_STALKING", "KEYWORD_CYBER_BULLYING_INTIMIDATION", "KEYWORD_CYBER_INCITEMENT",
    },
    "STATEMENT_CATEGORY_VIOLENCE": {
        "KEYWORD_HUMAN_EXPLOITATION", "KEYWORD_HUMAN_TRAFFICKING", "KEYWORD_TRAFFICKING_WOMEN_GIRLS",
        "KEYWORD_COORDINATED_HARM",
    },
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": set(),
}  # fmt: skip
SOURCES = {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"}
AUTOMATED = {"AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"}
FIELDS = {
    "puid", "decision_visibility", "decision_visibility_other", "decision_account", "decision_provision", "account_type",
    "decision_ground",
    "illegal_content_legal_ground", "illegal_content_explanation", "incompatible_content_ground",
    "incompatible_content_explanation", "incompatible_content_illegal", "decision_ground_reference_url", "content_type",
    "content_type_other", "category", "category_addition", "category_specification", "category_specification_other",
    "territorial_scope", "content_language", "content_date", "application_date", "end_date_visibility_restriction",
    "end_date_account_restriction", "end_date_service_restriction",
    "decision_facts", "source_type", "automated_detection", "automated_decision",
}  # fmt: skip


def complaints(one: dict[str, Any]) -> list[str]:
    """Every rule that a statement breaks."""
    wrong = [f"unknown field {name}" for name in one.keys() - FIELDS]
    wrong += [] if re.fullmatch(r"[a-zA-Z0-9-_]{1,500}", one.get("puid", "")) else ["puid"]
    wrong += _restrictions(one) + _grounds(one) + _contents(one) + _dates(one) + _rest(one)
    return wrong


def _restrictions(one: dict[str, Any]) -> list[str]:
    seen = one.get("decision_visibility", [])
    wrong = [] if seen or one.keys() & {"decision_account", "decision_provision"} else ["restricts nothing"]
    wrong += (
        []
        if one.get("decision_provision", "DECISION_PROVISION_TOTAL_SUSPENSION") in PROVISIONS
        else ["decision_provision"]
    )
    wrong += [] if set(seen) <= VISIBILITY else ["decision_visibility"]
    wrong += [] if one.get("decision_account", "DECISION_ACCOUNT_SUSPENDED") in {
        "DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"
    } else ["decision_account"]  # fmt: skip
    return wrong + _iff(one, "decision_visibility_other", "DECISION_VISIBILITY_OTHER" in seen, 500)


def _grounds(one: dict[str, Any]) -> list[str]:
    ground = one.get("decision_ground")
    illegal, not_allowed = ground == "DECISION_GROUND_ILLEGAL_CONTENT", ground == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    wrong = [] if illegal or not_allowed else ["decision_ground"]
    wrong += _iff(one, "illegal_content_legal_ground", illegal, 500)
    wrong += _iff(one, "illegal_content_explanation", illegal, 2000)
    wrong += _iff(one, "incompatible_content_ground", not_allowed, 500)
    wrong += _iff(one, "incompatible_content_explanation", not_allowed, 2000)
    return wrong + (
        [] if one.get("incompatible_content_illegal", "No") in ("Yes", "No") else ["incompatible_content_illegal"]
    )


def _contents(one: dict[str, Any]) -> list[str]:
    kinds, category, words = one.get("content_type", []), one.get("category"), one.get("category_specification", [])
    wrong = [] if kinds and set(kinds) <= CONTENT else ["content_type"]
    wrong += _iff(one, "content_type_other", "CONTENT_TYPE_OTHER" in kinds, 500)
    if category not in KEYWORDS:
        return [*wrong, "category"]
    wrong += [] if set(words) <= KEYWORDS[category] | {"KEYWORD_OTHER"} else ["category_specification"]
    return wrong + _iff(one, "category_specification_other", "KEYWORD_OTHER" in words, 500)


def _dates(one: dict[str, Any]) -> list[str]:
    wrong = []
    for name, first, required in (
        ("content_date", date(2000, 1, 1), True),
        ("application_date", date(2020, 1, 1), True),
        ("end_date_visibility_restriction", date(2020, 1, 1), False),
        ("end_date_account_restriction", date(2020, 1, 1), False),
        ("end_date_service_restriction", date(2020, 1, 1), False),
    ):
        if name not in one and not required:
            continue
        text = one.get(name, "")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or date.fromisoformat(text) < first:
            wrong.append(name)
    return wrong


def _rest(one: dict[str, Any]) -> list[str]:
    wrong = [] if set(one.get("territorial_scope", [])) <= ISO else ["territorial_scope"]
    wrong += [] if 0 < len(one.get("decision_facts", "")) <= 5000 else ["decision_facts"]
    wrong += [] if one.get("source_type") in SOURCES else ["source_type"]
    wrong += [] if one.get("automated_detection") in ("Yes", "No") else ["automated_detection"]
    return wrong + ([] if one.get("automated_decision") in AUTOMATED else ["automated_decision"])


def _iff(one: dict[str, Any], name: str, wanted: bool, longest: int) -> list[str]:
    """A text that is there exactly where another field asks for it."""
    if not wanted:
        return [f"{name} is not asked for"] if name in one else []
    return [] if 0 < len(one.get(name, "")) <= longest else [name]
