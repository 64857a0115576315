"""Headers on every answer: what the browser may load, and what caches may keep."""

from flask import Flask, Response, request, session
from flask_login import current_user

from config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_app(app: Flask, settings: Settings) -> None:
    def dress(response: Response) -> Response:
        headers = response.headers
        for name, value in FIXED.items():
            if name not in headers:
                headers.add(name, value)
        if settings.secure_cookies:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in headers:
            personal = request.method != "GET" or current_user.is_authenticated or session.modified
            headers["Cache-Control"] = "no-store" if personal else "no-cache"
        return response

    app.after_request(dress)
