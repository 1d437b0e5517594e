"""Nobody from outside comes in on one person's word, nor for longer than a year."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from staydown.organisations import actions
from staydown.organisations.errors import AnotherPerson, NotAdmitted, NotCalled, NotComplete, NotYours, TooLong
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind, Proposed, Standing
from tests import people
from tests.desk.outside import MAIN, NUMBER, admitted, team

pytestmark = pytest.mark.django_db
COURT = Proposed(Kind.AUTHORITY, "The court", "BE", NUMBER, MAIN, "be_court")


def test_an_organisation_has_a_number_and_where_it_was_found():
    with pytest.raises(NotComplete):
        actions.propose(Proposed(Kind.AUTHORITY, "The court", "BE", NUMBER, ""), team()[0], people.NOW)
    with pytest.raises(NotYours):
        actions.propose(COURT, people.staff("ida", "intake"), people.NOW)


def test_another_person_admits_it_and_the_database_says_so_too():
    mina, tomas = team()
    row = actions.propose(COURT, mina, people.NOW)
    with pytest.raises(AnotherPerson):
        actions.admit(row, mina, people.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=row.pk).update(state=Standing.ADMITTED, admitted_by=mina, admitted_at=people.NOW)
    actions.admit(row, tomas, people.NOW)
    assert row.stands(people.NOW) and not row.stands(people.NOW + timedelta(days=367))


def test_an_officer_was_called_for_is_admitted_by_another_and_expires():
    mina, tomas = team()
    court = admitted()
    until = people.NOW + timedelta(days=30)
    with pytest.raises(TooLong):
        actions.propose_officer(court, "clerk", "A", people.NOW + timedelta(days=400), by=mina, now=people.NOW)
    row = actions.propose_officer(court, "clerk", "A", until, by=mina, now=people.NOW)
    with pytest.raises(NotCalled):
        actions.admit_officer(row, tomas, people.NOW)
    actions.called(row, mina, people.NOW)
    with pytest.raises(AnotherPerson):
        actions.admit_officer(row, mina, people.NOW)
    assert actions.admit_officer(row, tomas, people.NOW)
    assert actions.officer_of(row.staff, people.NOW) == row
    assert actions.officer_of(row.staff, until) is None
    actions.renew(row, until + timedelta(days=200), tomas, people.NOW)
    assert actions.officer_of(row.staff, people.NOW) is None  # until called for and admitted anew


def test_ended_at_once_nobody_comes_in_and_no_key_opens():
    mina, tomas = team()
    court = admitted()
    key = actions.make_key(court, tomas, people.NOW)
    assert actions.of_key(key, people.NOW) == court
    assert actions.of_key(key + "x", people.NOW) is None
    actions.end(court, mina, people.NOW)
    assert actions.of_key(key, people.NOW) is None
    with pytest.raises(NotAdmitted):
        actions.make_key(court, tomas, people.NOW)
