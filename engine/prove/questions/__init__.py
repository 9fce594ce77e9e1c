"""The questions that properties ask, each twice: as a formula of what would break it, and as a
judgement of decisions, by which counterexamples are run again.
"""
