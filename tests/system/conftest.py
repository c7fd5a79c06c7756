"""What is no test here."""

collect_ignore = ["crashing.py"]  # a program: it patches whoever imports it
