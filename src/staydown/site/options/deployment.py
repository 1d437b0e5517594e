"""What this deployment is, where it keeps its data, and where it is found."""

from staydown.site.options.declaration import Option, Program

OPTIONS = (
    Option("ROLE", "what this deployment is: platform, hotline, support_ngo or self_help; the law differs for each"),
    Option("COUNTRY", "the country whose law this deployment answers to, as two letters (FR, BE, …)"),
    Option(
        "SERVES", "other countries whose people this deployment serves, with commas: their laws count, too", default=""
    ),
    Option("SMALL", "1 where you are a micro or small enterprise (Recommendation 2003/361/EC)", default="0"),
    Option("DATA", "the folder of the database and of what is stored; never the folder of the keys"),
    Option("DATABASE", "a postgresql:// address, or empty for SQLite in the data folder", default=""),
    Option("PORTAL_URL", "the public address of the report pages", default="http://127.0.0.1:8700"),
    Option(
        "ONION",
        "the onion address of the report pages (http://….onion), where you run one",
        default="",
        programs=frozenset({Program.PORTAL}),
    ),
    Option(
        "HELPLINES",
        "which numbers people are shown: `called`, or `read`: also those that nobody has called yet",
        default="called",
        programs=frozenset({Program.PORTAL}),
    ),
    Option("APP_URL", "the address of the console and of the platform API", default="http://127.0.0.1:8701"),
)
