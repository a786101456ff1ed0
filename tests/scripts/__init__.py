"""Tests of the commands around the system."""
