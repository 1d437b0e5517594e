"""staydown evidence: see what is sealed, write out what two people released, open it as custodians, hand it to an authority.

`custodian`, `open`, `export`, `cybertip` and `schema` run on the custodians' own machine: they need no deployment.
"""

from argparse import ArgumentParser, Namespace

from staydown.commands import evidence_opening, evidence_releasing, evidence_sending

HELP = "list, check, write out, open and export sealed evidence"


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(
        required=True, metavar="list | check | pack | tip | record | custodian | open | export | cybertip | schema"
    )
    evidence_releasing.add(verbs)
    evidence_opening.add(verbs)
    evidence_sending.add(verbs)


def run(args: Namespace) -> int:
    done: int = args.act(args)
    return done
