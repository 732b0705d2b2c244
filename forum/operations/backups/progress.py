"""Progress bars on standard error, where that is a terminal."""

import sys
from collections.abc import Iterable, Iterator

from tqdm import tqdm


class Progress:
    def tables(self, names: list[str]) -> Iterable[str]:
        return tqdm(names, desc="Counting", unit=" tables", disable=None, file=sys.stderr)

    def files(self, names: list[str]) -> Iterable[str]:
        return tqdm(names, desc="Uploads", unit=" files", disable=None, file=sys.stderr)

    def bytes(self, what: str, parts: Iterable[bytes], total: int | None = None) -> Iterator[bytes]:
        """The parts, as they pass. `total` may be more than comes."""
        with self.meter(what, total) as bar:
            for part in parts:
                bar.update(len(part))
                yield part

    def meter(self, what: str, total: int | None = None) -> tqdm:
        return tqdm(desc=what, total=total, unit="B", unit_scale=True, unit_divisor=1024, disable=None, file=sys.stderr)
