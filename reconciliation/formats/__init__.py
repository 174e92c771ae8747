"""Statement formats: each file beside this one that declares FORMAT is one (base.py says what it must bring)."""
