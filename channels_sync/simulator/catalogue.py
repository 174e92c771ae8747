"""Who buys on the simulated platform, where they live and what they choose from. All invented."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Listing:
    sku: str
    title: str
    spec: str
    price: str


# Listings for a platform that nobody told what we sell.
LISTINGS = (
    Listing("P1001-BLK-L", "示例T恤", "颜色:黑色;尺码:L", "59.00"),
    Listing("P2001-STD", "示例帽子", "规格:标准", "40.00"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀英",
    "建国",
    "思远",
    "雨桐",
)
PLACES = (
    ("上海市", "上海市", "浦东新区", "张江镇", "200120"),
    ("浙江省", "杭州市", "余杭区", "仓前街道", "311121"),
    ("广东省", "广州市", "天河区", "石牌街道", "510630"),
    ("广东省", "深圳市", "南山区", "粤海街道", "518057"),
    ("北京市", "北京市", "朝阳区", "望京街道", "100102"),
    ("四川省", "成都市", "武侯区", "桂溪街道", "610041"),
    ("江苏省", "苏州市", "工业园区", "湖东街道", "215028"),
    ("湖北省", "武汉市", "洪山区", "关山街道", "430074"),
)
ROADS = ("示例路", "样板街", "试验大道", "范例巷", "演示中路")
TEMPORARY = "临时安置点"
NOTES = ("", "", "", "", "请发顺丰", "周末送货", "放门卫", "尽快发货，谢谢")
ENGLISH_NAMES = ("Alex Sample", "Robin Example", "Sam Placeholder", "Jamie Demo", "Casey Specimen")
ENGLISH_PLACES = (
    ("US", "California", "San Francisco", "94103", "1 Sample Street"),
    ("US", "New York", "Brooklyn", "11201", "22 Example Avenue"),
    ("CA", "Ontario", "Ottawa", "K1P 1J1", "333 Placeholder Road"),
    ("GB", "England", "Leeds", "LS1 4DY", "4 Demo Lane"),
)


def address(random: Random, *, is_temporary: bool, is_domestic: bool) -> dict[str, str]:
    if not is_domestic:
        return _abroad(random)
    province, city, district, street, postcode = random.choice(PLACES)
    road = f"{random.choice(ROADS)}{random.randint(1, 999)}号{random.randint(1, 30)}栋{random.randint(101, 3299)}室"
    return {
        "name": random.choice(SURNAMES) + random.choice(GIVEN),
        "phone": f"130000{random.randint(0, 99999):05d}",
        "country": "CN",
        "province": province,
        "city": city,
        "district": district,
        "street": street,
        "address": f"{TEMPORARY}{road}" if is_temporary else road,
        "zip": postcode,
    }


def _abroad(random: Random) -> dict[str, str]:
    country, province, city, postcode, street = random.choice(ENGLISH_PLACES)
    return {
        "name": random.choice(ENGLISH_NAMES),
        "phone": f"+1 555 010 {random.randint(0, 9999):04d}",
        "country": country,
        "province": province,
        "city": city,
        "district": "",
        "street": "",
        "address": street,
        "zip": postcode,
    }


def buyer(random: Random) -> dict[str, str]:
    number = random.randint(1000, 99999)
    ip = f"198.51.100.{random.randint(1, 254)}" if number % 2 else f"203.0.113.{random.randint(1, 254)}"
    return {"id": str(number), "nick": f"buyer{number}", "email": f"buyer{number}@example.com", "ip": ip}
