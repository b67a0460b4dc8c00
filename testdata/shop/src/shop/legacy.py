"""Old code without annotations; the configuration is lenient with it."""

import barcodes.ean

from shop.catalogue import find


def label(products, name):
    product = find(products, name)
    return barcodes.ean.encode(product.name)
