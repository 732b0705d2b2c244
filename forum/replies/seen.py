"""What somebody who corrects words had before them: nobody overwrites what they have not seen."""

import hashlib
import json


class ChangedMeanwhile(Exception):
    """The published words are others than those the window began with; nothing was changed. `current` has them."""

    def __init__(self, current) -> None:
        super().__init__(current.pk)
        self.current = current


def edition(*words) -> str:
    """A short name for exactly these words, which may be anything that JSON holds."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:32]
