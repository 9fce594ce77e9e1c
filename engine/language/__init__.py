"""What a rule is and what it may speak of: vocabulary, conditions, rules, files, checks, sentences.

Boundary: no RDF, no declaration, no engine. Every other room may import this one.
"""
