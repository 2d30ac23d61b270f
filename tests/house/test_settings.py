"""Settings: read once, checked together, refused with a sentence that says what to do."""

from dataclasses import fields

import pytest

from config import ROOT, Settings, SettingsError

PRODUCTION = {
    "SUMMIT_ENV": "production",
    "SECRET_KEY": "c2VjcmV0LWZvci10aGUtdGVzdHMtb25seS0xMjM0NTY3ODkw",
    "BASE_URL": "https://summit.example.org",
    "POSTAL_ADDRESS": "1 Network Square, Chicago",
}


def test_nothing_set_serves_a_sqlite_file_on_the_loopback_address() -> None:
    settings = Settings.from_environment({})

    assert settings.summit_env == "development"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.mail_provider == "local"
    assert settings.base_url == "http://127.0.0.1:5000"


@pytest.mark.parametrize("key", ["", "short", "a" * 64, "development-only-key-never-use-this-in-production"])
def test_production_refuses_a_missing_or_weak_secret_key(key: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY is missing or weak: make one with"):
        Settings.from_environment({**PRODUCTION, "SECRET_KEY": key})


def test_production_starts_with_a_strong_key() -> None:
    assert Settings.from_environment(PRODUCTION).is_production


def test_another_address_than_loopback_means_production() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        Settings.from_environment({"HOST": "0.0.0.0"})


def test_an_address_for_others_means_production_even_behind_a_proxy_on_this_machine() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        Settings.from_environment({"BASE_URL": "https://summit.example.org"})

    for own in ("http://127.0.0.1:5000", "http://localhost:8080", "http://[::1]:5000"):
        assert Settings.from_environment({"BASE_URL": own}).summit_env == "development"


def test_an_address_that_is_none_is_named() -> None:
    for address in ("summit.example.org", "https://", "http://[::1"):
        with pytest.raises(SettingsError, match="BASE_URL must begin with"):
            Settings.from_environment({"BASE_URL": address})


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"PORT": "no", "MAIL_PROVIDER": "pigeon", "NETWORK_TIMEZONE": "Mars/Olympus"})

    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("environment", "provider"),
    [({}, "local"), ({"SMTP_URL": "smtp://localhost:25"}, "smtp"), ({"SENDGRID_API_KEY": "SG.x"}, "sendgrid")],
)
def test_the_mail_provider_is_inferred_from_what_is_set(environment: dict[str, str], provider: str) -> None:
    assert Settings.from_environment(environment).mail_provider == provider


def test_postgresql_addresses_use_our_driver() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"):
        settings = Settings.from_environment({"DATABASE_URL": f"{scheme}://u@h/d"})

        assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_every_setting_is_listed_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()

    missing = [item.name.upper() for item in fields(Settings) if f"`{item.name.upper()}`" not in readme]

    assert missing == []
