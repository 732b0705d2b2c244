LONGEST = 280


def excerpt(text: str) -> str:
    """White space folded to single spaces; at most 280 characters, else the first 280 followed by "..."."""
    # The beginning of a long text is nearly always enough, and cheaper to fold.
    folded = " ".join(text[: LONGEST * 2].split())
    if len(folded) <= LONGEST:
        folded = " ".join(text.split())
    return folded if len(folded) <= LONGEST else f"{folded[:LONGEST]}..."
