from staydown.regimes.harms import Role
from staydown.regimes.lawful import Feature, features, may_bank_child_safety, may_review_media, permission
from tests.law.facts import deployed


def test_belgian_organisations_that_receive_reports_keep_no_bank_of_childrens_images():
    assert may_bank_child_safety(deployed("BE"))
    assert not may_bank_child_safety(deployed("BE", Role.HOTLINE))
    assert may_bank_child_safety(deployed("FR", Role.HOTLINE))
    assert not may_bank_child_safety(deployed("FR", Role.SUPPORT_NGO))


def test_only_platforms_and_hotlines_look_at_media():
    for child in (True, False):
        assert not may_review_media(deployed("FR", Role.SUPPORT_NGO), child=child)
        assert not may_review_media(deployed("FR", Role.SELF_HELP), child=child)
        assert may_review_media(deployed("FR", Role.HOTLINE), child=child)
        assert may_review_media(deployed("FR"), child=child)


def test_a_refusal_says_why_and_the_law_of_the_place_comes_first():
    found = permission(Feature.VIEW_CHILD_MEDIA, deployed("BE", Role.SUPPORT_NGO))
    assert found.refusals[0].article == "174 and 175"
    assert all(each.why for each in found.refusals)


def test_every_feature_is_explained():
    assert set(features().about) == set(Feature)
