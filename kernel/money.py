"""Money is a Decimal with its currency beside it, rounded half up to the currency's exponent, and split without loss.

Free of Django, so that connectors may use it; the database column is `kernel.fields.MoneyField`.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal(0)

# ISO 4217's minor units where they are not 2. (CLDR's figures are for display and differ.)
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
# ISO 4217's currencies in use, without funds, metals and test codes.
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS
VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_CURRENCIES = frozenset(_CODES.split())
_EXPONENTS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows money of this code."""
    return code in _CURRENCIES


def is_whole(amount: Decimal, currency: str) -> bool:
    """Whether the amount has no fraction of the currency's minor unit: 0.001 CNY has one."""
    units = amount.scaleb(exponent(currency))
    return units == units.to_integral_value()


def exponent(currency: str) -> int:
    """How many decimals the currency has: CNY 2, JPY 0, KWD 3. Raises ValueError for what is no currency code."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise ValueError(f"{currency!r} is no ISO 4217 currency code")
    return _EXPONENTS.get(currency, 2)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units of its currency, rounded half up (away from zero)."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def from_minor(units: int, currency: str) -> Decimal:
    """Integer minor units (分, cents) as a Decimal: 1999 CNY is 19.99, 1999 JPY is 1999."""
    return Decimal(units).scaleb(-exponent(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount in integer minor units. Raises ValueError when it has a fraction of one."""
    units = amount.scaleb(exponent(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} has a fraction of a minor unit: quantize it first")
    return int(units)


def split(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Split a total in proportion to weights by largest remainder: the parts always add up to the total exactly.

    Equal remainders go to the earlier part; weights that are all zero mean equal parts; negative totals work.
    Raises ValueError for a negative weight, for no parts, and for a total with a fraction of a minor unit.
    """
    shares = [Fraction(weight) for weight in weights]
    if not shares or min(shares) < 0:
        raise ValueError("a split needs at least one weight, and none below zero")
    if not any(shares):
        shares = [Fraction(1)] * len(shares)
    units = to_minor(total, currency)
    sign, units = (-1 if units < 0 else 1), abs(units)
    whole = sum(shares)
    exact = [units * share / whole for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return [from_minor(sign * part, currency) for part in parts]
