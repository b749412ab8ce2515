"""Every recipe in deploy/oauth is a block that tb-share starts with, for the preset and the addresses that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tb_share.cli import settings_source
from tb_share.identity.oidc import presets
from tb_share.settings import Preset

RECIPES = Path(__file__).parents[3] / "deploy" / "oauth"


def test_every_preset_that_has_a_name_has_a_recipe():
    assert {each.stem for each in RECIPES.glob("*.md")} == set(Preset) - {Preset.OIDC}


@pytest.mark.parametrize("recipe", sorted(RECIPES.glob("*.md")), ids=lambda each: each.stem)
def test_the_block_starts_and_its_addresses_are_ours(recipe, tmp_path):
    text = recipe.read_text("utf-8")
    block = re.search("```toml\n(.*?)```", text, re.DOTALL)[1]
    secret = tmp_path / f"{recipe.stem}.secret"
    secret.write_text("the secret\n")
    secret.chmod(0o600)
    (tmp_path / "tb-share.toml").write_text(f'public_url = "https://tb.example.org"\n{block}')
    (provider,) = settings_source.load({}, {}, tmp_path, tmp_path / "tb-share.toml").settings.provider
    completed = presets.completed(provider)
    assert (completed.name, completed.preset.value, completed.client_secret) == (recipe.stem, recipe.stem, "the secret")
    assert completed.allowed_domains or completed.allowed_groups
    assert f"https://tb.example.org/login/callback/{recipe.stem}" in text
    assert set(re.findall(r"https://tb\.example\.org(/[^`\s]+)", text)) <= {
        f"/login/callback/{recipe.stem}",
        f"/login/backchannel/{recipe.stem}",
        "/login",
    }
