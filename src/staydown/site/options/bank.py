"""How the bank matches, and how much an entry may hide."""

from staydown.site.options.declaration import STAFFED, Option

OPTIONS = (
    Option(
        "DISTANCES", "how near a picture must be to resemble an entry, by harm: NCII=23,…", default="", programs=STAFFED
    ),
    Option(
        "SHADOW", "harms for which resembling an entry is written down and stops nothing", default="", programs=STAFFED
    ),
    Option(
        "CANARIES", "a file of your own common pictures' PDQ, which no entry may match", default="", programs=STAFFED
    ),
    Option(
        "BLAST_RADIUS",
        "how much one entry may hide before it stops itself and calls a person: items=500,accounts=100,hours=24",
        default="",
        programs=STAFFED,
    ),
    Option(
        "ROLLOUT",
        "for how many hours an entry that two people confirmed holds what resembles it before it blocks it",
        default="0",
        programs=STAFFED,
    ),
)
