"""The half of `staydown evidence` that runs on the custodians' own machine: no deployment, no database, no network."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from staydown.site.trouble import Trouble, of_files


def add(verbs: Any) -> None:
    """Add the verbs of this half to those of the command."""
    making = verbs.add_parser("custodian", help="make a custodian's key pair, on the custodian's own machine")
    making.add_argument("name", help="whose it is, written into the file")
    making.add_argument("--to", type=Path, required=True, metavar="FILE")
    making.set_defaults(act=_custodian)
    opening = verbs.add_parser("open", help="open a released package, as two custodians together")
    _add_package(opening)
    opening.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder for the originals")
    opening.set_defaults(act=_open)
    exporting = verbs.add_parser("export", help="make the package for an authority, as two custodians together")
    _add_package(exporting)
    exporting.add_argument(
        "--for", dest="authority", required=True, metavar="AGE1…", help="the authority's age recipient"
    )
    exporting.add_argument("--language", choices=("en", "fr"), default="en", help="of the report")
    exporting.add_argument("--to", type=Path, required=True, metavar="FILE")
    exporting.set_defaults(act=_export)


def _add_package(parser: ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="the file that `staydown evidence pack` wrote")
    parser.add_argument(
        "--identity",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="a custodian's key file; given twice: one person of each group",
    )


def _custodian(args: Namespace) -> int:
    from staydown.site import custodians

    try:
        public = custodians.make(args.to, args.name)
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: keep it on this machine, and a copy in a safe. Never on the server.")
    print(f"Send this to the operator, it is no secret: {public}")
    return 0


def _open(args: Namespace) -> int:
    from staydown.vault.evidence import opening, packages

    try:
        with packages.reading(args.package) as package:
            identity = opening.case_identity(package, [opening.identities(path) for path in args.identity])
            print(f"Case {package.said['reference']}, released because: {opening.reason_of(package, identity)}")
            args.to.mkdir(mode=0o700)
            for original in package.originals:
                record = opening.record_of(package, original, identity)
                path = opening.save(package, original, record, identity, args.to)
                (args.to / f"{original.id}.record.json").write_bytes(record.to_bytes())
                print(f"  {path}  {record.size} bytes, SHA-256 {record.sha256}: as sealed on {record.ended_at}")
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, Path(error.filename or args.package)) from error
    return 0


def _export(args: Namespace) -> int:
    from datetime import UTC, datetime

    from staydown.vault.evidence import exporting, opening, packages

    try:
        with packages.reading(args.package) as package:
            opened = exporting.Opened.of(package, [opening.identities(path) for path in args.identity])
            digest = exporting.export(opened, args.authority, args.language, args.to, datetime.now(UTC))
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    print(f"Wrote {args.to}: {len(opened.originals)} originals, sealed to {args.authority}.")
    print("Tell the authority these two by another way than the file; its verify.py compares them:")
    print(f"  SHA-256 of manifest.json     {digest}")
    print(f"  the journal's public key     {package.said['custody']['journal_public']}")
    return 0
