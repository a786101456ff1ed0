"""The one blueprint of what machines read; nothing here sets a cookie."""

from flask import Blueprint

feeds = Blueprint("feeds", __name__)
