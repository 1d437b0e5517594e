"""What the index of forms answers is believed only when it looked at everything."""

from dataclasses import replace

import numpy as np
import pytest

from staydown.banks.seeing import Forms
from staydown.matching import Incomplete, Index, Matches

FORMS = tuple(row.tobytes() for row in np.random.default_rng(0).integers(0, 256, (3, 32), dtype=np.uint8))


def test_an_answer_that_is_not_complete_lets_nobody_conclude_that_nothing_resembles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forms, search, join = Forms(), Index.search, Index.join
    forms.add(5, FORMS)
    assert forms.near(FORMS[:1]) == {5: 0}

    def cut_short(index: Index, *asked: object) -> Matches:
        return replace(search(index, *asked), complete=False)

    monkeypatch.setattr(Index, "search", cut_short)
    with pytest.raises(Incomplete):
        forms.near([bytes(32)])
    monkeypatch.setattr(Index, "join", lambda index, *asked: replace(join(index, *asked), complete=False))
    with pytest.raises(Incomplete):
        forms.joined(np.zeros((1, 32), np.uint8))
