"""Red flags: signs of an emergency in what a patient writes, English or Chinese of either script.

The rules are data (rules/*.toml): groups of words, and which of them alarm when they stand together. They err on the
loud side for what is said to be so now, and keep quiet for what is denied, long past, over, feared or asked about.
"""

from forum.safety.red_flags.screening import RedFlag, rule_named, screen

__all__ = ["RedFlag", "rule_named", "screen"]
