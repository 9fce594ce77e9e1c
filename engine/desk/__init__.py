"""Where a rule is written: one file checked and explained quickly against a base in force.

Pure: no store, no clock, no sockets. Texts and bytes come in, typed answers go out.
"""
