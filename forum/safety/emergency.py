"""Numbers to call, by country. Sources: the ITU's list of national emergency numbers and the governments' own pages."""

from dataclasses import dataclass

NUMBERS = {
    "AU": "000",
    "CA": "911",
    "CN": "120",
    "GB": "999",
    "HK": "999",
    "IN": "112",
    "JP": "119",
    "KR": "119",
    "MO": "999",
    "MY": "999",
    "NZ": "111",
    "PH": "911",
    "SG": "995",
    "TW": "119",
    "US": "911",
}
# In the European Union, in most of Europe, and on every mobile phone of the GSM standard.
EVERYWHERE_ELSE = "112"


def emergency_number(country: str) -> str:
    """The number that brings an ambulance in this country (ISO 3166 code)."""
    return NUMBERS.get(country, EVERYWHERE_ELSE)


@dataclass(frozen=True)
class CrisisLine:
    """A line for people who think of ending their life; `number` as it is dialled in the country."""

    name: str
    number: str
    source: str


# The health authority's own, or the one it names; the page of each is its source.
CRISIS_LINES = {
    "AU": CrisisLine("Lifeline", "13 11 14", "https://www.lifeline.org.au/"),
    "CA": CrisisLine("9-8-8 Suicide Crisis Helpline", "988", "https://988.ca/"),
    "CN": CrisisLine("全国统一心理援助热线", "12356", "https://www.nhc.gov.cn/"),
    "DE": CrisisLine("TelefonSeelsorge", "0800 111 0 111", "https://www.telefonseelsorge.de/"),
    "FR": CrisisLine("Numéro national de prévention du suicide", "3114", "https://3114.fr/"),
    "GB": CrisisLine("Samaritans", "116 123", "https://www.samaritans.org/"),
    "HK": CrisisLine("情緒通 Mental Health Support Hotline", "18111", "https://www.shallwetalk.hk/"),
    "IE": CrisisLine("Samaritans", "116 123", "https://www.samaritans.org/ireland/"),
    "IN": CrisisLine("Tele MANAS", "14416", "https://telemanas.mohfw.gov.in/"),
    "JP": CrisisLine("よりそいホットライン", "0120-279-338", "https://www.mhlw.go.jp/mamorouyokokoro/soudan/tel/"),
    "KR": CrisisLine("자살예방 상담전화", "109", "https://www.mohw.go.kr/"),
    "MY": CrisisLine("Befrienders KL", "03-7627 2929", "https://www.befrienders.org.my/"),
    "NZ": CrisisLine("1737 Need to talk?", "1737", "https://1737.org.nz/"),
    "PH": CrisisLine("NCMH Crisis Hotline", "1553", "https://ncmh.gov.ph/"),
    "SG": CrisisLine("Samaritans of Singapore", "1767", "https://www.sos.org.sg/"),
    "TW": CrisisLine("安心專線", "1925", "https://www.mohw.gov.tw/"),
    "US": CrisisLine("988 Suicide & Crisis Lifeline", "988", "https://988lifeline.org/"),
}


@dataclass(frozen=True)
class HelpLines:
    """Whom to call in a country: the ambulance, and the crisis line where the site knows one."""

    emergency: str
    crisis: CrisisLine | None


def help_lines(country: str) -> HelpLines:
    """For this country (ISO 3166 code)."""
    return HelpLines(emergency_number(country), CRISIS_LINES.get(country))
