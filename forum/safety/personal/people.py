"""Names and dates of birth."""

import re

from forum.safety.personal.rules import Anchor, Rule
from forum.safety.personal.spans import Kind

# ---------------------------------------------------------------- names in Latin letters

WORD = r"[A-Z][\w'-]{0,20}[a-z\u00df-\u024f][\w'-]{0,20}"
NAME = rf"{WORD}(?:\s(?:(?:de|da|del|di|van|von|der|den|bin|binti|al|el|la|le|O')\s){{0,2}}{WORD}){{0,2}}"
# Characters behind a word that announces a name, the longest name included.
LONGEST = 200
# Capitalised words that follow a greeting, a title or "my mother" and are no names.
NO_NAMES = set(
    """
    a ab addison adhd african again all also alzheimer american an and anonymous any anyone april arab are as
    asian asperger at august australian b barrett been behcet behçet bell both british but can canadian catholic
    chinese christian christmas community consilium consult covid crohn cushing dad dear december do doc doctor
    doctors down dr dutch easter english epstein european everybody everyone father february folks for french
    friday friend friends german god google graves had has hashimoto have he hello hey hi hirschsprung hodgkin
    how huntington i ibs if in indian irish is it italian january japanese jesus jewish july june just kawasaki
    klinefelter korean lou lyme madam madame march marfan may medicine member meniere menopause mom monday
    mother mr mrs ms mum muslim my ménière no not november now nurse o october of on or paget parkinson patient
    patients pcos please polish prof professor raynaud reader readers rh right russian said saturday september
    she should sir sjogren sjögren so some spanish sunday swedish team thank thanks that the there this thursday
    to tourette tuesday turkish turner type user vegan visit was we wednesday what when where who why will
    wilson yes you your
    """.split()  # noqa: SIM905
)


def _is_name(match: re.Match) -> bool:
    first = match[match.lastgroup].split()[0].removesuffix("'s").lower()
    return first not in NO_NAMES


def _is_titled_name(match: re.Match) -> bool:
    return match["name"].removesuffix("'s").split()[0].lower() not in NO_NAMES


RELATIVES = (
    r"(?:son|daughter|husband|wife|mother|father|mom|mum|dad|brother|sister|friend|partner|boyfriend|girlfriend"
    r"|baby|boy"
    r"|girl|grandmother|grandfather|grandma|grandpa|uncle|aunt|niece|nephew|cousin|fianc[eé]e?|neighbou?r|boss"
    r"|colleague)"
)
# Lower case after "my name is": a name where nothing but the sentence's end or "and" follows.
WRITTEN_SMALL = (
    r"(?!(?:not|too|so|very|private|secret|unimportant|irrelevant|unknown|the|a|an|on|in|my|of|hard|long|known"
    r"|different"
    r"|wrong|misspel\w{1,4}|written|spelled|below|above|here|there|no|none)\b)[a-z][a-z'-]{1,20}(?:\s(?!(?:and"
    r"|from|here|writing|speaking)\b)[a-z][a-z'-]{1,20})?"
    r"(?=\s{0,2}(?:[,.;!\n)]|$|and\b|i\b|from\b))"
)
LATIN = (
    Rule(
        Kind.NAME,
        re.compile(
            r"\b(?P<found>(?:Mr|Mrs|Ms|Miss|Mx|Madam|Señora|Señor|Herr|Frau|Monsieur|Madame)(?:\.\s?|\s)"
            rf"(?P<name>{NAME}))"
        ),
        ("mr", "ms", "mi", "mx", "mad", "señor", "herr", "frau", "mons"),
        check=_is_titled_name,
    ),
    Rule(
        Kind.NAME,
        re.compile(
            r"(?i:\b(?:my|his|her|our|the patient's|patient|full|real|whose) (?:full |first |last |real "
            r"|family )?name(?:'s| is|:| was| =)"
            rf"|\bname\s?:|\bi(?:'m| am) called|\bi go by|\bi(?:'m| am) named|\b(?:is|was) named)\s{{1,2}}"
            rf"(?P<found>{NAME})"
        ),
        anchor=Anchor(re.compile("name|called|go by"), before=24, after=LONGEST),
        check=_is_name,
    ),
    Rule(
        Kind.NAME,
        re.compile(rf"(?i:\bmy (?:full |first |last |real )?name(?:'s| is))\s{{1,2}}(?P<found>{WRITTEN_SMALL})"),
        ("my ",),
    ),
    Rule(
        Kind.NAME,
        re.compile(
            rf"\b(?i:this is|it's|it is|i'?m|i am)\s(?P<found>{NAME})(?=\s(?:again|here|speaking|writing)\b)"
            rf"|\b(?i:i'?m|i am)\s(?P<mine>{WORD}(?:\s{WORD})?)(?=,|\sand\sI\b)"
        ),
        anchor=Anchor(re.compile("this is|it's|it is|\\bi'?m|\\bi am"), after=LONGEST),
        check=_is_name,
    ),
    Rule(
        Kind.NAME,
        re.compile(
            r"\b(?i:my|our|his|her)\s(?:(?:little|older|younger|elder|late|best|old|eldest"
            rf"|youngest)\s)?{RELATIVES},?\s(?P<found>{NAME})"
        ),
        ("my ", "our ", "his ", "her "),
        check=_is_name,
    ),
    Rule(
        Kind.NAME,
        re.compile(
            rf"(?:^|(?<=[\n.!?]))[\s\"]{{0,3}}(?:Hello|Hi|Hey|Dear|Good (?:morning|afternoon|evening))(?:\s"
            r"(?:again|there))?,?\s"
            rf"(?P<found>{NAME})(?=\s{{0,2}}[,.!:;\n]|\s{{0,2}}$|\s-)"
        ),
        ("hello", "hi", "hey", "dear", "good "),
        check=_is_name,
    ),
    Rule(
        Kind.NAME,
        re.compile(
            r"(?i:\b(?:regards|sincerely|yours (?:truly|faithfully)|best wishes|all the best|cheers|thanks"
            r"(?: a lot| so much"
            r"|(?: very| in)? (?:much|advance))?|thank you(?: (?:so|very) much| in advance)?|greetings|signed)\b|"
            r"(?:^|[\n.!?])\s?love,)"
            rf"[,.!\s-]{{1,4}}(?P<found>{NAME})(?=\s{{0,3}}(?:[.!]\s{{0,3}})?$|\s{{0,2}}\n|\s\()"
        ),
        anchor=Anchor(
            re.compile("regards|sincerely|yours|wishes|best|cheers|thank|love|greetings|signed"),
            before=12,
            after=LONGEST,
        ),
        check=_is_name,
    ),
)

