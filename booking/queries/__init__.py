"""Reads: one page's worth of data a function; never writes."""
