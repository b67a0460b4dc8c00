"""Ways to pay."""

from __future__ import annotations

from typing import Protocol

from shop.money import Money


class Method(Protocol):
    def pay(self, amount: Money) -> bool: ...


class Cash:
    def pay(self, amount: Money) -> bool:
        return amount.cents > 0


class Voucher:
    def pay(self, amount: Money) -> str:
        return f"voucher over {amount}"
