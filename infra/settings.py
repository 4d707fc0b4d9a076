"""Settings: one typed model, from `yizhan.toml` and from environment variables that begin with `YIZHAN_`."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FilePath, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from infra.identity.addresses import issuer_address, trustworthy

LOOPBACK = ("127.0.0.1", "::1")


def network_address(text: str) -> str:
    """An address, or a network as ADDRESS/BITS. Raises ValueError."""
    ip_network(text)
    return text


def service_address(address: str) -> str:
    """The address of a service to which a secret is sent. Raises ValueError when it is none."""
    if not trustworthy(address) or "?" in address or "#" in address:
        raise ValueError("takes an address https://…, or http://… on a loopback address, without a query")
    return address.rstrip("/")


class Settings(BaseSettings):
    """How this installation runs. The command line comes before the environment, the environment before the file."""

    model_config = SettingsConfigDict(env_prefix="YIZHAN_", toml_file="yizhan.toml", extra="forbid")

    data: Path = Field(Path("var"), description="The data folder: log, keys, graph.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65_535, description="The port to listen on; 0 takes a free one.")
    origins: tuple[str, ...] = Field((), description="Origins that a browser may ask from (CORS).")
    graphiql: Literal["auto", "on", "off"] = Field(
        "auto", description="Whether GraphiQL is served; `auto` does so where the server listens on this machine alone."
    )
    introspection: Literal["auto", "everybody", "signed-in", "nobody"] = Field(
        "auto",
        description="To whom GraphQL describes its schema; `auto` to everybody where the server listens on this "
        "machine alone, else to those who are signed in.",
    )
    trusted_documents: Literal["off", "on"] = Field(
        "off", description="Whether only trusted documents are executed; `off` executes others too."
    )
    documents: Path | None = Field(
        None, description="The folder of trusted documents (`*.graphql`); without it those that come with yizhan."
    )
    rate_limit: float = Field(
        0,
        ge=0,
        allow_inf_nan=False,
        description="Records that each person, and each address of the public, may ask for per second; 0 is no limit.",
    )
    rate_burst: float = Field(
        100_000, gt=0, allow_inf_nan=False, description="Records that they may ask for at once, after a while without."
    )
    proxies: tuple[Annotated[str, AfterValidator(network_address)], ...] = Field(
        LOOPBACK, description="Addresses and networks of proxies that are believed from where a request came."
    )
    graph: str = Field(
        "embedded",
        pattern=r"^(embedded|(bolt|neo4j)(\+s|\+ssc)?://[^/\s]+)$",
        description="The graph: `embedded`, an engine over the data folder, or Neo4j at `bolt://HOST:PORT`.",
    )
    graph_heap: str = Field("1g", pattern=r"^\d+[mg]$", description="Memory of the embedded graph engine.")
    graph_database: str = Field("neo4j", pattern=r"^[A-Za-z][A-Za-z0-9_]*$", description="The database of Neo4j.")
    graph_at_once: int | None = Field(
        None,
        ge=1,
        description="How many statements in the same words Neo4j is asked at once, before those who come are answered "
        "together; without it as many as there are processors here, two at least.",
    )
    graph_username: str = Field("neo4j", description="The name for Neo4j.")
    graph_password: SecretStr | None = Field(None, description="The password for Neo4j.")
    graph_password_file: Path | None = Field(None, description="A file that holds that password.")
    pulse: Path | None = Field(
        None, description="A file that a projector touches every second while its work goes on, for health checks."
    )

    tracing: bool = Field(
        False,
        description="Whether spans are sent to a collector (OTLP over HTTP), as the variables `OTEL_…` say; "
        "takes the extra `tracing`.",
    )

    oidc_issuer: Annotated[str, AfterValidator(issuer_address)] | None = Field(
        None, description="The OpenID provider whose people sign in: its address, as it stands in its tokens."
    )
    oidc_audience: str = Field("yizhan", min_length=1, description="The audience that its tokens must be for.")
    oidc_ca_file: FilePath | None = Field(None, description="The authority that vouches for the provider (PEM).")
    development_tokens: bool = Field(
        False, description="Whether tokens of the development issuer hold although there is an OpenID provider."
    )

    een_service: Annotated[str, AfterValidator(service_address)] = Field(
        "https://b2b.een.ec.europa.eu/v1", description="EEN's partner web service, from which `import --b2b` reads."
    )
    een_key: SecretStr | None = Field(None, description="The key that EEN gave to this organisation for it.")
    een_key_file: Path | None = Field(None, description="A file that holds that key.")

    log: str = Field(
        "embedded",
        pattern=r"^(embedded|kafka://[^/\s]+/[A-Za-z0-9._-]+)$",
        description="The log: `embedded`, a file in the data folder, or `kafka://HOST:PORT[,HOST:PORT…]/TOPIC`.",
    )
    log_client: Literal["auto", "kafka-python", "confluent"] = Field(
        "auto", description="The client that speaks to Kafka; `auto` takes confluent where it is installed."
    )
    log_deadline: float = Field(15.0, gt=0, description="Seconds that a commit waits for Kafka to acknowledge it.")
    events: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="Where `serve` publishes events: a topic of Kafka, or embedded NAME.jsonl in the data folder.",
    )
    network_name: str = Field(
        "yizhan", pattern=r"^[a-z0-9-]+$", description="The name of this network, as the source of published events."
    )
    kafka_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How Kafka is spoken to."
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="How one says to Kafka who one is (SASL)."
    )
    kafka_username: str | None = Field(None, description="The name for Kafka.")
    kafka_password: SecretStr | None = Field(None, description="The password for Kafka.")
    kafka_ca_file: Path | None = Field(None, description="The authority that vouches for Kafka's servers (PEM).")
    kafka_cert_file: Path | None = Field(None, description="One's own certificate for Kafka (PEM).")
    kafka_key_file: Path | None = Field(None, description="The key of that certificate (PEM).")
    kafka_key_password: SecretStr | None = Field(None, description="The password of that key.")
    kafka_check_hostname: bool = Field(True, description="Whether the names of Kafka's servers are checked.")

    @property
    def serves_graphiql(self) -> bool:
        """Whether GraphiQL is served at this address."""
        return self.graphiql == "on" or (self.graphiql == "auto" and is_loopback(self.host))

    @property
    def describes_to(self) -> Literal["everybody", "signed-in", "nobody"]:
        """To whom the schema is described at this address."""
        if self.introspection == "auto":
            return "everybody" if is_loopback(self.host) else "signed-in"
        return self.introspection

    @property
    def development_sign_in(self) -> bool:
        """Whether the people of the development issuer may sign in."""
        return self.oidc_issuer is None or self.development_tokens

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


def is_loopback(host: str) -> bool:
    """Whether nothing but this machine itself reaches this address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
