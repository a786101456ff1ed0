"""What machines read: the calendar feed, Atom, the JSON interface, health."""

from __future__ import annotations

from flask import Blueprint

blueprints: tuple[Blueprint, ...] = ()
