"""What the demo merchant sells, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from channels_sync.simulator.assortment import price
from channels_sync.simulator.catalogue import Listing
from inventory import api as inventory

WAREHOUSES = (
    ("WH-SH", "上海仓", "华东"),
    ("WH-GZ", "广州仓", "华南"),
    ("WH-BJ", "北京仓", "华北"),
)
PLENTY = {"WH-SH": 900, "WH-GZ": 500, "WH-BJ": 400}
# Sold out everywhere but for a few: what out-of-stock orders are made of.
SCARCE = "TEE-RED-XL"


@dataclass(frozen=True)
class Article:
    code: str
    name: str
    name_en: str
    weight_g: int
    cost: int
    barcode: str


FAMILIES = (
    (
        "TEE",
        "圆领T恤",
        "Crew-neck T-shirt",
        220,
        24,
        ("S", "M", "L", "XL"),
        (("BLK", "黑"), ("WHT", "白"), ("RED", "红")),
    ),
    ("HOOD", "连帽卫衣", "Hoodie", 620, 68, ("M", "L", "XL"), (("GRY", "灰"), ("NVY", "藏青"))),
    ("JEAN", "直筒牛仔裤", "Straight jeans", 780, 82, ("29", "31", "33"), (("BLU", "蓝"), ("BLK", "黑"))),
    ("CAP", "棒球帽", "Baseball cap", 120, 12, ("STD",), (("BLK", "黑"), ("BEI", "米"))),
    ("SOCK", "中筒袜三双装", "Crew socks, 3 pairs", 150, 9, ("STD",), (("MIX", "混色"), ("WHT", "白"))),
    ("MUG", "陶瓷马克杯", "Ceramic mug", 380, 11, ("350",), (("WHT", "白"), ("GRN", "绿"))),
    ("BAG", "帆布托特包", "Canvas tote", 310, 19, ("STD",), (("NAT", "本色"), ("BLK", "黑"))),
    ("TOWL", "纯棉浴巾", "Cotton bath towel", 540, 26, ("STD",), (("WHT", "白"), ("BLU", "蓝"))),
)


def articles() -> Iterator[Article]:
    number = 0
    for family, name, name_en, weight, cost, sizes, colors in FAMILIES:
        for color, color_name in colors:
            for size in sizes:
                number += 1
                code = f"{family}-{color}-{size}"
                yield Article(
                    code, f"{name} {color_name} {size}", f"{name_en} {color} {size}", weight, cost, f"69{number:011d}"
                )


def lay_out() -> None:
    """Warehouses, articles, pick locations in walking order, and the opening stock. Safe to repeat."""
    for priority, (code, name, region) in enumerate(WAREHOUSES, start=1):
        inventory.create_warehouse(code=code, name=name, region=region, priority=priority)
    for index, article in enumerate(articles()):
        inventory.create_sku(
            code=article.code,
            name=article.name,
            name_en=article.name_en,
            weight_g=article.weight_g,
            cost_amount=article.cost,
            barcodes=[article.barcode],
        )
        aisle, shelf = "ABCD"[index // 10 % 4], index % 10 + 1
        for warehouse, plenty in PLENTY.items():
            inventory.place_sku(
                sku_code=article.code,
                warehouse_code=warehouse,
                location_code=f"{aisle}-{shelf:02d}-{index // 40 + 1:02d}",
                walk_order=index,
            )
            qty = 2 if article.code == SCARCE else plenty
            inventory.set_stock(
                sku_code=article.code, warehouse_code=warehouse, qty=qty, reason="期初库存", actor="system"
            )


def listings() -> tuple[Listing, ...]:
    """What the platforms offer of it; the scarce article is ordered on purpose only."""
    return tuple(Listing(a.code, a.name, "", price(a.code)) for a in articles() if a.code != SCARCE)
