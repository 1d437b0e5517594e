"""What the command line does: one module for each command, with `add` (its arguments) and `run` (its exit code)."""
