"""What a family must agree to before its answers may be kept (`Consent` rows are only ever added)."""

from __future__ import annotations

from collections.abc import Collection

from booking.rules.words import ConsentSubject

WORDING_VERSION = "2026-11"
"""Names the sentences a family agreed to; raise it with every change to the consent sentences of the forms."""


def missing_consent(*, has_needs: bool, has_profile: bool, given: Collection[ConsentSubject]) -> ConsentSubject | None:
    """Return the first consent without which these answers may not be kept."""
    if has_needs and ConsentSubject.NEEDS not in given:
        return ConsentSubject.NEEDS
    if has_profile and ConsentSubject.PROFILE not in given:
        return ConsentSubject.PROFILE
    return None
