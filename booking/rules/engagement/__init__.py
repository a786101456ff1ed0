"""What is counted, and how: workstream 1's catalogue and its counting rules, pure functions over plain facts.

`facts` is what figures are counted from and how a fact is derived, one module a section of the catalogue (`offer`,
`coming`, `demand`, `access`, `confidence`, `co_production`, `equity`, `quality`) says what is measured and what it is
called, `catalogue` puts them together, and `counting` counts. The numbers in the comments are those of the counting
rules in `docs/figures.md`.
"""
