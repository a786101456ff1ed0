"""What may be logged of an error: its kind and its place. Its text may hold an address or a name."""

from __future__ import annotations


def kind_and_place(error: BaseException) -> str:
    """Return such as `ValueError at mime.py:41`."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
