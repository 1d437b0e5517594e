"""staydown matching audit: compare a sample of the indexes' answers with an exact one that shares no code with them."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble

if TYPE_CHECKING:
    from staydown.banks.auditing import Audited

HELP = "audit what the indexes find"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="audit")
    audit = verbs.add_parser("audit", help="compare a sample of searches with ClickHouse's exact answer")
    add_home(audit)
    audit.add_argument("--sample", type=int, default=200, metavar="N", help="searches of each index (default: 200)")


def run(args: Namespace) -> int:
    """Audit the bank's index and the catalogue's; exit code 1 where an answer differs."""
    django(args.home, Program.WORKER)
    try:
        import chdb  # noqa: F401
    except ImportError as error:
        raise Trouble("The audit needs ClickHouse: install Staydown with its extra, `staydown[audit]`.") from error
    if args.sample < 1:
        raise Trouble("A sample has at least one search: give --sample a larger number.")
    from staydown.matching import Incomplete

    try:
        return _audit(args.sample)
    except Incomplete as error:
        raise Trouble("Not every shard answers, so nothing can be said. `staydown doctor` says what to do.") from error


def _audit(sample: int) -> int:
    import numpy as np

    from staydown.banks import auditing, tasks
    from staydown.banks.catalogue import catalogue
    from staydown.banks.following import bank

    rng, upto = np.random.default_rng(), tasks.everything_until()
    before = None
    while before != bank.generation:  # until the bank did not change between the table and the index
        bank.search(np.empty((0, 32), np.uint8))
        before, known = bank.generation, auditing.bank_rows()
        of_bank = auditing.audit(known, auditing.sampled(known, sample, rng), bank.search)
    known = auditing.catalogue_rows(upto)
    of_catalogue = auditing.audit(known, auditing.sampled(known, sample, rng), catalogue.upto(upto).search)
    return max(_said("bank", of_bank), _said("catalogue", of_catalogue))


def _said(name: str, audited: "Audited") -> int:
    from staydown.banks.seeing import seq_of

    for what, pairs in (("missed", audited.missed), ("wrong", audited.wrong)):
        for query, number in pairs:
            seq, form = seq_of(number)
            print(f"{what}: the {name}'s index, search {query}, fingerprint {seq}, form {form}")
    differ = len({query for query, _ in audited.missed + audited.wrong})
    print(f"{name}: {audited.asked - differ} of {audited.asked} answers are exact, over {audited.known} fingerprints.")
    if differ:
        print(
            "Delete the folder segments/ of the data and the cluster's segments, restart everything, and report this."
        )
    return 1 if differ else 0
