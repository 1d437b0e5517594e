"""The files of a report to NCMEC: named by the server, and added by two custodians on a machine of their own."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staydown.commands.evidence_opening import say
from staydown.commands.setup import add_home, django
from staydown.site.options.declaration import Program
from staydown.site.trouble import Trouble, of_files

if TYPE_CHECKING:
    from staydown.authorities.cybertip.adding import Errand
    from staydown.authorities.cybertip.connection import Connection
    from staydown.vault.evidence.opened import Opened


def add(verbs: Any) -> None:
    """Add the verbs of this half to those of the command."""
    naming: ArgumentParser = verbs.add_parser("tip", help="write which files a report that waits at NCMEC is to have")
    naming.add_argument("number", help="NCMEC's number of the report, as the page Referrals shows it")
    naming.add_argument("--to", type=Path, required=True, metavar="FILE")
    add_home(naming)
    naming.set_defaults(act=_tip)
    sending: ArgumentParser = verbs.add_parser("cybertip", help="add files to that report, as two custodians together")
    sending.add_argument("package", type=Path, help="the file that `staydown evidence pack` wrote")
    sending.add_argument("--tip", type=Path, required=True, metavar="FILE", help="what `staydown evidence tip` wrote")
    sending.add_argument(
        "--identity", type=Path, action="append", required=True, metavar="FILE", help="a custodian's key file; twice"
    )
    _add_connection(sending)
    sending.set_defaults(act=_cybertip)
    comparing: ArgumentParser = verbs.add_parser(
        "schema", help="ask NCMEC whether its login and its schema take what this version sends; nothing is reported"
    )
    _add_connection(comparing)
    comparing.set_defaults(act=_schema)


def _add_connection(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--at",
        required=True,
        metavar="'ENVIRONMENT ADDRESS'",
        help="test or production, and the address NCMEC gave you",
    )
    parser.add_argument("--login", type=Path, required=True, metavar="FILE", help="holds name:password")
    parser.add_argument("--allow", default="", help="networks beyond the public internet, as STAYDOWN_OUTSIDE_ALLOW")


def _connection(args: Namespace) -> "Connection":
    """Raises ValueError and OSError."""
    from staydown.authorities.cybertip import connection
    from staydown.outside import rules

    login = args.login.read_text(encoding="utf-8").strip()
    return connection.for_files(args.at, login, rules.parse(args.allow))


def _tip(args: Namespace) -> int:
    django(args.home, Program.WORKER)
    from staydown.authorities import files
    from staydown.authorities.models import Referral
    from staydown.vault.whole_files import whole

    referral = Referral.objects.filter(form="cybertip", number=args.number).exclude(number="").first()
    if referral is None:
        raise Trouble(f"No report has the number {args.number}. The page Referrals of the console shows them.")
    try:
        errand = files.errand(referral)
        with whole(args.to) as file:
            file.write(errand.to_bytes())
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.to) from error
    cases = sorted({row.case.reference for row in files.sealed_of(referral)})
    print(
        f"Wrote {args.to}: {len(errand.files)} files, of the evidence of case {', '.join(cases)}. There is no secret in it."
    )
    return 0


def _cybertip(args: Namespace) -> int:
    from staydown.authorities.cybertip import adding
    from staydown.authorities.cybertip.errors import TipError
    from staydown.vault.evidence import identities, packages
    from staydown.vault.evidence.opened import Opened

    try:
        to = _connection(args)
        errand = adding.read(args.tip.read_bytes())
        errand.check(to)
        with packages.reading(args.package) as package:
            opened = Opened.of(package, [identities.read(path) for path in args.identity])
            return _send(errand, adding.ours(errand, opened), to, args.tip)
    except TipError as error:
        raise Trouble(f"{error} Run the same command again: it goes on where it was.") from error
    except ValueError as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, Path(error.filename or args.package)) from error


def _schema(args: Namespace) -> int:
    from datetime import UTC, datetime

    from staydown.authorities.cybertip import comparing
    from staydown.authorities.cybertip.errors import TipError

    try:
        complaints = comparing.compare(_connection(args), datetime.now(UTC))
    except (TipError, ValueError) as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.login) from error
    for each in complaints:
        print(each)
    print(
        "This version must not report there: tell whoever maintains it." if complaints else "Its schema takes it all."
    )
    return 1 if complaints else 0


def _send(errand: "Errand", opened: "Opened", to: "Connection", beside: Path) -> int:
    from datetime import UTC, datetime

    from staydown.authorities.cybertip import adding

    def clock() -> datetime:
        return datetime.now(UTC)

    place = adding.target(errand.environment, errand.number)
    say(opened)
    _write(_free(beside, "opening"), opened.told("exported", clock(), place))
    progress = adding.Progress(beside.with_name(f"cybertip-{errand.environment}-{errand.number}.progress.json"))
    adding.send(errand, opened, to, progress, clock)
    _write(_free(beside, "sent"), opened.told("sent", clock(), place))
    rest = len(errand.files) - len(progress.told)
    print(f"Report {errand.number} has {len(progress.told)} files now; {rest} are in other packages.")
    print("Bring both records back to the deployment: `staydown evidence record`. Only then is the report filed.")
    return 0


def _free(beside: Path, what: str) -> Path:
    """The first name that is free: every opening has a record of its own."""
    count = 1
    while (path := beside.with_name(f"{beside.name}.{what}{f'-{count}' if count > 1 else ''}.json")).exists():
        count += 1
    return path


def _write(path: Path, told: bytes) -> None:
    from staydown.vault.whole_files import whole

    with whole(path) as file:
        file.write(told)
    print(f"Wrote {path}. There is nothing secret in it.")
