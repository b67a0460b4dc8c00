from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalog.models import Category, Product


def listing(request: HttpRequest) -> HttpResponse:
    cheap = Product.objects.cheap()
    reveal_type(cheap)
    reveal_type(Product.objects.filter(nothing=1))
    reveal_type(Product.objects.values_list("name", "price"))
    reveal_type(Category(name="a").products.first())
    reveal_type(request.user)
    page: str = settings.PAGE_SIZE
    return HttpResponse(page)
