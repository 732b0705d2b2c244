"""Postal addresses."""

import re

from forum.safety.personal.rules import Anchor, Rule
from forum.safety.personal.spans import Kind

STREETS = (
    r"(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Boulevard|Blvd\.?|Lane|Ln\.?|Drive|Dr\.?|Court|Ct\.?|Square"
    r"|Terrace|Highway|Hwy"
    r"|Crescent|Close|Grove|Gardens|Place|Parade|Row|Mews|Parkway|Pkwy)"
)
POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}"
# What follows a street: the flat, the town, the code.
FLAT = r"(?:,?\s(?:Apt|Apartment|Unit|Flat|Suite|Room|Floor|#)\.?\s?#?[A-Z]?\d{0,5}[A-Z]?(?![A-Za-z0-9]))?"
TOWN = (
    rf"(?:,\s(?:\d{{4,6}}\s)?[A-Z][\w'-]{{1,25}}(?:\s[A-Z][\w'-]{{1,25}}){{0,2}}(?:,?\s(?:{POSTCODE}"
    rf"|[A-Z]{{2,3}}\s\d{{4,5}}|\d{{4,6}}))?)?"
)
NUMBER = r"(?<![A-Za-z0-9.,/-])\d{1,5}(?:[A-Za-z]|-\d{1,4})?"
WESTERN = (
    Rule(
        Kind.ADDRESS,
        re.compile(
            r"\b(?:Flat|Apt|Apartment|Unit|Room|Suite)\.?\s[A-Z]?\d{1,4}[A-Z]?,\s"
            rf"(?=\d{{1,5}}[A-Za-z]?\s(?:[A-Z0-9][\w'.-]{{0,24}}\s){{1,4}}{STREETS}(?![A-Za-z]))"
        ),
        ("flat ", "apt", "apartment", "unit ", "room ", "suite "),
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(rf"{NUMBER},?\s(?:[A-Z0-9][\w'.-]{{0,24}}\s){{1,4}}{STREETS}(?![A-Za-z]){FLAT}{TOWN}"),
        ("st", "r", "ave", "blvd", "l", "dr", "c", "square", "h", "g", "p", "mews"),
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            r"(?i:\b(?:live|lives|living|living at|reside|resides|stay|moved|rent|rents|renting|home|house|flat"
            r"|address|addr)\b[^\d\n.]{0,20})"
            rf"(?P<found>\d{{1,5}}[a-z]?,?\s(?!(?:km|m|miles?|min|minutes?|blocks?|years?|hours?|floors?|of|people"
            rf"|met\w\w\w?)\b)(?:(?:[\w'-]{{1,24}}\s){{1,3}}(?i:{STREETS})(?![A-Za-z])|(?i:jalan|lorong|rue|calle"
            rf"|via)\s[\w'-]{{2,24}}){FLAT}{TOWN})"
        ),
        ("live", "living", "reside", "stay", "moved", "rent", "home", "house", "flat", "addr"),
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            rf"{NUMBER}(?:\s?(?:bis|ter))?,?\s(?i:rue|avenue|boulevard|place|chemin|allée|impasse"
            rf"|quai)\s[\w' -]{{2,40}}?(?=[,.;\n]|$){TOWN}"
        ),
        ("rue ", "avenue ", "boulevard ", "place ", "chemin ", "allée ", "impasse ", "quai "),
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            r"\b(?:Calle|Avenida|Avda\.?|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua|Jalan|Jl\.|Lorong)\s"
            r"(?:[^\W\d][\w'.-]{0,20}\s){0,3}[^\W\d][\w'.-]{0,20},?\s"
            rf"(?:n\.?[º°]?\s?)?\d{{1,5}}[A-Z]?(?![A-Za-z0-9]){TOWN}"
        ),
        ("calle", "av", "plaza", "paseo", "via", "piazza", "corso", "rua", "jalan", "jl.", "lorong"),
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            rf"\b[A-ZÄÖÜ][a-zäöüß-]{{2,25}}(?:straße|strasse|str\.|gasse|platz|weg|allee)\s\d{{1,4}}\s?[a-z]?"
            rf"(?![A-Za-z0-9]){TOWN}"
        ),
        ("str", "gasse", "platz", "weg", "allee"),
    ),
    Rule(Kind.ADDRESS, re.compile(rf"(?<![A-Za-z0-9]){POSTCODE}(?![A-Za-z0-9])")),
    Rule(Kind.ADDRESS, re.compile(r"(?i)\bp\.?\s?o\.? box \d{1,6}\b"), ("box",)),
)

H = r"(?:(?![在於到從是住于从])[\u3400-\u9fff])"
N = r"[一二三四五六七八九十百\d]"
REGION = (
    rf"(?:{H}{{2,3}}[縣市县省])?(?:{H}{{2,3}}[縣市县])?(?:{H}{{1,3}}[區鄉鎮市区乡镇])?(?:{H}{{1,3}}[里村])?"
    rf"(?:{N}{{1,3}}[鄰邻])?"
)
ROAD = rf"{H}{{1,5}}(?:路|街|大道)(?:{N}{{1,3}}段)?(?:{N}{{1,4}}巷)?(?:{N}{{1,4}}弄)?"
DOOR = rf"{N}{{1,4}}(?:[-之]{N}{{1,3}})?[號号](?:之{N}{{1,3}})?(?:[棟栋楼樓](?!下))?"
FLOOR = (
    rf"(?:\s?{N}{{1,3}}(?:樓|楼|[Ff](?![A-Za-z]))(?:[-之]{N}{{1,3}})?)?(?:\s?{N}{{1,4}}[室房])?(?:\s?{N}{{1,4}}单元)?"
    rf"(?:{H}{{2,8}}(?:大厦|大廈|大樓|大楼|广场|廣場|公寓|小区|小區|社区|社區))?"
)
ESTATE = r"(?:小区|小區|花园|花園|社區|社区|新村|公寓|大廈|大厦|家园|家園|苑)"
NUMBERED = Anchor(re.compile(rf"{N}[號号]"), before=50, after=25)
IN_AN_ESTATE = Anchor(re.compile(ESTATE + r"\s?\d"), before=40, after=30)
LIVES = Anchor(re.compile(r"住在|住於|家住|家在|地址|我住"), after=40)
CHINESE = (
    Rule(Kind.ADDRESS, re.compile(REGION + ROAD + DOOR + FLOOR), anchor=NUMBERED),
    Rule(
        Kind.ADDRESS,
        re.compile(
            rf"{H}{{2,3}}[縣市县](?:{H}{{1,3}}[區鄉鎮市区乡镇])?{H}{{1,4}}[村里](?:{N}{{1,3}}[鄰邻])?{N}{{1,4}}[號号]"
        ),
        anchor=NUMBERED,
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            rf"{REGION}(?:{ROAD})?{H}{{2,6}}{ESTATE}\s?{N}{{1,4}}(?:[棟栋幢座]|[號号][樓楼院])"
            rf"(?:\s?{N}{{1,3}}单元)?(?:\s?{N}{{1,5}}[室號号樓楼])?"
        ),
        anchor=IN_AN_ESTATE,
    ),
    Rule(
        Kind.ADDRESS,
        re.compile(
            r"(?:住在|住於|家住|家在|地址(?:是|為|为|:)?|我住)\s?"
            rf"(?P<found>(?:{H}{{2,3}}[縣市县省])?{H}{{1,3}}[區鄉鎮市区乡镇县縣]{ROAD})"
        ),
        anchor=LIVES,
    ),
)
RULES = (*WESTERN, *CHINESE)
