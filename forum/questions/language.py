from forum.safety.chinese import HAN


def detect_language(text: str) -> str:
    """`zh-hant` where at least a fifth of the letters are Chinese characters, else `en`."""
    letters = sum(character.isalpha() for character in text)
    return "zh-hant" if letters and len(HAN.findall(text)) / letters >= 0.2 else "en"
