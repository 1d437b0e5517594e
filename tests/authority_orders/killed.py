"""`light.shift` in a process of its own, to be killed: `… DATABASE`, then a number each line (`tests.forked`)."""

from tests.forked import serve, set_up

set_up()

from tests.authority_orders.light import shift  # noqa: E402  after the set-up

serve(lambda line: shift(int(line)))
