"""Keys and salts, and who vouches for the journal that one of them signs."""

from staydown.site.options.declaration import STAFFED, Option, Program

OPTIONS = (
    Option(
        "RECEIPT_SALT", "64 hex digits mixed into every receipt, so that a stolen database cannot be guessed elsewhere"
    ),
    Option("WORKING_PUBLIC", "the working public key (age1…): words are sealed to it"),
    Option(
        "WORKING_KEY",
        "the working private key (AGE-SECRET-KEY-1…), then former ones, with commas: opens words of open cases",
        programs=STAFFED,
        secret=True,
    ),
    Option(
        "FINGERPRINT_KEY",
        "64 hex digits, then those of former keys, with commas: encrypts fingerprints at rest",
        programs=STAFFED,
        secret=True,
    ),
    Option("LINK_PUBLIC", "the Ed25519 public key (hex) with which the portal checks platforms' report links"),
    Option(
        "LINK_KEY",
        "the Ed25519 private key (hex) that signs report links",
        programs=frozenset({Program.APP}),
        secret=True,
    ),
    Option(
        "JOURNAL_KEY",
        "the Ed25519 private key (hex) that signs the journal's tree heads",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "JOURNAL_PUBLIC",
        "the Ed25519 public key (hex) that checks the journal's tree heads, then former ones, with commas",
    ),
    Option(
        "TSA",
        "addresses of time-stamping authorities (RFC 3161) for the journal's checkpoints, with commas",
        default="",
        programs=STAFFED,
    ),
    Option(
        "TSA_ROOTS",
        "a file with the PEM certificates that time-stamps must come from, in the end",
        default="",
        programs=STAFFED,
    ),
    Option(
        "WITNESS",
        "who keeps the journal's checkpoints: address and verifier key, several with commas",
        default="",
        programs=STAFFED,
    ),
    Option("SECRET_KEY", "signs the staff's sessions", programs=frozenset({Program.APP}), secret=True),
)
