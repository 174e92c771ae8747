"""Our carrier codes in each platform's words. An unknown code is passed on as it is: the platform decides."""

ENGLISH_NAMES = {
    "SF": "SF Express",
    "ZTO": "ZTO Express",
    "YTO": "YTO Express",
    "STO": "STO Express",
    "YUNDA": "Yunda Express",
    "JD": "JD Logistics",
    "JT": "J&T Express",
    "EMS": "EMS",
    "DEPPON": "Deppon",
}
TOP_CODES = {"JD": "JDKD", "JT": "HTKY", "DEPPON": "DBKD"}


def english_name(code: str) -> str:
    return ENGLISH_NAMES.get(code.upper(), code)


def top_code(code: str) -> str:
    return TOP_CODES.get(code.upper(), code.upper())
