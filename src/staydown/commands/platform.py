"""staydown platform add: register a service to protect."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

from staydown.commands.setup import add_home, django
from staydown.site.trouble import Trouble

HELP = "register a service to protect"


@dataclass(frozen=True, slots=True)
class Addresses:
    webhook_url: str = ""
    evidence_url: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the platform's engineer needs, and what cannot be shown again."""

    key: str
    webhook_secret: str


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="add")
    adding = verbs.add_parser("add", help=HELP)
    add_home(adding)
    adding.add_argument("name")
    adding.add_argument("--slug", required=True, help="a short name for addresses: a-z, 0-9 and -")
    adding.add_argument("--webhook-url", default="", help="where orders go; without it the platform asks for them")
    adding.add_argument("--evidence-url", default="", help="where originals are read, with {kind} and {id} in it")


def run(args: Namespace) -> int:
    django(args.home)
    given = register(args.name, args.slug, Addresses(args.webhook_url, args.evidence_url))
    print(f"Registered {args.name}. Both of these are shown this once:")
    print(f"  key             {given.key}")
    print(f"  webhook secret  {given.webhook_secret or '(no webhook)'}")
    return 0


def register(name: str, slug: str, addresses: Addresses) -> Given:
    """The platform, with a key of all scopes. Raises `Trouble` for a slug that is taken or an address that is none."""
    from django.conf import settings
    from django.utils import timezone

    from staydown.outside import signing
    from staydown.platforms import keys
    from staydown.platforms.rules import Scope

    _check(slug, addresses)
    secret = signing.new_secret() if addresses.webhook_url else ""
    now = timezone.now()
    platform = keys.add_platform(
        name,
        slug,
        by="operator",
        now=now,
        working_public=settings.WORKING_PUBLIC,
        webhook_url=addresses.webhook_url,
        webhook_secret=secret,
        evidence_url=addresses.evidence_url,
    )
    return Given(keys.make(platform, frozenset(Scope), by="operator", now=now), secret)


def _check(slug: str, addresses: Addresses) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug

    from staydown.platforms.models import Platform

    try:
        validate_slug(slug)
    except ValidationError as error:
        raise Trouble(f"{slug} is no slug: use a-z, 0-9 and - only.") from error
    if Platform.objects.filter(slug=slug).exists():
        raise Trouble(f"A platform with the slug {slug} is registered already. Choose another.")
    evidence = addresses.evidence_url
    if evidence and not ("{kind}" in evidence and "{id}" in evidence):
        raise Trouble("--evidence-url needs {kind} and {id} in it, such as https://example.org/evidence/{kind}/{id}.")
    for url in (addresses.webhook_url, evidence):
        if url and not url.startswith(("https://", "http://")):
            raise Trouble(f"{url} is no web address. It starts with https://.")
