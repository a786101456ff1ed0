"""Pure decisions on plain values: no Flask, no SQL."""
