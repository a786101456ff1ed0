"""What the system does, one verb a file: lock, ask a rule, write, notify. Never commits."""
