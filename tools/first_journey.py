"""Play the first journey and write what was printed to docs/first-journey.txt and, between its marks, to README.md."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
PRINTED = HERE / "docs" / "first-journey.txt"
README = HERE / "README.md"
BEGIN, END = "<!-- first journey: written by make pictures -->\n", "<!-- end -->\n"


def main() -> int:
    command = (sys.executable, "-m", "staydown.cli", "demo", "--story")
    played = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if played.returncode:
        sys.stderr.write(played.stdout + played.stderr)
        return 1
    PRINTED.write_text(f"$ make demo STORY=1\n{played.stdout.rstrip()}\n", encoding="utf-8")
    README.write_text(within(README.read_text(encoding="utf-8"), PRINTED.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def within(page: str, printed: str) -> str:
    """The page with what was printed between the marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}```\n{printed}```\n{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    sys.exit(main())
