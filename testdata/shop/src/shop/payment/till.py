"""Takes the money."""

from __future__ import annotations

import taxlib

from shop.money import Money
from shop.orders import Order
from shop.payment.method import Cash, Method, Voucher

METHODS: list[Method] = [Cash(), Voucher()]


def due(order: Order, country: str) -> Money:
    rate = taxlib.rate(country)
    return Money(order.total().cents * (100 + rate) // 100)


def settle(order: Order, country: str) -> bool:
    amount = due(order, country)
    return any(method.pay(amount) for method in METHODS)
