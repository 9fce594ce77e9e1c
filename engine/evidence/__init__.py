"""What lets others check a decision without asking us: canonical bytes, signatures, the log."""
