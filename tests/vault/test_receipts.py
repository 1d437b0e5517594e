import pytest

from staydown.vault.receipts import Receipt
from staydown.vault.spoken import NotAReceipt
from staydown.vault.words import new_key_pair, seal

SALT = b"s" * 32


def test_a_receipt_opens_what_was_sealed_to_it_and_another_does_not():
    mine, other = Receipt.new(SALT, "fr"), Receipt.new(SALT, "fr")
    sealed = seal("it was me", mine.public)
    assert mine.read(sealed) == "it was me"
    with pytest.raises(Exception, match="No matching keys"):
        other.read(sealed)


def test_a_receipt_in_any_language_is_the_same_when_it_is_typed():
    for language in ("en", "fr", "nl", "de", "tr"):
        given = Receipt.new(SALT, language)
        assert len(given.words) == 7
        assert Receipt.typed(" , ".join(given.words).upper(), SALT) == given


def test_a_receipt_of_sixteen_signs_given_before_is_read_however_it_was_written_down():
    receipt = Receipt.typed("K7QM-3XTP-9WHD-R40A", SALT)
    for typed in ("k7qm3xtp9whdr40a", " K7QM 3XTP 9WHD R4OA ", "k7qm-3xtp-9whd-r4oa"):
        assert Receipt.typed(typed, SALT).code == receipt.code


def test_a_receipt_given_before_is_still_found_under_its_digest():
    assert Receipt.typed("K7QM-3XTP-9WHD-R4VA", SALT).lookup.hex() == (
        "0243108cd870caf4e97fcd416b7cb051d526f26820579052f931477da86bee4f"
    )


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM-3XTP-9WHD-R4V!", "K7QM-3XTP-9WHD-R4VAA", "one two three"])
def test_what_is_no_receipt_is_refused_kindly(typed: str):
    with pytest.raises(NotAReceipt, match="Please check"):
        Receipt.typed(typed, SALT)


def test_the_same_receipt_means_nothing_in_another_deployment():
    code = Receipt.new(SALT, "en").code
    assert Receipt.typed(code, SALT).lookup != Receipt.typed(code, b"t" * 32).lookup


def test_lookup_and_key_do_not_give_each_other_away():
    receipt = Receipt.new(SALT, "en")
    assert receipt.lookup.hex() not in receipt.public
    assert receipt.code not in repr(receipt)


def test_a_fingerprint_at_rest_is_unreadable_without_its_key(settings):
    from staydown.vault import fingerprints

    clear = b"\x01" * 32 + b"\x02" * 32
    sealed = fingerprints.seal(clear)
    assert clear[:32] not in sealed
    assert fingerprints.seal(clear) != sealed
    assert fingerprints.unseal(sealed) == clear
    settings.FINGERPRINT_KEY = b"k" * 32
    with pytest.raises(fingerprints.WrongFingerprintKey):
        fingerprints.unseal(sealed)


def test_the_working_key_opens_words_and_another_key_says_so(settings):
    from staydown.vault import opening

    sealed = seal("words", settings.WORKING_PUBLIC)
    assert opening.read(sealed) == "words"
    settings.WORKING_KEY = new_key_pair()[0]
    with pytest.raises(opening.CannotOpen):
        opening.read(sealed)
