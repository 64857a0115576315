"""Every setting of Common Purse: its name, its default and its meaning.

Each is read from the environment variable of the same name. A wrong value is refused at start-up
with one sentence per mistake; nothing is guessed. The defaults serve a town on one small server.
"""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIB = 1024 * 1024


class WrongSettings(RuntimeError):
    """The environment holds a value that the application cannot start with."""


class Settings(BaseSettings):
    """All settings, typed and checked. Field names are the environment variables, in lower case."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    # Where things are kept
    instance_dir: Path = Field(Path("instance"), description="Folder for all that must be kept.")
    database_url: str = Field(
        "", description="postgresql://… for a city; empty for SQLite in the instance folder."
    )
    redis_url: str = Field(
        "", description="redis://… for cache, rate limits and jobs shared by several machines."
    )
    link_key_dir: Path | None = Field(
        None,
        description="Folder of the keys that tie ballots to persons until closing. Never in the "
        "database or its backups. Default: link-keys in the instance folder.",
    )
    log_key_file: Path | None = Field(
        None,
        description="File of the key that signs the ballot logs. Made once; keep a copy in a safe. "
        "Default: log-signing.key in the instance folder.",
    )
    files_dir: Path | None = Field(
        None, description="Folder of published files. Default: files in the instance folder."
    )

    # Secrets; made and kept in the instance folder where the environment names none
    secret_key: str = Field("", description="Signs sessions and links.")
    password_salt: str = Field("", description="Salt for tokens and for password hashes.")
    register_key: str = Field(
        "", description="Key of the HMAC that stands for a register id. Losing it loses the roll."
    )
    second_factor_key: str = Field(
        "", description="Encrypts the secrets of authenticator apps in the database."
    )

    # Who must show a second factor
    second_factor_roles: Annotated[list[str], NoDecode] = Field(
        ["moderator", "reviewer", "clerk", "officer", "administrator", "auditor"],
        description="Roles that may do nothing until a second factor was shown, by comma.",
    )

    # The place
    site_name: str = Field("Common Purse", description="Name in the header and in mails.")
    city_name: str = Field("Our town", description="The town or city that runs this.")
    city_time_zone: str = Field("Europe/Warsaw", description="Time zone of all times on screen.")
    default_locale: str = Field("en", description="Language where the reader asks for none.")
    currency: str = Field("PLN", description="ISO 4217 code offered for a new budget round.")
    contact_email: str = Field("townhall@example.org", description="Where people can ask for help.")
    country: str = Field("Worldwide", description="Country, in English, as open data names it.")
    data_licence: str = Field(
        "CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
        description="Terms under which results are published: a name, a comma, an address.",
    )
    public_url: str = Field("http://127.0.0.1:8000", description="Address used in mails and feeds.")
    source_url: str = Field("", description="Where this server's source code can be had.")
    trusted_hosts: Annotated[list[str], NoDecode] = Field(
        [], description="Host names answered to, by comma. Default: PUBLIC_URL's and loopback."
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front of us.")

    # Voting
    log_batch_least: int = Field(
        20,
        ge=1,
        description="How many voters' ballots wait before they are appended to the public log "
        "together. Fewer would tell more of who voted when.",
    )

    # The voter register
    voting_age: int = Field(
        16, ge=0, le=30, description="Youngest age, by the year of birth in the voter register."
    )
    max_register_bytes: int = Field(
        64 * MIB, ge=MIB, description="Largest file of the voter register that a clerk can send."
    )

    proof_name: str = Field(
        "",
        description="What the column proof of the register holds, as residents are asked for it, "
        "such as: Number of your identity card. Never what neighbours know.",
    )
    phone_region: str = Field(
        "PL", description="Country (ISO 3166) of telephone numbers that name none."
    )
    sms_backend: Literal["off", "gateway", "file", "console"] = Field(
        "off",
        description="gateway sends codes to telephones; file and console are for trying out.",
    )
    sms_gateway_url: str = Field(
        "", description="Gets a POST with JSON (to, text) for each short message."
    )
    sms_gateway_token: str = Field("", description="Bearer token for the gateway; empty for none.")
    oidc_issuer: str = Field(
        "", description="Issuer of the town's single sign-on (OpenID Connect); empty for none."
    )
    oidc_client_id: str = Field("", description="What the single sign-on knows this server by.")
    oidc_client_secret: str = Field("", description="The secret for that.")
    oidc_claim: str = Field(
        "", description="Claim of the identity token that holds the number on the register."
    )
    oidc_scope: str = Field("openid", description="Scopes to ask for, by blanks.")
    oidc_district_claim: str = Field(
        "",
        description="Claim with the district (ref or name) of people who are not on the roll; they "
        "are entered. Only if the sign-on knows residents old enough to vote alone. Empty: whoever "
        "is not on the roll is sent to the desk.",
    )
    oidc_name: str = Field("", description="What residents call the single sign-on.")
    letter_sender: str = Field(
        "", description="Return address on letters, on one line. Default: CITY_NAME."
    )
    letter_font: Path | None = Field(
        None,
        description="A font file (.ttf) for letters to people whose names need more than Latin "
        "letters, such as DejaVuSans.ttf.",
    )

    # Mail
    mail_backend: Literal["file", "smtp", "console", "locmem"] = Field(
        "file", description="file writes mails to the instance folder; smtp sends them."
    )
    mail_server: str = Field("localhost", description="SMTP server.")
    mail_port: int = Field(25, ge=1, le=65535, description="SMTP port.")
    mail_username: str = Field("", description="SMTP user; empty for none.")
    mail_password: str = Field("", description="SMTP password.")
    mail_use_tls: bool = Field(False, description="STARTTLS on the SMTP connection.")
    mail_sender: str = Field("noreply@example.org", description="From address of all mails.")

    # Running
    jobs: Literal["in-process", "worker", "immediate"] = Field(
        "in-process",
        description="in-process: a thread of the one web process; worker: `flask jobs run` in a "
        "process of its own; immediate: at the end of the request (tests).",
    )
    web_workers: int = Field(1, ge=1, le=64, description="Web processes on this machine.")
    rate_limits: bool = Field(True, description="Limits on sign-in, registration and the like.")
    page_cache_seconds: int = Field(
        20, ge=0, le=3600, description="How long a public page may be served from memory."
    )
    max_body_bytes: int = Field(2 * MIB, ge=64 * 1024, description="Largest request accepted.")
    log_format: Literal["json", "plain"] = Field("plain", description="Form of the log lines.")
    cheap_passwords: bool = Field(
        False, description="Fast, weak password hashes: for tests and the demo only."
    )
    demo: bool = Field(False, description="Shows the demo's sign-ins on the sign-in page.")

    @field_validator("trusted_hosts", "second_factor_roles", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        return value

    @field_validator("second_factor_roles")
    @classmethod
    def _some_role(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError("must name at least one role")
        return value

    @field_validator("*")
    @classmethod
    def _one_line(cls, value: object) -> object:
        if isinstance(value, str) and any(ord(sign) < ord(" ") for sign in value):
            raise ValueError("must be one line without control characters")
        return value

    @field_validator("site_name", "city_name")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value

    @field_validator("city_time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("must be a known time zone, such as Europe/Warsaw") from error
        return value

    @field_validator("default_locale")
    @classmethod
    def _known_language(cls, value: str) -> str:
        try:
            Locale.parse(value)
        except (ValueError, TypeError, UnknownLocaleError) as error:
            raise ValueError("must be a known language, such as en or pl") from error
        return value

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        if value not in list_currencies():
            raise ValueError("must be an ISO 4217 code, such as EUR")
        return value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        try:
            whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            whole = False
        if not whole or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must be an address without a path, such as https://purse.example.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return value

    @field_validator("phone_region")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if len(value) != 2 or not (value.isascii() and value.isupper()):
            raise ValueError("must be two capitals, such as PL")
        return value

    @field_validator("sms_gateway_url", "oidc_issuer")
    @classmethod
    def _encrypted_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must begin with https://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis:// or rediss:// or unix://")
        return value

    @field_validator("contact_email", "mail_sender")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        before, at_sign, domain = value.rpartition("@")
        if not before or not at_sign or not domain or " " in value:
            raise ValueError("must be an e-mail address")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_claim):
            raise ValueError("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLAIM")
        if self.web_workers > 1 and not self.redis_url:
            raise ValueError(
                "WEB_WORKERS above 1 needs REDIS_URL: rate limits and the cache must be shared"
            )
        if self.web_workers > 1 and self.jobs == "in-process":
            raise ValueError("WEB_WORKERS above 1 needs JOBS=worker and one `flask jobs run`")
        return self

    @property
    def database_address(self) -> str:
        """The SQLAlchemy URL, with SQLite in the instance folder where none is set."""
        return self.database_url or f"sqlite:///{self.instance_dir.resolve()}/common-purse.db"

    @property
    def link_keys(self) -> Path:
        return self.link_key_dir or self.instance_dir / "link-keys"

    @property
    def log_key(self) -> Path:
        return self.log_key_file or self.instance_dir / "log-signing.key"

    @property
    def files(self) -> Path:
        return self.files_dir or self.instance_dir / "files"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names that requests may name; anything else is refused."""
        own = urlsplit(self.public_url).hostname or ""
        return self.trusted_hosts or [own, "127.0.0.1", "localhost"]


def load_settings() -> Settings:
    """Reads the environment.

    Raises WrongSettings with one line per mistake, each naming the variable and what it needs.
    """
    try:
        return Settings()
    except ValidationError as error:
        mistakes = "; ".join(map(_sentence, error.errors()))
        raise WrongSettings(f"Cannot start. {mistakes}.") from None


def _sentence(mistake: ErrorDetails) -> str:
    """The variable and what it must be; never its value, which may be a secret."""
    name = "_".join(str(part) for part in mistake["loc"]).upper()
    if mistake["type"] == "value_error":
        words = str(mistake["ctx"]["error"])
    else:
        pattern = _NEEDS.get(mistake["type"], "cannot be read: {kind}")
        words = pattern.format(kind=mistake["type"], **mistake.get("ctx", {}))
    return f"{name}: {words}" if name else words


_NEEDS = {
    "bool_parsing": "must be 1 or 0",
    "greater_than_equal": "must be {ge} or more",
    "int_parsing": "must be a whole number",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
}
