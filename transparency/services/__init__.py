"""What this room does: it publishes, once, what was certified and counted twice."""

from transparency.services.ordering import order_publication
from transparency.services.publishing import publish_results
from transparency.services.stops import PublicationStopped

__all__ = ["PublicationStopped", "order_publication", "publish_results"]
