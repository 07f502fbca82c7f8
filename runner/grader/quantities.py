"""Quantities: a number and the name of a unit in, an amount that compares across units out.

The units are those of units.txt, read by pint. Only names that stand there are looked up, each by itself, so that no text
is ever computed.
"""

import re
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pint import UnitRegistry

# One name, such as mV, °C or m^2; with a fraction a whole unit, such as °C/W.
NAME = r"(?:° ?[CFK]\b|[A-Za-zμΩ]+|[°%‰$€£¥¢])(?:(?:\^|\*\*)?-?[23](?![\d.]))?"
_FACTOR = re.compile(r"(.+?)(?:\^|\*\*)?(-?[23])?")
_OVER = re.compile(r" ?/ ?| per ", re.IGNORECASE)
# Names that pint cannot have: with a point or a sign, or written in other letters than the standard asks for.
_NAMES = {
    "percentage": "percent", "%": "percent", "‰": "permille", "°": "degree", "$": "dollar", "€": "euro", "£": "sterling",
    "¥": "yen", "¢": "cent", "°K": "kelvin", "°C": "celsius", "°F": "fahrenheit", "KB": "kB", "Kb": "kb", "Kbit": "kbit",
    "khz": "kHz", "KHz": "kHz", "KHZ": "kHz", "mhz": "MHz", "Mhz": "MHz", "MHZ": "MHz", "ghz": "GHz", "Ghz": "GHz", "GHZ": "GHz",
    "Km": "km", "KM": "km", "Kg": "kg", "KG": "kg", "v": "V",
}  # fmt: skip
_RATES = {f"{prefix}bps": f"{prefix.upper() if prefix != 'k' else prefix}bit/s" for prefix in ("", "k", "m", "g", "t")}
# "25 C" is a temperature more often than a charge.
_OTHERS = {"pound": "sterling", "pounds": "sterling", "C": "celsius", "F": "fahrenheit"}
_LONG = 4  # letters of a name that may be written in any case; Mv is neither mV nor MV
# Storage is often counted in powers of 1024 under these names, whatever the standard says.
_BINARY = {"kilo": 1.024, "mega": 1.024**2, "giga": 1.024**3, "tera": 1.024**4}
_DIFFERENCES = {"degree_Celsius": "kelvin", "degree_Fahrenheit": "rankine"}
_IMPERIAL = re.compile(r"inch|foot|yard|mile|mil$|acre|pound|ounce|stone|gallon|pint|mph|fahrenheit|degree_F")


class Measure(NamedTuple):
    """A unit: its size in base units, its zero, its dimension, and whether it is imperial."""

    factor: float
    zero: float
    dimension: str
    imperial: bool = False


class Quantity(NamedTuple):
    """A number with a unit. A unit such as KB has several meanings."""

    number: Fraction
    units: tuple[Measure, ...]

    def equals(self, other: "Quantity") -> bool:
        """Return True if another quantity may be the same amount.

        If it was converted from or to imperial units, it may be rounded to two digits or more.
        """
        pairs = ((ours, theirs) for ours in self.units for theirs in other.units if ours.dimension == theirs.dimension)
        return any(
            isclose(self._in(ours), other._in(theirs), rel_tol=1e-9)
            or (ours.imperial != theirs.imperial and _rounded(self, ours, other, theirs))
            for ours, theirs in pairs
        )

    @property
    def plain(self) -> Fraction | None:
        """Return the value of a quantity without dimension: 50% is 1/2."""
        unit = self.units[0]
        return self.number * Fraction(str(unit.factor)) if unit.dimension == "dimensionless" else None

    def _in(self, unit: Measure) -> float:
        return float(self.number) * unit.factor + unit.zero


def _rounded(exact: Quantity, unit: Measure, other: Quantity, theirs: Measure) -> bool:
    """Return True if one quantity is another, converted and rounded."""
    digits = len(str(float(other.number)).removesuffix(".0").replace(".", "").strip("0-"))
    converted = (exact._in(unit) - theirs.zero) / theirs.factor
    return digits >= 2 and float(f"{converted:.{digits}g}") == float(other.number)


@lru_cache(maxsize=1)
def _registry() -> "UnitRegistry[Any]":
    """Read units.txt. Only a text with a quantity loads pint, which takes half a second."""
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.load_definitions(files("runner.grader").joinpath("units.txt").read_text(encoding="utf-8").splitlines())
    return registry


def _known(name: str) -> tuple[str, str] | None:
    """Return the prefix and the unit of a name; None if there is no such unit."""
    name = _NAMES.get(name.replace("° ", "°"), name)
    for form in (name, name.lower()) if len(name) >= _LONG else (name,):
        for prefix, unit, _ in _registry().parse_unit_name(form):
            return prefix, unit
    return None


@lru_cache(maxsize=10_000)
def units(expression: str) -> tuple[Measure, ...]:
    """Return the meanings of a unit or a fraction.

    Other words have none.
    """
    expression = _RATES.get(expression.lower(), expression)
    registry = _registry()
    product, binary, names = registry.Unit(""), 1.0, []
    parts = _OVER.split(expression)
    for place, part in enumerate(parts):
        factor = _FACTOR.fullmatch(part)
        if factor is None or (known := _known(factor[1])) is None:
            return ()
        prefix, name = known
        # Within a fraction a degree is a difference: °C/W is K/W.
        plain = name if len(parts) == 1 and not factor[2] else _DIFFERENCES.get(name, name)
        power = int(factor[2] or 1) * (-1 if place else 1)
        product = product * registry.Unit(prefix + plain) ** power
        binary *= _BINARY.get(prefix, 1) ** power if name in {"byte", "bit"} else 1
        names.append(name)
    dimension, imperial = str(product.dimensionality), any(_IMPERIAL.search(name) for name in names)
    # Through two amounts, since a temperature has a zero of its own.
    zero = float(registry.Quantity(0, product).to_root_units().magnitude)
    size = float(registry.Quantity(1, product).to_root_units().magnitude) - zero
    meanings = [Measure(size, zero, dimension, imperial)]
    if binary != 1:
        meanings.append(Measure(size * binary, zero, dimension))
    if expression in _OTHERS:
        meanings += units(_OTHERS[expression])
    return tuple(meanings)
