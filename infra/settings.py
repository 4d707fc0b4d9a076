"""Settings: one typed model, from `yizhan.toml` and from environment variables that begin with `YIZHAN_`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """How this installation runs. The command line comes before the environment, the environment before the file."""

    model_config = SettingsConfigDict(env_prefix="YIZHAN_", toml_file="yizhan.toml", extra="forbid")

    data: Path = Field(Path("var"), description="The data folder: log, keys, graph.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65_535, description="The port to listen on; 0 takes a free one.")
    origins: tuple[str, ...] = Field((), description="Origins that a browser may ask from (CORS).")
    graph_heap: str = Field("1g", pattern=r"^\d+[mg]$", description="Memory of the embedded graph engine.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
