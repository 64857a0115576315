"""Open data: every published file at an address of its own, checked each time it is handed out."""

from flask import Blueprint, Response, abort, request

from budgets.queries import round_seen_by
from core import access
from transparency.queries import DamagedPublication, fetch_file, publication_of
from transparency.refusals import damaged

bp = Blueprint("downloads", __name__)
FOREVER = "public, max-age=31536000, immutable"


@bp.get("/rounds/<ref>/data/<name>")
@access.public
def show(ref: str, name: str) -> Response:
    """One file of a publication. Under an address with its mark (`v`) it never changes."""
    round_ = round_seen_by(None, ref)
    publication = publication_of(round_.id) if round_ is not None else None
    if publication is None:
        abort(404)
    try:
        found = fetch_file(publication, name)
    except DamagedPublication:
        damaged()
    if found is None:
        abort(404)
    response = Response(found.content, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["Repr-Digest"] = f"sha-256=:{found.digest_base64}:"
    marked = request.args.get("v") == found.sha256[:10]
    response.headers["Cache-Control"] = FOREVER if marked else "no-cache"
    response.set_etag(found.sha256)
    return response.make_conditional(request)  # type: ignore[return-value]
