"""The addresses of the console."""

from django.urls import path, register_converter

from staydown.console import (
    banking,
    board,
    cautions,
    complaints,
    evidence,
    filters,
    gathering,
    keeping,
    looking,
    ordered,
    organised,
    referring,
    ruling,
    two_people,
    viewing,
    views,
    writing,
)


class Kind:
    """What a media belongs to."""

    regex = "item|check|shot"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Dossier(Kind):
    """How a dossier is handed over."""

    regex = "pdf|csv"


register_converter(Kind, "kind")
register_converter(Dossier, "dossier")
urlpatterns = [
    path("", views.queue, name="queue"),
    path("cases/<uuid:case_id>", ruling.case_page, name="case"),
    path("cases/<uuid:case_id>/decide", ruling.decide, name="decide"),
    path("cases/<uuid:case_id>/undo", ruling.undo, name="undo"),
    path("cases/<uuid:case_id>/claim", views.claim, name="claim"),
    path("cases/<uuid:case_id>/second", ruling.second, name="second"),
    path("cases/<uuid:case_id>/copies", views.answer_copies, name="answer_copies"),
    path("cases/<uuid:case_id>/uploads", views.publish_none, name="publish_none"),
    path("cases/<uuid:case_id>/uploads/<uuid:check_id>", views.answer_upload, name="answer_upload"),
    path("cases/<uuid:case_id>/entries/<uuid:entry_id>", views.answer_entry, name="answer_entry"),
    path("cases/<uuid:case_id>/hosts/<uuid:subject_id>", views.host_told, name="host_told"),
    path("cases/<uuid:case_id>/join", gathering.join, name="join_case"),
    path("cases/<uuid:case_id>/split", gathering.split, name="split_case"),
    path("cases/<uuid:case_id>/joined/<uuid:part_id>", gathering.take_apart, name="take_apart"),
    path("cases/<uuid:case_id>/complaints/<uuid:complaint_id>", complaints.answer, name="answer_complaint"),
    path("cases/<uuid:case_id>/reports/<uuid:report_id>", writing.write, name="write"),
    path("cases/<uuid:case_id>/reports/<uuid:report_id>/unfounded", cautions.unfounded, name="unfounded"),
    path("cases/<uuid:case_id>/reports/<uuid:report_id>/reporter", cautions.reporter, name="reporter"),
    path("cases/<uuid:case_id>/template", writing.template, name="template"),
    path("cases/<uuid:case_id>/hold", keeping.hold, name="keep_case"),
    path("cases/<uuid:case_id>/holds/<uuid:hold_id>", keeping.lift, name="lift_hold"),
    path("cases/<uuid:case_id>/media/<kind:kind>/<uuid:media_id>", viewing.media, name="media"),
    path("looks/<str:token>", viewing.look, name="look"),
    path("two-people", two_people.waiting, name="two_people"),
    path("bank", banking.bank, name="bank"),
    path("bank/watched", banking.watched, name="watched"),
    path("bank/under-way", banking.under_way, name="under_way"),
    path("bank/allowed/<uuid:allowance_id>", banking.answer_allowance, name="answer_allowance"),
    path("filters", filters.keep, name="keep_filter"),
    path("complaints", complaints.outcomes, name="complaints"),
    path("yours", looking.yours, name="yours"),
    path("evidence", evidence.evidence, name="evidence"),
    path("evidence/<uuid:case_id>/propose", evidence.propose, name="propose_release"),
    path("evidence/releases/<uuid:release_id>", evidence.answer, name="answer_release"),
    path("referrals", referring.referrals, name="referrals"),
    path("referrals/<uuid:referral_id>", referring.act, name="referral_act"),
    path("referrals/<uuid:referral_id>/dossier.<dossier:form>", referring.dossier, name="dossier"),
    path("authority-orders", ordered.authority_orders, name="authority_orders"),
    path("authority-orders/new", ordered.enter, name="enter_order"),
    path("authority-orders/<uuid:authority_order_id>", ordered.authority_order, name="authority_order"),
    path("organisations", organised.organisations, name="organisations"),
    path("organisations/<uuid:organisation_id>", organised.organisation, name="organisation"),
    path("board", board.board, name="board"),
    path("board/<slug:name>.csv", board.table, name="board_table"),
    path("orders", views.orders, name="orders"),
]
