from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from catalog.models import Product


class ProductQuerySet(models.QuerySet["Product"]):
    def cheap(self) -> ProductQuerySet:
        return self.filter(price__lt=10)


ProductManager = models.Manager.from_queryset(ProductQuerySet)
