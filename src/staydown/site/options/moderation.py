"""What moderators are offered, what is proposed to them, and how much they look at."""

from staydown.site.options.declaration import STAFFED, Option, Program

OPTIONS = (
    Option(
        "UNDO",
        "for how many seconds a decision can be undone before anything is removed, banked or answered",
        default="10",
        programs=STAFFED,
    ),
    Option(
        "STRIKES",
        "what removals weigh against an account: empty for nothing, `on` for the shipped policy, or your own file",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "RECOGNITION",
        "a file with the platforms' policies for what a network takes for nudity; empty: nothing is looked at",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "TEXTS",
        "of which places platforms may send words to be read: plaza:comment plaza:profile; empty: of none",
        default="",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "HIDDEN",
        "rulings that are not offered for a harm: CSAM=label+once,NCII=end",
        default="CSAM=label,GROOMING=label",
        programs=frozenset({Program.APP}),
    ),
    Option(
        "EXPOSURE",
        "how much a moderator looks at before she rests: stretch=300,rest=15,day=1800,grave=5400,days=10,turn=14,away=7",
        default="",
        programs=frozenset({Program.APP}),
    ),
)
