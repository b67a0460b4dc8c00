from django.db import models


class StampQuerySet(models.QuerySet):
    def latest_first(self) -> "StampQuerySet":
        return self.order_by("-stamped")


StampManager = models.Manager.from_queryset(StampQuerySet)
