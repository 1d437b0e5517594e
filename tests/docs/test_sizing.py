"""The page on sizing says what its command writes of the results that are there, and its figures follow from them."""

from bench import sizing
from bench.sizing import Measured, Need


def test_the_page_is_what_its_command_writes():
    assert sizing.PAGE.read_text(encoding="utf-8") == sizing.written(), "run `python -m bench.sizing`"


def test_twice_the_rows_take_twice_the_memory_and_time_until_they_need_another_machine():
    measured = Measured(10**7, 128, 40_000, 5, "")
    one, two = Need.of(measured, 10**8), Need.of(measured, 2 * 10**8)
    assert (two.memory, two.query, two.shards) == (2 * one.memory, 2 * one.query, 1)
    many = Need.of(measured, 10**10)
    assert many.shards == 8 == -(-1280 // (0.7 * 256))
    assert many.query == measured.seconds(10**10) / 8


def test_the_largest_size_that_was_measured_is_taken_by_the_names_of_its_columns():
    head = "| index | build | bytes/hash | one query p50 / p99 | queries/s, 1 thread |\n|---|---|---|---|---|\n"
    row = "| **staydown** (C) | {} | {} | 9 µs / 9 µs | {} |\n| peer | 1 s | 9 | 1 ms / 1 ms | 7 |\n"
    page = "# Matching\n\nA machine.\nMore.\n" + "".join(
        f"\n## {size} hashes\n\n{head}{row.format(*each)}"
        for size, *each in [("100,000", "10 ms", "186", "379,008"), ("1,000,000", "1.5 s", "149", "48,546")]
    )
    assert Measured.of(page) == Measured(1_000_000, 149, 48_546, 1.5, "A machine.")
