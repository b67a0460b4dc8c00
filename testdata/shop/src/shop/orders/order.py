"""One order of one customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.catalogue import Product
from shop.money import Money

if TYPE_CHECKING:
    from shop.customer import Customer


@dataclass
class Line:
    product: Product
    count: int

    def total(self) -> Money:
        return self.product.price.times(self.count)


class Order:
    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.lines: list[Line] = []

    def add(self, product: Product, count: int = 1) -> None:
        self.lines.append(Line(product, count))

    def total(self) -> Money:
        total = Money(0)
        for line in self.lines:
            total += line.total()
        return total

    def title(self) -> str:
        return f"{self.customer.nmae}: {self.total()}"
