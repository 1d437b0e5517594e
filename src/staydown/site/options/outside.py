"""What is reached outside: platforms' networks, NCMEC, the EU Transparency Database."""

from staydown.site.options.declaration import STAFFED, Option, Program

OPTIONS = (
    Option(
        "OUTSIDE_ALLOW",
        "networks beyond the public internet that webhooks may reach, as scheme://network, comma-separated",
        default="",
        programs=STAFFED,
    ),
    Option(
        "CYBERTIP",
        "where reports to NCMEC go: `test` or `production`, then the address that NCMEC gave; empty: nowhere",
        default="",
        programs=STAFFED,
    ),
    Option("CYBERTIP_PERSON", "whom NCMEC may ask: First Last <mail@example.org>", default="", programs=STAFFED),
    Option(
        "CYBERTIP_LOGIN",
        "name:password of that environment",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "TRANSPARENCY",
        "the EU Transparency Database: `test` or `production`, then its address; empty: nothing is sent",
        default="",
        programs=STAFFED,
    ),
    Option(
        "TRANSPARENCY_TOKEN",
        "the token that the database gave you",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
)
