"""The one blueprint of the public pages; each module of this folder adds its routes to it."""

from flask import Blueprint

public = Blueprint("public", __name__)
