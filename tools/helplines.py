"""Before a release (never in `make test`): the helplines that people are shown and that nobody has called in 180 days."""

import sys
from datetime import UTC, datetime

from staydown.regimes import helplines


def main() -> int:
    """Print each of them; 1 where there is one."""
    today, due = datetime.now(UTC).date(), 0
    for country in sorted(helplines.directory().countries):
        for line in helplines.in_country(country).lines:
            if line.telephone and (line.verified_on is None or line.is_old(today)):
                due += 1
                print(f"{country}: {line.name} ({line.reach}): called {line.verified_on or 'never'}")
    print(
        f"{due} numbers are to be called; then write the day into src/staydown/regimes/data/helplines.yaml (verified_on)"
    )
    return 1 if due else 0


if __name__ == "__main__":
    sys.exit(main())
