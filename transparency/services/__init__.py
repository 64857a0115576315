"""What this room does: it publishes, once, what was certified and counted twice."""

from transparency.services.ordering import order_publication
from transparency.services.publication_act import PUBLISH_RESULTS, publication_act
from transparency.services.publishing import publish_results
from transparency.services.stops import PublicationStopped

__all__ = [
    "PUBLISH_RESULTS",
    "PublicationStopped",
    "order_publication",
    "publication_act",
    "publish_results",
]
