"""What the red-flag screen costs: `python -m benchmarks.red_flags`."""

import gzip
import json
import time
from pathlib import Path
from statistics import median, quantiles

from forum.safety.red_flags import screen

SENTENCES = Path(__file__).parent / "red_flags.jsonl"
REAL = Path(__file__).parents[2] / "shared" / "data" / "threads"
LENGTH = 5000
TIMES = 50
LONGEST = 300


def texts() -> dict[str, str]:
    """Texts of LENGTH characters: the sentences one after the other, which alarm all the time, and everyday words."""
    cases = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    everyday = "My eyelid has been twitching for a week and I wonder whether it is tiredness or coffee. "
    made = {"English, everyday": everyday, "Chinese, everyday": "我的眼皮跳了一個星期，想知道是太累還是咖啡喝太多。"}
    for name, prefix in (("English", "en"), ("Chinese", "zh")):
        made[f"{name}, the sentences"] = " ".join(case["text"] for case in cases if case["lang"].startswith(prefix))
    return {name: _at_length(text) for name, text in made.items()}


def real_texts() -> dict[str, list[str]]:
    """By file the LONGEST real questions, each repeated up to LENGTH, and as many texts of different ones joined.

    None where the files are not at hand; fewer where they are short.
    """
    found = {}
    for path in sorted(REAL.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            questions = [json.loads(line)["question"]["text"] for line in lines]
        joined = "".join(questions)
        starts = range(0, len(joined) - LENGTH, LENGTH)[:LONGEST]
        found[path.name] = [_at_length(text) for text in sorted(questions, key=len)[-LONGEST:]]
        found[f"{path.name}, joined"] = [joined[start : start + LENGTH] for start in starts]
    return found


def sentences() -> list[str]:
    """Each of the set's sentences alone, repeated up to LENGTH."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [_at_length(json.loads(line)["text"]) for line in lines]


def _at_length(text: str) -> str:
    return (text * (LENGTH // len(text) + 1))[:LENGTH]


def milliseconds(text: str, times: int = TIMES) -> list[float]:
    """Processor time of each of so many screens, the first one left out: it reads the rules."""
    spent = []
    for _ in range(times + 1):
        began = time.process_time()
        screen(text)
        spent.append((time.process_time() - began) * 1000)
    return spent[1:]


def main() -> None:
    print(f"{LENGTH} characters, {TIMES} times, milliseconds of processor time")
    for name, text in texts().items():
        spent = milliseconds(text)
        print(f"{name:28} median {median(spent):6.2f}  best {min(spent):6.2f}")
    for name, many in {"each sentence repeated": sentences(), **real_texts()}.items():
        spent = [median(milliseconds(text, 3)) for text in many]
        print(f"{name:28} median {median(spent):6.2f}  p99  {quantiles(spent, n=100)[-1]:6.2f}  ({len(many)} texts)")


if __name__ == "__main__":
    main()
