"""What a trader declares, what an agency knows, and the typed facts that follow from both.

Boundary: knows the vocabulary, never a rule. Unknown stays unknown: nothing is guessed.
"""
