"""Our objects to bytes and words."""
