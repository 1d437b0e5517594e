"""The addresses of the console."""

from django.urls import path, register_converter

from staydown.console import banking, views


class Kind:
    """What a media belongs to."""

    regex = "item|check"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kind, "kind")
urlpatterns = [
    path("", views.queue, name="queue"),
    path("cases/<uuid:case_id>", views.case_page, name="case"),
    path("cases/<uuid:case_id>/decide", views.decide, name="decide"),
    path("cases/<uuid:case_id>/second", views.second, name="second"),
    path("cases/<uuid:case_id>/copies", views.answer_copies, name="answer_copies"),
    path("cases/<uuid:case_id>/uploads", views.publish_none, name="publish_none"),
    path("cases/<uuid:case_id>/uploads/<uuid:check_id>", views.answer_upload, name="answer_upload"),
    path("cases/<uuid:case_id>/entries/<uuid:entry_id>", views.answer_entry, name="answer_entry"),
    path("cases/<uuid:case_id>/media/<kind:kind>/<uuid:media_id>", views.media, name="media"),
    path("bank", banking.bank, name="bank"),
    path("bank/watched", banking.watched, name="watched"),
    path("bank/under-way", banking.under_way, name="under_way"),
    path("bank/allowed/<uuid:allowance_id>", banking.answer_allowance, name="answer_allowance"),
    path("orders", views.orders, name="orders"),
]
