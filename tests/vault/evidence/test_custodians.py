import pyrage
import pytest

from staydown.vault.evidence import custodians
from staydown.vault.evidence.custodians import BadCustodians

from .conftest import four

OTHER = "age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt"


def identity(text: str) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(text)


@pytest.mark.parametrize(("outer", "inner"), [("ada", "cyd"), ("ada", "dan"), ("bea", "cyd"), ("bea", "dan")])
def test_any_one_of_each_group_opens_a_cases_key_together(outer: str, inner: str):
    named, private = four()
    sealed = named.seal("the key")
    half = pyrage.decrypt(sealed, [identity(private[outer])])
    assert pyrage.decrypt(half, [identity(private[inner])]) == b"the key"


@pytest.mark.parametrize("group", [("ada", "bea"), ("cyd", "dan")])
def test_one_group_alone_opens_nothing(group: tuple[str, str]):
    named, private = four()
    sealed, own = named.seal("the key"), [identity(private[name]) for name in group]
    try:
        half = pyrage.decrypt(sealed, own)
    except pyrage.DecryptError:
        return
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(half, own)


def test_nobody_named_is_no_mistake_and_says_no():
    assert not custodians.read("", "")


def test_too_few_or_the_same_person_twice_or_in_both_groups_is_refused():
    (ada, bea), (cyd, dan) = four()[0].first, four()[0].second
    for first, second in [
        (f"{ada},{bea}", ""),
        (ada, f"{cyd},{dan}"),
        (f"{ada},{ada}", f"{cyd},{dan}"),
        (f"{ada},{bea}", f"{bea},{dan}"),
        (f"{ada},age1nobody", f"{cyd},{dan}"),
    ]:
        with pytest.raises(BadCustodians):
            custodians.read(first, second)


def test_a_hardware_key_whose_plugin_is_not_here_is_named():
    with pytest.raises(BadCustodians, match="age-plugin-yubikey, which is not here"):
        custodians.recipients((OTHER,))
