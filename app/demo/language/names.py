"""Names of people who do not exist, drawn from surnames and syllables; rare characters now and then."""

from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪褚倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢骆岳祝"
)
_TWO_SYLLABLES = ("欧阳", "司徒", "上官", "端木", "夏侯", "皇甫", "尉迟", "令狐")
_MEN = (
    "景砚秉承维绍仲伯敬崇启修振培延守济润松岱峻恒兆嘉庆荣茂裕光显克世永立昌广学",
    "舟航岳桥霖澍嵘稼樵礼谦诚均泰峰川源钧铭衡堂麟彦儒坤骏渊栋韬涛生福昌远林",
)
_WOMEN = (
    "静若芷素婉采书映月秋雨慧亦淑佩秀玉春巧清婧宛青蕴",
    "筠岚蕙瑜芸琴萍莲霞璇瑛菡宁娴漪茵珊妍枝荷韵珍絮蓉兰芳英梅",
)
_SINGLE = "珩筠岚澍霖昀骞鸿翊睿瑾钰颖晔恺煜湛旻钊琰峤楠玮勖暄"
#: Characters that fonts, encodings and searches get wrong, all of them found in real names.
RARE = "䶮㛃𬭎堃犇喆𠮷"
_UYGHUR = (
    ("阿依努", "古丽娜", "艾尼瓦", "吐尔洪", "买合木", "热孜亚", "玉素音", "帕丽达", "巴哈提", "凯丽比"),
    ("艾合买江", "吾买尔汗", "依明江", "托合提汗", "卡德尔江", "沙吾提", "斯迪克汗", "热合曼江"),
)
_TIBETAN = ("次仁索朗格桑旺堆白玛洛桑强巴德吉", "卓嘎平措央宗顿珠曲珍罗布拉姆")


def person_name(rng: Random, gender: str) -> str:
    """A name for somebody of `gender` ("男" or "女"): two or three characters mostly, at times four or with a dot."""
    draw = rng.random()
    if draw < 0.012:
        return "·".join(rng.choice(part) for part in _UYGHUR)
    if draw < 0.02:
        return "".join(part[2 * rng.randrange(len(part) // 2) :][:2] for part in _TIBETAN)
    surname = (
        rng.choice(_TWO_SYLLABLES)
        if draw < 0.035
        else _SURNAMES[int(len(_SURNAMES) * rng.random() ** 1.6)]  # the first ones are the common ones
    )
    first, second = _MEN if gender == "男" else _WOMEN
    given = rng.choice(_SINGLE) if rng.random() < 0.22 else rng.choice(first) + rng.choice(second)
    if rng.random() < 0.035:
        given = given[:-1] + rng.choice(RARE)
    return surname + given
