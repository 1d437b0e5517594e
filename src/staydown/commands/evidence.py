"""staydown evidence: see what is sealed, have it released by two people, open it as custodians, hand it to an authority.

`custodian`, `open` and `export` run on the custodians' own machine: they need no deployment.
"""

from argparse import ArgumentParser, Namespace

from staydown.commands import evidence_opening, evidence_releasing

HELP = "list, release, open and export sealed evidence"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(
        required=True, metavar="list | check | release | agree | pack | custodian | open | export"
    )
    evidence_releasing.add(verbs)
    evidence_opening.add(verbs)


def run(args: Namespace) -> int:
    done: int = args.act(args)
    return done
