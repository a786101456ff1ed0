"""Charts as numbers: nothing is drawn outside, what is more than nothing is seen, and words never lie on each other."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from booking.formats.charts import Line, Point, columns, lying

PERCENT = st.decimals(min_value=0, max_value=100, places=1)


def point(value: Decimal | None, between: tuple[Decimal, Decimal] | None = None) -> Point:
    return Point(label="Q4", label_below="25-26", said="", value=value, between=between)


class TestColumns:
    @given(st.lists(st.none() | PERCENT, min_size=1, max_size=9))
    def test_columns_stand_inside(self, values: list[Decimal | None]) -> None:
        chart = columns([point(value) for value in values])
        for column in chart.columns:
            assert 0 <= column.y <= chart.floor < chart.height
            assert column.y + column.height == chart.floor
            assert column.x + column.width <= chart.width
            assert column.said_y > 0

    def test_half_is_half_as_tall_and_nothing_has_no_height(self) -> None:
        tall, half, nothing = columns([point(Decimal(80)), point(Decimal(40)), point(None)]).columns
        assert (half.height * 2, nothing.height) == (tall.height, 0)

    def test_a_share_is_measured_against_the_whole_and_its_words_stand_over_the_whisker(self) -> None:
        (column,) = columns([point(Decimal(50), (Decimal(25), Decimal(75)))], most=Decimal(100)).columns
        assert column.high_y is not None
        assert column.low_y is not None
        assert (column.y - column.high_y, column.low_y - column.y) == (column.height // 2, column.height // 2)
        assert column.said_y < column.high_y


class TestLying:
    @given(st.lists(st.lists(st.integers(0, 50).map(Decimal), min_size=1, max_size=3), min_size=1, max_size=8))
    def test_parts_lie_side_by_side_and_more_than_nothing_is_seen(self, lines: list[list[Decimal]]) -> None:
        chart = lying([Line(label="Forum", said="3", parts=tuple(parts)) for parts in lines])
        for parts, bar in zip(lines, chart.bars, strict=True):
            assert [segment.kind for segment in bar.segments] == [n for n, part in enumerate(parts, 1) if part]
            for one, next_ in zip(bar.segments, bar.segments[1:], strict=False):
                assert one.x + one.width == next_.x
            assert all(segment.width > 0 for segment in bar.segments)

    @given(st.text(max_size=60), st.text(max_size=30))
    def test_words_that_are_too_long_for_one_line_stand_in_two(self, label: str, said: str) -> None:
        chart = lying([Line(label=label, said=said), Line(label="Next", said="1")])
        first, second = chart.bars
        assert (first.said_y > first.words_y) == (8 * len(label) + 9 * len(said) > chart.width)
        assert first.y + first.height < second.words_y - 10

    def test_only_shares_have_a_scale(self) -> None:
        assert lying([Line(label="Forum", said="3", parts=(Decimal(3),))]).marks == []
        share = Line(label="Forum", said="50%", share=Decimal(50), between=(Decimal(40), Decimal(60)))
        chart = lying([share], most=Decimal(100))
        assert [words for _x, words in chart.marks] == ["0%", "50%", "100%"]
        assert chart.bars[0].dot_x == chart.marks[1][0]
