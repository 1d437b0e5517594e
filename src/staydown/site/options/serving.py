"""How the pages are served, and what they say."""

from staydown.site.options.declaration import Option

OPTIONS = (
    Option("CONTACT", "the e-mail address for authorities and organisations, shown to them on the portal", default=""),
    Option("REPORTS_PER_HOUR", "how many reports one address may send in an hour", default="60"),
    Option("PROXIES", "how many reverse proxies of yours stand before the portal; 0: none", default="0"),
    Option("DEMO", "1 in `make demo` only: one-time links sign staff in without a second factor", default="0"),
    Option("LOG_LEVEL", "debug, info, warning or error", default="info"),
)
