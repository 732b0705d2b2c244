LONGEST = 280


def excerpt(text: str) -> str:
    """White space folded to single spaces; at most 280 characters, else the first 280 followed by "..."."""
    # Folding only shortens, and no card needs more than the beginning of a long text.
    folded = " ".join(text[: LONGEST * 20].split())
    return folded if len(folded) <= LONGEST else f"{folded[:LONGEST]}..."
