"""Phone numbers, e-mail addresses, and where else on the net somebody is to be found."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from forum.safety.personal.rules import Anchor, Place, Reading, Rule
from forum.safety.personal.spans import Kind

# ---------------------------------------------------------------- phones

CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][-./:])(?:\+\s?|\((?=\+?\d))?\d(?:[\s()./-]{0,2}\d){6,15}(?![A-Za-z0-9]|[.:/-]\d|\s?%)"
)
# One of these shortly before makes a number a phone number wherever it is dialled.
ANNOUNCED = re.compile(
    r"(?i:\bphone|\bcall|\btel\b|\bteleph|\bmobile|\bcell|\bcontact|whats ?app|\btext\b|\bring\b|\bsms\b|\bfax"
    r"|reach (?:me|us)"
    r"|\bviber|\bsignal\b|\bzalo|\bmy (?:number|no\b)|電話|电话|手機|手机|行動|聯絡|联系|联络"
    r"|撥打|拨打|打給|打给|請打|请打|傳真|传真|門號)"
    r"[^\d\n]{0,25}$"
)
NOT_A_PHONE = re.compile(
    r"(?i:\b(?:lot|batch|order|isbn|pmid|doi|issn|report|sample|specimen|item|nct|ref|reference|model|serial)\b"
    r"|編號|编号|單號|单号|批號|批号|序號|序号|條碼|文號|字號)[^\d\n]{0,12}$"
)
A_DATE = re.compile(
    r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])(?!\d)|(?:19|20)\d\d(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d(?!\d)|(?:19|20)\d\d\s?[-/~ ]\s?(?:19|20)\d\d(?!\d)"
)
# Shapes that are phone numbers of these countries and hardly anything else.
SHAPES = (
    ("TW", re.compile(r"09\d\d[ -]?\d{3}[ -]?\d{3}|\(?0[2-8]\d{0,2}\)?[ -]?\d{3,4}[ -]?\d{4}")),
    ("CN", re.compile(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0[1-9]\d{1,2}-\d{7,8}")),
    ("GB", re.compile(r"\(?0[127]\d{2,4}\)?[ -]?\d{3}[ -]?\d{3,4}|\(?02\d\)?[ -]?\d{4}[ -]?\d{4}")),
    ("US", re.compile(r"(?:1[ .-])?(?:\([2-9]\d\d\)\s?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}")),
    ("JP", re.compile(r"0[789]0-\d{4}-\d{4}|0\d-\d{4}-\d{4}")),
    ("KR", re.compile(r"01[016789]-\d{3,4}-\d{4}")),
    ("AU", re.compile(r"04\d\d \d{3} \d{3}|\(?0[2378]\)? \d{4} \d{4}")),
    ("MY", re.compile(r"01\d-\d{3,4}[ -]?\d{4}")),
    ("FR", re.compile(r"0[1-9](?:[ .]\d\d){4}")),
    ("IN", re.compile(r"0?[6-9]\d{4}[ -]\d{5}")),
    ("HK", re.compile(r"[569]\d{3} \d{4}")),
)
# A line that anybody may call, a helpline or a company, is nobody's.
PUBLIC_LINES = {
    *(PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.PREMIUM_RATE),
    PhoneNumberType.VOICEMAIL,
}
# Free or shared-cost lines by how they begin, wherever they are dialled.
PUBLIC_BEGINNING = re.compile(r"\(?(?:080[089]|0508|1[ -]?8(?:00|33|44|55|66|77|88)[ -]|400[ -]?\d{3}|1[38]00 )")
LOOKED_BACK = 40


def phones(reading: Reading, country: str) -> Iterator[Place]:
    """Numbers with a country code, valid ones of `country`, of another where the shape or the words before tell."""
    text = reading.text
    for match in CANDIDATE.finditer(text):
        before = text[max(0, match.start() - LOOKED_BACK) : match.start()]
        if _is_phone(match.group(), before, country):
            yield *match.span(), Kind.PHONE


def _is_phone(written: str, before: str, country: str) -> bool:
    if A_DATE.match(written) or NOT_A_PHONE.search(before) or len(set(written) & set("0123456789")) == 1:
        return False
    if PUBLIC_BEGINNING.match(written) or _kind_of(written, country) in PUBLIC_LINES:
        return False
    if ANNOUNCED.search(before):
        return True
    if written.lstrip("(").startswith("+"):
        return _number(written, None) is not None
    if written.startswith(("0", "(0")) and _kind_of(written, country) != PhoneNumberType.UNKNOWN:
        return True
    shaped = (region for region, shape in SHAPES if shape.fullmatch(written))
    return any(_number(written, region) and _kind_of(written, region) not in PUBLIC_LINES for region in shaped)


def _number(written: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _kind_of(written: str, region: str) -> int:
    """UNKNOWN also for what is no number of that region."""
    number = _number(written, region)
    return phonenumbers.number_type(number) if number else PhoneNumberType.UNKNOWN


# ---------------------------------------------------------------- e-mail

# Bounded, and only from the beginning of a word: a long text without one takes no time.
LOCAL = r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}"
EMAIL = Rule(
    Kind.EMAIL,
    re.compile(rf"{LOCAL}\s?@\s?(?:[A-Za-z0-9-]{{1,63}}\.){{1,5}}[A-Za-z]{{2,24}}(?![A-Za-z0-9-])"),
    ("@",),
)
AT = r"(?:\s{1,2}at\s{1,2}|\s{0,2}[\[({<]\s?at\s?[\])}>]\s{0,2}|\s{0,2}小老鼠\s{0,2}|\s{0,2}@\s{0,2})"
DOT = r"(?:\s{1,2}dot\s{1,2}|\s{0,2}[\[({<]\s?dot\s?[\])}>]\s{0,2}|\s{0,2}點\s{0,2}|\.)"
MAIL_HOSTS = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|proton(?:mail)?|live|msn|aol|gmx|web|mail|qq|163|126"
    r"|naver|pchome)"
)
TOP = r"(?:com|net|org|edu|gov|de|fr|uk|tw|cn|hk|jp|kr|in|it|es|me|io|ch|info)"
SPELLED = Rule(
    Kind.EMAIL,
    re.compile(
        rf"(?<![a-z0-9_.+-])[a-z0-9_.+-]{{1,64}}(?:\sdot\s[a-z0-9_+-]{{1,30}}){{0,2}}{AT}"
        rf"(?:{MAIL_HOSTS}{DOT}{TOP}|[a-z0-9-]{{2,40}}(?:\sdot\s|[\[({{]\s?dot\s?[\])}}]){TOP})(?:{DOT}{TOP})?"
        r"(?![a-z0-9])"
    ),
    ("dot", "小老鼠", "gmail", "mail", "outlook", "yahoo", "icloud", "live.", "msn.", "qq.", "163.", "126.", "proton"),
    anchor=Anchor(re.compile(rf"{MAIL_HOSTS}{DOT}|\bdot\b|小老鼠"), before=140, after=30),
    small=True,
)

# ---------------------------------------------------------------- profiles and chats

URL = re.compile(
    r"(?i)(?<![A-Za-z0-9@])(?:https?://)?(?:www\.|m\.)?(?:"
    r"(?:facebook|fb|instagram|twitter|x|threads|weibo|tiktok|snapchat|vk|pinterest|medium|zhihu|douyin|xiaohongshu)"
    r"\.(?:com|net)/(?!(?:hashtag|explore|help|search|about|groups|watch|policies)\b)[\w@.%/?=&-]{2,120}"
    r"|linkedin\.com/(?:in|pub)/[\w.%-]{2,80}|youtube\.com/(?:@|c/|user/|channel/)[\w.%-]{2,80}"
    r"|(?:t\.me|wa\.me|m\.me|fb\.me|line\.me|lin\.ee|zalo\.me|discord\.gg|about\.me|linktr\.ee"
    r"|u\.wechat\.com)/[\w@+.%/~-]{2,120}"
    r"|(?:reddit\.com/(?:user|u)|github\.com|ko-fi\.com|patreon\.com)/[\w.-]{2,60}"
    r"|(?:drive|docs|photos)\.google\.com/[\w./?=&-]{2,160}|photos\.app\.goo\.gl/\w{2,60}|"
    r"(?:www\.)?dropbox\.com/[\w./?=&-]{2,120}"
    r"|[a-z0-9-]{2,60}\.(?:blogspot|wordpress|tumblr|wixsite|weebly|pixnet|github|vocus)\.(?:com|net|io|cc)"
    r"(?:/[\w./%-]{0,80})?"
    r"|[a-z0-9.-]{3,80}\.[a-z]{2,10}/~[\w.-]{2,40})"
)
PAGE = re.compile(
    r"\bmy (?:own |personal )?(?:blog|website|web ?site|home ?page|web page|site|page|profile) (?:is|at|:)? ?(?:at )?"
    r"(?P<found>(?:https?://|www\.)?[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,4}(?:/[\w./~%-]{0,80})?)"
)
NETWORK = (
    r"(?:wechat|weixin|whats ?app|telegram|instagram|insta|facebook|messenger|snapchat|skype|discord|kakao"
    r"(?: ?talk)?|twitter"
    r"|tik ?tok|zalo|viber|line|ig|fb|qq|tg|微信|臉書|脸书|抖音|小紅書|小红书|微博|賴|赖)(?![a-z])"
)
SAYS = r"(?:\s?(?:id|account|handle|user ?name|name|號碼?|号码?|帳號|账号|帳戶)(?![a-z]))?"
LINK = r"\s{0,2}(?P<link>is|as|at|under|:|=|是|叫|為|为|搜|找|,|\()?\s{0,2}"
HANDLE = r"(?P<found>@?[a-z0-9][a-z0-9_.-]{2,31}(?:#\d{4})?)(?![a-z0-9@])"
# A word that follows the name of a network and is no handle.
WORDS = set(
    """
    account after all also and app are bad because before but call calls can chat day every for free from full
    good group groups has have here home how id is it made make makes me message messages much no none not now
    number online only page photo photos post posts read said says search see text that the there this too very
    video videos was what when where who will with would yes you
    """.split()  # noqa: SIM905
)


def _is_handle(match: re.Match) -> bool:
    before = match.string[max(0, match.start() - 8) : match.start()]
    handle, link = match["found"].strip("."), match["link"]
    if before[-1:].isascii() and before[-1:].isalpha():
        return False
    if handle in WORDS or (handle.replace(".", "").isdigit() and len(handle) < 5):
        return False
    if re.search(r"[\d_@#]|[a-z]\.[a-z]", handle):
        return True
    if link in (None, ",", "("):
        return bool(re.search(r"id|account|handle|user|[號号帳账]", match.string[match.start() : match.start("found")]))
    return link not in ("is", "as", "at", "under") or before.endswith(("my ", "our ", "his ", "her "))


AT_SIGN = Anchor(re.compile(r"(?<![a-z0-9])@(?=\w)"), before=50, after=32)
SITES = (".com/", ".net/", ".me/", ".gg/", ".ee/", ".gl/", "/~", ".blogspot.", ".wordpress.", ".tumblr.", ".wixsite.")
CHATS = (
    Rule(Kind.PROFILE, re.compile(NETWORK + SAYS + LINK + HANDLE), small=True, check=_is_handle),
    Rule(
        Kind.PROFILE,
        re.compile(
            rf"(?:{NETWORK}|follow me|find me|add me|dm me|message me|加我|找我|私訊|私信)[^@\n]{{0,30}}"
            r"(?<![a-z0-9])(?P<found>@[\w.]{2,30})(?![\w@])"
        ),
        anchor=AT_SIGN,
        small=True,
    ),
    Rule(Kind.PROFILE, URL, (*SITES, ".weebly.", ".pixnet.", ".github.", ".vocus.")),
    Rule(Kind.PROFILE, PAGE, ("my ",), small=True),
)
RULES = (EMAIL, SPELLED, *CHATS)
