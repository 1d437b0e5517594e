"""What of the catalogue a newly banked entry meets: its copies, then what only parts of it tell."""

from dataclasses import dataclass, replace

from staydown.banks import rules
from staydown.banks.catalogue import CatalogueIndex
from staydown.banks.digests import shared
from staydown.banks.following import NOWHERE
from staydown.banks.kept import WITH_FILM
from staydown.banks.models import Entry, Fingerprint, policy_of
from staydown.banks.rules import EntryState, Hit
from staydown.banks.seeing import Found, Seen
from staydown.banks.showing import Films

FILMS_AT_ONCE = 100  # rows in memory: up to a megabyte each


@dataclass(frozen=True, slots=True)
class Sweep:
    """One entry against one index of the catalogue; answers are {fingerprint seq: found}."""

    entry: Entry
    seen: Seen
    catalogue: CatalogueIndex

    @classmethod
    def of(cls, entry: Entry, catalogue: CatalogueIndex) -> "Sweep":
        return cls(entry, Seen.of(entry.fingerprint), catalogue)

    def copies(self) -> dict[int, Found]:
        """What has the same bytes, or is within the matching distance; the entry's own picture is among them."""
        distances = self.catalogue.near(self.seen, self.entry.catalogue_seq)
        for column, digest in self._digests().items():
            same = Fingerprint.objects.filter(**{column: digest}, seq__lte=self.entry.catalogue_seq)
            for seq in same.values_list("seq", flat=True):
                distances.setdefault(seq, NOWHERE)
        rows = Fingerprint.objects.filter(seq__in=list(distances)).defer("kept_sealed")
        return _matches({row.seq: self._copy(row, distances[row.seq]) for row in rows})

    def parts(self, known: dict[int, Found], most: int) -> tuple[dict[int, Found], list[int]]:
        """What windows that were kept tell for sure, then at most so many seqs that are worth another look."""
        if self.entry.state not in rules.CONFIRMED or self.seen.quality < rules.QUALITY:
            return {}, []
        alike = self.catalogue.alike(self.seen, self.entry.catalogue_seq, most + len(known))
        unknown = [seq for seq in alike if seq not in known][:most]
        rows = Fingerprint.objects.filter(seq__in=unknown)
        sure = _matches({row.seq: self._part(row) for row in rows})
        return sure, [seq for seq in unknown if seq not in sure]

    def films(self) -> dict[int, Found]:
        """What shows a passage of the entry's film."""
        if self.entry.state not in rules.CONFIRMED or self.seen.film is None:
            return {}
        known = Films.of({0: self.seen.film})
        rows = Fingerprint.objects.filter(layout=WITH_FILM, seq__lte=self.entry.catalogue_seq).exclude(
            pk=self.entry.fingerprint_id
        )
        return _matches(
            {
                row.seq: self._found(Hit(self._state, False, NOWHERE, row.quality, passage=passage))
                for row in rows.iterator(FILMS_AT_ONCE)
                for passage in known.passages(Seen.of(row).film).values()
            }
        )

    def _digests(self) -> dict[str, bytes]:
        exact = {"exact": self.seen.exact} if self.seen.exact else {}
        return exact | self.seen.others.known

    def _copy(self, row: Fingerprint, distance: int) -> Found:
        exact = shared(row.same, self.seen.same)
        forgeable = shared(row.forgeable, self.seen.others.forgeable)
        quality = min(row.quality, self.seen.quality)
        return self._found(Hit(self._state, exact, 0 if exact else distance, quality, forgeable=forgeable))

    def _part(self, row: Fingerprint) -> Found:
        told = Seen.of(row).evidence(self.seen.kept)
        return self._found(Hit(self._state, False, NOWHERE, row.quality, told))

    @property
    def _state(self) -> EntryState:
        return EntryState(self.entry.state)

    def _found(self, hit: Hit) -> Found:
        return Found(self.entry.pk, replace(hit, policy=policy_of(self.entry)))


def _matches(found: dict[int, Found]) -> dict[int, Found]:
    return {seq: each for seq, each in found.items() if rules.counts(each.hit)}
