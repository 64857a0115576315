"""A wrong setting is refused at the start, with one sentence that names it; nothing is guessed."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config import Settings, WrongSettings, load_settings
from core import secret_keys
from tests.harness.application import ROOT, settings_for

WRONG = [
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "postgres://localhost/x"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://localhost"),
    ("SECRET_KEY", "short"),
    ("PASSWORD_SALT", "short"),
    ("REGISTER_KEY", "x" * 31),
    ("CITY_TIME_ZONE", "Europe/Krakow"),
    ("CITY_TIME_ZONE", "../../etc/passwd"),
    ("CITY_TIME_ZONE", ""),
    ("DEFAULT_LOCALE", "xx"),
    ("DEFAULT_LOCALE", "no-such-language"),
    ("DEFAULT_LOCALE", ""),
    ("CURRENCY", "zł"),
    ("CURRENCY", "pln"),
    ("CURRENCY", "PLNX"),
    ("CURRENCY", "XQX"),
    ("PUBLIC_URL", "purse.example.org"),
    ("PUBLIC_URL", "ftp://purse.example.org"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://purse.example.org:99999"),
    ("PUBLIC_URL", "https://example.org/purse"),
    ("PUBLIC_URL", "https://example.org?x=1"),
    ("CONTACT_EMAIL", "town hall"),
    ("MAIL_SENDER", "noreply"),
    ("MAIL_SENDER", "a@example.org\nBcc: b@example.org"),
    ("SITE_NAME", ""),
    ("SITE_NAME", "Common\nPurse"),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "many"),
    ("MAIL_BACKEND", "pigeon"),
    ("MAIL_PORT", "0"),
    ("MAIL_PORT", "65536"),
    ("MAIL_USE_TLS", "perhaps"),
    ("JOBS", "later"),
    ("WEB_WORKERS", "0"),
    ("WEB_WORKERS", "2"),
    ("RATE_LIMITS", "some"),
    ("PAGE_CACHE_SECONDS", "-1"),
    ("PAGE_CACHE_SECONDS", "1.5"),
    ("MAX_BODY_BYTES", "100"),
    ("LOG_FORMAT", "xml"),
    ("DEMO", "2"),
]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def start(tmp_path: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What a person sees who starts the server or a command."""
    clean = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**clean, "INSTANCE_DIR": str(tmp_path / "instance"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))

    with pytest.raises(WrongSettings) as refused:
        secret_keys.load(load_settings())

    sentence = str(refused.value)
    assert sentence.startswith("Cannot start. ")
    assert name in sentence
    assert "\n" not in sentence
    assert "Value error" not in sentence
    assert "input" not in sentence.lower(), "says what is needed, not how it was found"


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PORT", "x")
    monkeypatch.setenv("CURRENCY", "x")

    with pytest.raises(WrongSettings, match=r"CURRENCY.*MAIL_PORT|MAIL_PORT.*CURRENCY"):
        load_settings()


def test_a_secret_is_not_repeated_in_its_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://purse:hunter2@localhost/x")

    with pytest.raises(WrongSettings) as refused:
        load_settings()

    assert "hunter2" not in str(refused.value)


def test_several_processes_need_what_they_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_WORKERS", "2")
    with pytest.raises(WrongSettings, match="REDIS_URL"):
        load_settings()
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/0")
    with pytest.raises(WrongSettings, match="JOBS=worker"):
        load_settings()
    monkeypatch.setenv("JOBS", "worker")
    assert load_settings().web_workers == 2


def test_the_defaults_serve_a_town_on_one_server() -> None:
    settings = load_settings()

    assert settings.database_address.startswith("sqlite:////")
    assert settings.link_keys == Path("instance/link-keys")
    assert settings.files == Path("instance/files")
    assert settings.hosts == ["127.0.0.1", "127.0.0.1", "localhost"]
    assert not settings.secure_cookies


