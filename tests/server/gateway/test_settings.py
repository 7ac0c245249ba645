"""Settings are declared once and read strictly."""

from __future__ import annotations

import pytest

from sync.server.settings import PREFIX, Settings, SettingsError, all_settings, read_settings


def test_the_environment_is_read_and_options_go_before_it() -> None:
    found = read_settings(
        {
            PREFIX + "POOL_MAX_SIZE": "3",
            PREFIX + "SIGN_UP": "closed",
            PREFIX + "ALLOWED_ORIGINS": "https://a.example.org, https://b.example.org",
            "PATH": "/bin",
        },
        sign_up="open",
        public_url=None,
    )
    assert (found.pool_max_size, found.sign_up) == (3, "open")
    assert found.allowed_origins == ("https://a.example.org", "https://b.example.org")
    assert found.public_url == Settings().public_url


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("NO_SUCH", "1", "NO_SUCH"),
        ("POOL_MAX_SIZE", "many", "pool_max_size"),
        ("POOL_MAX_SIZE", "0", "pool_max_size"),
        ("SIGN_UP", "perhaps", "sign_up"),
    ],
)
def test_an_unknown_setting_or_value_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read_settings({PREFIX + name: value})


def test_every_setting_is_described_in_a_sentence() -> None:
    for setting in all_settings():
        assert setting.description.endswith("."), setting.name
        assert setting.environment == PREFIX + setting.name.upper()
        assert setting.kind


def test_settings_are_printed_without_secrets() -> None:
    words = repr(Settings(database_url="postgresql://u:hidden@h/d", jwt_secret="hidden", s3_secret_access_key="hidden"))
    assert "hidden" not in words
    assert "pool_max_size" in words


def test_a_plan_allows_what_its_settings_say() -> None:
    settings = Settings(quota_free_bytes=5, members_free=2)
    assert (settings.quota_bytes("free"), settings.quota_bytes("enterprise")) == (5, None)
    assert (settings.member_limit("free"), settings.member_limit("enterprise")) == (2, None)