# ---------------------------------------------------------------- names in Chinese characters

# The commonest family names, in both scripts, and the double ones.
SURNAMES = (
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐周葉蘇莊江呂何羅高蕭潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋方"
    "鄧杜傅侯曹溫薛丁馬蔣唐卓藍馮姚石董紀歐程連古汪湯姜田康鄒白涂尤巫韓龔嚴袁阮童陸金倪夏柳邵錢伍于譚駱熊任甘秦"
    "陈黄张吴刘杨许郑谢赖苏庄吕罗萧简钟赵卢颜孙邓温马蒋蓝冯纪欧连汤邹韩龚严陆钱谭骆贾崔孔毛史龙万段雷郝邵孟龍萬賈"
)
DOUBLE_SURNAMES = "歐陽|欧阳|司馬|司马|上官|諸葛|诸葛|范姜|張簡|张简|皇甫"
# Those that begin no common word, such as "高血壓" and "周邊".
PLAIN_SURNAMES = (
    r"[陳林黃張李王吳劉蔡楊鄭謝郭邱廖賴徐蘇莊呂羅蕭潘朱鍾彭詹趙盧梁鄧蔣馮陈黄张吴刘杨郑谢赖苏庄吕罗萧钟赵卢邓蒋冯沈胡余邵魏孫孙]|周(?![邊边圍围期末日歲岁遭])|許(?!多)|许(?!多)|曾"
    r"(?![經经有因在是])|何(?![時时況况種种處处])"
    r"|葉(?![酸黃])|叶(?![酸黄])|游(?!泳)|施(?!打)|方(?![便法式面])"
)
SURNAME = rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])"
H = r"[\u3400-\u9fff]"
ENDS = r"(?=[，,。.！!、；;：:\s)）(（?？\n]|$|今年|現年|现年|想|是|住|您好|你好|，|有|目前|最近|的)"
TITLE = (
    r"(?!老師專線|老师热线)(?:先生|小姐|女士|太太|媽媽|妈妈|爸爸|同學|同学|老師|老师"
    r"|奶奶|爺爺|爷爷|伯伯|阿姨|婆婆|弟弟|妹妹|夫人)"
)
CHINESE = (
    Rule(
        Kind.NAME,
        re.compile(
            rf"(?<!{H}){SURNAME}{H}{{0,2}}?{TITLE}"
            rf"|(?<=[請找問是叫看給由的和與跟请问给与位愛爱致])(?!的){SURNAME}{H}{{0,2}}?{TITLE}"
        ),
        (
            "先生",
            "小姐",
            "女士",
            "太太",
            "媽",
            "妈",
            "爸",
            "同",
            "老",
            "奶",
            "爺",
            "爷",
            "伯",
            "姨",
            "婆",
            "弟",
            "妹",
            "夫人",
        ),
    ),
    Rule(
        Kind.NAME,
        re.compile(
            rf"(?:(?:我|本人|他|她|兒子|女兒|先生|太太|儿子|女儿|小孩|孩子|寶寶|宝宝)(?:名字|本名|姓名)?(?:叫做|叫作|叫|名叫)|名字(?:叫做|叫|是|為|为|：|:))\s?"
            rf"(?P<found>(?:{DOUBLE_SURNAMES}|[{SURNAMES}]){H}{{1,2}}?){ENDS}"
        ),
        ("叫", "名字"),
    ),
    Rule(
        Kind.NAME,
        re.compile(
            rf"(?:姓名|患者|病人|本人|署名|聯絡人|联系人|我是|這裡是|这里是)(?:是|為|为|叫|[:：])?\s?"
            rf"(?P<found>(?:{DOUBLE_SURNAMES}|{PLAIN_SURNAMES}){H}{{1,2}}?)(?=[，,。.！!、；;\s)）\n]|$)"
        ),
        ("姓名", "患者", "病人", "本人", "署名", "人", "我是", "裡是", "里是"),
    ),
    Rule(Kind.NAME, re.compile(rf"我是(?P<found>[小阿]{H})(?=[，,。.！!\s])"), ("我是",)),
    Rule(Kind.NAME, re.compile(rf"姓名\s?(?:是|為|为)?\s?[:：]?\s?(?P<found>{SURNAME}{H}{{1,2}})"), ("姓名",)),
    Rule(
        Kind.NAME, re.compile(rf"我姓(?P<found>[{SURNAMES}](?:[，,]?\s?名(?:字)?(?:叫|是)?\s?{H}{{1,2}})?)"), ("我姓",)
    ),
    Rule(
        Kind.NAME,
        re.compile(rf"(?<!{H})(?P<found>{SURNAME}{H}{{1,2}})\s{{0,2}}(?:敬上|謹上|谨上|敬啟|敬启|拜上|留|上)(?!{H})"),
        ("上", "敬", "留"),
    ),
    Rule(
        Kind.NAME,
        re.compile(
            r"(?:我叫|名字是|名字叫|姓名[:：]?|我是)\s?(?P<found>[A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20}){0,2})(?![A-Za-z])"
        ),
        ("叫", "名", "我是"),
        check=_is_name,
    ),
)