def test_a_whole_address_settles_host_and_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://purse.example.org/")

    settings = load_settings()

    assert settings.public_url == "https://purse.example.org"
    assert settings.secure_cookies
    assert "purse.example.org" in settings.hosts


def test_hosts_are_named_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_HOSTS", " a.example , b.example,")

    assert load_settings().hosts == ["a.example", "b.example"]


GUNICORN = ("gunicorn", "--config", "gunicorn.conf.py", "--bind", "127.0.0.1:0", "wsgi:app")
FLASK = ("flask", "--app", "wsgi")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (GUNICORN, ("WEB_WORKERS", "x")),
        (GUNICORN, ("SECRET_KEY", "short")),
        ((*FLASK, "routes"), ("CITY_TIME_ZONE", "Mars/Base")),
        ((*FLASK, "db", "upgrade"), ("REGISTER_KEY", "short")),
        (("app.demo", "--only-build"), ("CURRENCY", "florins")),
    ],
)
def test_a_server_or_command_with_a_wrong_setting_ends_with_one_sentence(
    tmp_path: Path, command: tuple[str, ...], wrong: tuple[str, str]
) -> None:
    name, value = wrong
    ended = start(tmp_path, *command, **{name: value})

    assert ended.returncode not in {0, None}
    assert "Traceback" not in ended.stderr
    said = [line for line in ended.stderr.splitlines() if "Cannot start" in line]
    assert len(said) == 1, ended.stderr
    assert name in said[0]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file where a folder should be")

    ended = start(tmp_path, "flask", "--app", "wsgi", "routes")

    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    assert "INSTANCE_DIR" in ended.stderr


# --- secrets -----------------------------------------------------------------------------------


def bare(tmp_path: Path, **given: str) -> Settings:
    none = {"secret_key": "", "password_salt": "", "register_key": ""}
    return settings_for("", tmp_path, **(none | given))


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = secret_keys.load(bare(tmp_path))
    file = tmp_path / "instance" / "secrets.json"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_keys.load(bare(tmp_path)) == first
    assert all(len(secret) >= 32 for secret in first.values())
    assert len(set(first.values())) == 4
    assert [entry.name for entry in file.parent.iterdir()] == ["secrets.json"]


def test_a_secret_of_the_environment_goes_before_the_one_kept(tmp_path: Path) -> None:
    kept = secret_keys.load(bare(tmp_path))
    found = secret_keys.load(bare(tmp_path, secret_key="from the environment, and long enough"))

    assert found["secret_key"] == "from the environment, and long enough"
    assert found["register_key"] == kept["register_key"]


def test_nothing_is_kept_where_all_is_given(tmp_path: Path) -> None:
    secret_keys.load(settings_for("", tmp_path))

    assert not (tmp_path / "instance" / "secrets.json").exists()


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    found: list[dict[str, str]] = []
    gate = threading.Barrier(8)

    def load() -> None:
        gate.wait()
        found.append(secret_keys.load(bare(tmp_path)))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len({json.dumps(each) for each in found}) == 1


def test_a_file_of_secrets_is_whole_from_the_moment_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that loses power while it writes must not find half a file afterwards."""
    seen: list[bool] = []
    sync = os.fsync

    def watching(handle: int) -> None:
        seen.append((tmp_path / "instance" / "secrets.json").exists())
        sync(handle)

    monkeypatch.setattr(os, "fsync", watching)
    secret_keys.load(bare(tmp_path))

    assert seen[0] is False


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret_key": "x"}', '{"secret_key": 1}'])
def test_damaged_secrets_are_refused_and_never_made_anew(tmp_path: Path, content: str) -> None:
    """Losing the register's key would lose the roll: nothing is replaced silently."""
    file = tmp_path / "instance" / "secrets.json"
    file.parent.mkdir()
    file.write_text(content)

    with pytest.raises(WrongSettings, match=r"secrets\.json"):
        secret_keys.load(bare(tmp_path))

    assert file.read_text() == content
