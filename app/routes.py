"""The pages that belong to no room."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from app import home
from app.health import health as health_of_database
from core import access, audit, cache, clock, responses

bp = Blueprint("app", __name__)


@bp.get("/")
@access.public
@cache.shared
def index() -> Response:
    """What is open now, what the reader may do, and until when."""
    return responses.page("app/home.html", **home.overview(clock.now()))


@bp.get("/about")
@access.public
@cache.shared
def about() -> Response:
    return responses.page("app/about.html")


@bp.get("/how-it-works")
@access.public
@cache.shared
def how_it_works() -> Response:
    return responses.page("app/how_it_works.html")


@bp.get("/accessibility")
@access.public
@cache.shared
def accessibility() -> Response:
    return responses.page("app/accessibility.html")


@bp.get("/staff")
@access.only(*access.ROLES)
def staff_home() -> Response:
    """What waits for this member of staff."""
    return responses.page("app/staff/home.html", waiting=home.waiting_for_staff(clock.now()))


@bp.get("/health")
@access.public
def health() -> tuple[dict[str, str], int]:
    """200 when the work can be done; for load balancers and for `make demo`."""
    return health_of_database()


@bp.get("/audit-head")
@access.public
def audit_head() -> Response:
    """The head of the audit trail as it was at midnight: whoever keeps it can check the trail."""
    head = audit.head_before_today(clock.now())
    return jsonify({"format": "common-purse/audit-head/1", **asdict(head)})
