"""The facts that figures are counted from, one module a kind: a handful of queries, whatever the number of sessions."""
