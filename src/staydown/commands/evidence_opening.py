"""The half of `staydown evidence` that runs on the custodians' own machine: no deployment, no database, no network."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.site.trouble import Trouble, of_files

if TYPE_CHECKING:
    from staydown.vault.evidence.opened import Opened


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
    exporting.add_argument(
        "--signer", type=Path, metavar="FILE", help="what `staydown keys document` wrote: signs the report"
    )
    exporting.add_argument("--case-uco", action="store_true", help="tell its contents as CASE/UCO JSON-LD, too")
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
    from datetime import UTC, datetime

    from staydown.vault.evidence import identities, opening, packages
    from staydown.vault.evidence.opened import Opened

    try:
        with packages.reading(args.package) as package:
            opened = Opened.of(package, [identities.read(path) for path in args.identity])
            say(opened)
            args.to.mkdir(mode=0o700)
            _write_record(args.to, opened.told("opened", datetime.now(UTC)))
            for original, record in opened.originals:
                path = opening.save(package, original, record, opened.identity, args.to)
                (args.to / f"{original.id}.record.json").write_bytes(record.to_bytes())
                print(f"  {path}  {record.size} bytes, SHA-256 {record.sha256}: as sealed on {record.ended_at}")
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, Path(error.filename or args.package)) from error
    return 0


def say(opened: "Opened") -> None:
    """What a custodian compares before anything is opened; what others wrote cannot steer the terminal."""
    from staydown.vault.evidence import agreement

    said = opened.package.said
    print(_printable(f"Case {said['reference']}, released because: {opened.reason}"))
    print(_printable(f"Two people released it, says the journal with the key {said['custody']['journal_public']}."))
    for name in agreement.sealed_to(opened.package):
        print(_printable(f"  sealed to {name}"))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _write_record(beside: Path, told: bytes) -> None:
    """What the deployment is to know of this opening, before anything is opened."""
    from staydown.vault.whole_files import whole

    path = beside.with_name(f"{beside.name}.opening.json")
    with whole(path) as file:
        file.write(told)
    print(f"Bring {path} back to the deployment: `staydown evidence record`. There is nothing secret in it.")


def _export(args: Namespace) -> int:
    from datetime import UTC, datetime

    from staydown.vault.evidence import exporting, identities, packages, signers
    from staydown.vault.evidence.opened import Opened

    try:
        signer = signers.read(args.signer.read_bytes()) if args.signer else None
        wish = exporting.Wish(args.authority, args.language, signer, args.case_uco)
        with packages.reading(args.package) as package:
            opened = Opened.of(package, [identities.read(path) for path in args.identity])
            say(opened)
            now = datetime.now(UTC)
            _write_record(args.to, opened.told("exported", now, args.authority))
            digest = exporting.export(opened, wish, args.to, now)
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, Path(error.filename or args.to)) from error
    print(f"Wrote {args.to}: {len(opened.originals)} originals, sealed to {args.authority}.")
    print("Tell the authority these two by another way than the file; its verify.py compares them:")
    print(f"  SHA-256 of manifest.json     {digest}")
    print(f"  the journal's public key     {package.said['custody']['journal_public']}")
    if signer:
        print(f"The report is signed. SHA-256 of the certificate: {signer.fingerprint}")
    else:
        print("The report bears no signature of its own: give --signer, with what `staydown keys document` wrote.")
    return 0
