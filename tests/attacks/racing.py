"""Two at once, on real PostgreSQL: `python -m tests.attacks.racing` prints what each race came to, as JSON."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import django


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run all at the same moment; answer how each ended: "done", or the name of what it raised."""
    from django.db import connection

    gate = threading.Barrier(len(acts))
    ended = ["lost"] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        try:
            acts[number]()
            ended[number] = "done"
        except (ValueError, RuntimeError) as error:
            ended[number] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def while_open(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Begin `second` when `first` has done everything but commit."""
    from django.db import connection, transaction

    def run() -> None:
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        time.sleep(0.6)
    thread.join()


class Races:
    """Each method is one race, on rows of its own."""

    def __init__(self) -> None:
        from tests import people

        self.people = people
        self.platform = people.plaza()
        self.mina, self.tomas, self.lou = (people.staff(name, "lead") for name in ("mina", "tomas", "lou"))
        self.count = 0

    def item(self, account: str, picture: str = "rocket") -> Any:
        from tests.pictures import jpeg, photograph

        self.count += 1
        return self.people.posted(self.platform, f"post-{self.count}", jpeg(photograph(picture)), account)

    def reports_of_one_item(self) -> Any:
        item = self.item("a")
        ended = at_once(*[lambda n=n: self.people.reported(item, seed=f"a{n}") for n in range(6)])
        cases = {subject.case_id for subject in item.subjects.all()}
        holds = item.orders.count()
        return [sorted(set(ended)), len(cases), holds, item.subjects.get().reports.count()]

    def one_report_sent_often(self) -> Any:
        from staydown.cases.actions import intake
        from staydown.cases.models import Report
        from staydown.regimes.harms import Harm

        item = self.item("b")
        notice = intake.Notice(harm=Harm.NCII, items=(item,))
        receipt = self.people.receipt("b")
        ended = at_once(*[lambda: intake.receive_once(notice, receipt, self.people.NOW) for _ in range(6)])
        return [sorted(set(ended)), Report.objects.filter(subjects__item=item).count()]

    def a_report_while_its_case_is_decided(self) -> Any:
        from staydown.cases.actions import deciding
        from staydown.cases.rules import Ruling

        people = self.people
        case = people.reported(self.item("c"), seed="c").case
        other = self.item("c")
        while_open(
            lambda: deciding.decide(case, people.proposal(case, Ruling.KEEP), self.mina, people.NOW),
            lambda: people.reported(other, seed="c2"),
        )
        return other.subjects.get().case.state

    def two_decisions(self) -> Any:
        from staydown.cases.actions import deciding
        from staydown.cases.rules import Ruling

        people = self.people
        item = self.item("d")
        case = people.reported(item, seed="d").case
        rulings = ((Ruling.KEEP, self.mina), (Ruling.REMOVE, self.tomas), (Ruling.KEEP, self.lou))
        ended = at_once(
            *[lambda r=r, by=by: deciding.decide(case, people.proposal(case, r), by, people.NOW) for r, by in rulings]
        )
        case.refresh_from_db()
        return [sorted(ended), case.decisions.count(), case.reports.get().answers.count()]

    def two_second_persons(self) -> Any:
        from staydown.cases.actions import deciding, seconding
        from staydown.cases.models import Decision
        from staydown.cases.rules import Ruling
        from staydown.regimes.harms import Harm, Tri

        people = self.people
        case = people.reported(self.item("e"), seed="e", harm=Harm.CSAM, minor=Tri.YES).case
        decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), self.mina, people.NOW)
        one, two = Decision.objects.get(pk=decision.pk), Decision.objects.get(pk=decision.pk)
        ended = at_once(
            lambda: seconding.second(one, "answer", self.tomas, people.NOW),
            lambda: seconding.decline(two, "not so", self.lou, people.NOW),
        )
        decision.refresh_from_db()
        case.refresh_from_db()
        consistent = (decision.state, case.state) in (("made", "decided"), ("declined", "open"))
        return [sorted(ended), consistent]

    def one_confirmation_sent_often(self) -> Any:
        from staydown.journal.models import Entry
        from staydown.platforms.actions.ordering import confirm
        from staydown.platforms.models import Order
        from staydown.platforms.rules import Outcome

        people = self.people
        item = self.item("f")
        people.reported(item, seed="f")
        orders = [Order.objects.get(item=item) for _ in range(5)]
        ended = at_once(*[lambda o=o: confirm(o, Outcome.APPLIED, people.NOW) for o in orders])
        about = f"platforms.order:{orders[0].pk}"
        return [sorted(set(ended)), Entry.objects.filter(about=about, act="order.confirmed").count()]

    def a_registration_while_its_picture_is_banked(self) -> Any:
        from staydown.banks.actions import meeting
        from staydown.cases.actions import deciding
        from staydown.cases.rules import Ruling
        from staydown.platforms.actions.registering import Registration
        from staydown.platforms.models import Item
        from tests.pictures import jpeg, photograph, resized

        people = self.people
        copy = jpeg(resized(photograph("coffee")), 70)
        case = people.reported(self.item("g", "coffee"), seed="g").case
        check = people.checked(self.platform, copy, "h")
        said = Registration("late", "http://x.example/late", "h", people.NOW, "everyone", check.pk)
        while_open(
            lambda: deciding.decide(case, people.proposal(case, Ruling.REMOVE), self.mina, people.NOW),
            lambda: meeting.admit(self.platform, said, people.NOW),
        )
        return Item.objects.get(external_id="late").state

    def a_banking_while_a_copy_registers(self) -> Any:
        from staydown.banks import tasks
        from staydown.banks.actions import meeting
        from staydown.banks.models import Entry
        from staydown.cases.actions import deciding
        from staydown.cases.rules import Ruling
        from staydown.platforms.actions.registering import Registration
        from staydown.platforms.models import Item
        from tests.pictures import jpeg, photograph, resized

        people = self.people
        case = people.reported(self.item("i", "cat"), seed="i").case
        check = people.checked(self.platform, jpeg(resized(photograph("cat")), 70), "j")
        said = Registration("early", "http://x.example/early", "j", people.NOW, "everyone", check.pk)
        while_open(
            lambda: meeting.admit(self.platform, said, people.NOW),
            lambda: deciding.decide(case, people.proposal(case, Ruling.REMOVE), self.mina, people.NOW),
        )
        tasks.sweep(str(Entry.objects.get(case=case).pk))
        return Item.objects.get(external_id="early").state

    def one_idempotency_key_sent_often(self) -> Any:
        from django.test import Client

        item = self.item("k")
        key = self.people.key_of(self.platform)
        said: list[tuple[int, str]] = []

        def send() -> None:
            answer = Client(headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "k"}).post(
                "/api/v1/reports", json.dumps({"item_ids": [item.external_id]}), content_type="application/json"
            )
            said.append((answer.status_code, answer.json().get("receipt", "")))

        at_once(send, send, send, send)
        return [len(said), len(set(said)), said[0][0], item.subjects.get().reports.count()]


def main() -> None:
    """Run every race and print what came of it."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    races = Races()
    names = [name for name in vars(Races) if not name.startswith("_") and name != "item"]
    print(json.dumps({name: getattr(races, name)() for name in names}))
    with suppress(OSError):
        connection.close()


if __name__ == "__main__":
    main()