# ---------------------------------------------------------------- dates of birth

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE = (
    r"(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}|\d{4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,2}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH},?(?: (?:19|20)\d\d)?|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?(?: "
    r"(?:19|20)\d\d)?))(?![\d])"
)
NUMERAL = r"[〇零○一二三四五六七八九十廿\d]"
CHINESE_DATE = (
    rf"(?:(?:民國|民国|西元|公元|農曆|农历)\s?)?(?:{NUMERAL}{{2,4}}\s?(?:年|[/.-])\s?{NUMERAL}{{1,3}}\s?(?:月"
    rf"|[/.-])\s?{NUMERAL}{{1,3}}\s?(?:日|號|号)?"
    rf"|{NUMERAL}{{1,3}}月{NUMERAL}{{1,3}}(?:日|號|号)|\d{{8}}(?!\d))"
)
BORN = Anchor(
    re.compile(r"born|d\.?o\.?b\b|date of birth|birth ?da|出生|生日|[日號号\d]\s?生|生[於于]|誕生|诞生"),
    before=30,
    after=45,
)
BIRTH = (
    Rule(
        Kind.BIRTH_DATE,
        re.compile(
            r"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date|birth ?day)"
            rf"(?:\s?(?:is|was|falls|on|the|:|,|=|-|\()){{0,3}}\s{{0,2}}(?P<found>{DATE})"
        ),
        anchor=BORN,
        small=True,
    ),
    Rule(
        Kind.BIRTH_DATE,
        re.compile(
            rf"(?:出生|生日|生於|生于|誕生|诞生)(?:年月日|日期|日)?\s?(?:是|為|为|在|於|于|[:：])?\s?(?P<found>{CHINESE_DATE})"
        ),
        anchor=BORN,
    ),
    Rule(
        Kind.BIRTH_DATE,
        re.compile(rf"(?P<found>{CHINESE_DATE})\s?(?:出生|生(?![\u3400-\u9fff])|生的|生日)"),
        anchor=BORN,
    ),
)
RULES = (*LATIN, *CHINESE, *BIRTH)
