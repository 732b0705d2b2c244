"""Whether a number ends in the check digit that its other digits give. Each takes it without blanks and signs."""

from datetime import date

# What each letter of a Taiwanese id counts for (Household Registration Office): A 10 ... Z 33.
TAIWAN_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", 10)}
SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
# What a letter counts for at an odd place; a digit counts as the letter of its number.
ITALIAN_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
ITALIAN_ODD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", ITALIAN_VALUES, strict=True))
ITALIAN_ODD |= dict(zip("0123456789", ITALIAN_VALUES, strict=False))
DIHEDRAL = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
VERHOEFF = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def weighted(number: str, *weights: int) -> int:
    """The sum of the first digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def is_luhn(number: str) -> bool:
    """Payment cards and the Canadian SIN (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return len(set(number)) > 1 and sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def is_taiwan_id(number: str) -> bool:
    """A123456789; resident certificates of foreigners as they are (A8...) and as they were (AB...)."""
    letter = TAIWAN_LETTERS[number[0]]
    second = number[1] if number[1].isdigit() else str(TAIWAN_LETTERS[number[1]] % 10)
    return weighted(f"{letter}{second}{number[2:]}", 1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1) % 10 == 0


def is_chinese_id(number: str) -> bool:
    """18 digits with a date of birth (GB 11643-1999)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return is_date(number[6:14]) and "10X98765432"[weighted(number, *weights) % 11] == number[17].upper()


def is_date(digits: str) -> bool:
    """YYYYMMDD."""
    try:
        return 1880 < date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


def is_hong_kong_id(number: str) -> bool:
    """A1234563, A as 10; the check digit may be an A."""
    letters = [36] * (9 - len(number)) + [int(letter, 36) for letter in number[:-7]]
    counted = sum(letter * weight for letter, weight in zip(letters, (9, 8), strict=True))
    return (counted + weighted(number[-7:-1], 7, 6, 5, 4, 3, 2) + int(number[-1], 16)) % 11 == 0


def is_nhs_number(number: str) -> bool:
    """Ten digits (NHS Data Dictionary)."""
    return len(set(number)) > 1 and weighted(number, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0


def is_aadhaar(number: str) -> bool:
    """Twelve digits (Verhoeff)."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = DIHEDRAL[check][VERHOEFF[place % 8][int(digit)]]
    return check == 0


def is_spanish_id(number: str) -> bool:
    """DNI 12345678Z and NIE X1234567L."""
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return SPANISH_LETTERS[int(digits) % 23] == number[-1]


def is_codice_fiscale(number: str) -> bool:
    """Sixteen letters and digits (DM 23 December 1976)."""
    even = sum(int(sign) if sign.isdigit() else ord(sign) - ord("A") for sign in number[1:15:2])
    return chr(ord("A") + (sum(ITALIAN_ODD[sign] for sign in number[:15:2]) + even) % 26) == number[15]


def is_french_nir(number: str) -> bool:
    """Fifteen digits; Corsica's 2A and 2B count as 19 and 18."""
    digits = number.upper().replace("2A", "19").replace("2B", "18")
    return digits.isdigit() and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_my_number(number: str) -> bool:
    """Twelve digits (Japan, ordinance 85 of 2014)."""
    rest = weighted(number, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def is_singapore_nric(number: str) -> bool:
    """S1234567D; T and G count four more, M three."""
    more = {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    rest = (weighted(number[1:8], 2, 7, 6, 5, 4, 3, 2) + more) % 11
    if number[0] == "M":
        return "KLJNPQRTUWX"[10 - rest] == number[8]
    return ("JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK")[rest] == number[8]


def is_cpf(number: str) -> bool:
    """Eleven digits (Brazil)."""
    first = weighted(number, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
    second = weighted(number, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
    return len(set(number)) > 1 and number[9:] == f"{first}{second}"
