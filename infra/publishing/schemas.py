"""The JSON Schemas (2020-12) of what events carry, generated from the facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from infra.publishing.events import schema_id, type_of
from infra.publishing.shapes import Shape, shapes

DIALECT = GenerateJsonSchema.schema_dialect
DECIMAL = r"^[0-9]+(\.[0-9]+)?(E\+?[0-9]+)?$"
Schema = dict[str, Any]


class Plain(GenerateJsonSchema):
    """Without titles that only say the name of a field once more, and as strict as the data are."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def decimal_schema(self, schema: Any) -> Schema:
        """A decimal number stands as text, so that nobody rounds it."""
        return {"type": "string", "pattern": DECIMAL}


@cache
def schemas() -> Mapping[str, Schema]:
    """The schema of the data of each event, by the topic and version of its fact."""
    return {name: schema(shape) for name, shape in sorted(shapes().items())}


def schema(shape: Shape) -> Schema:
    """The schema of the data of one event, complete in itself, under an id that stays."""
    made = shape.model().model_json_schema(schema_generator=Plain, mode="serialization")
    return {"$schema": DIALECT, "$id": schema_id(shape.name), **_without_nothing(made), "title": type_of(shape.name)}


def components() -> Mapping[str, Schema]:
    """The same schemas as parts of one document: those of the data by topic and version, those inside by their name."""
    models = {name: shape.model() for name, shape in sorted(shapes().items())}
    pairs = [(model, "serialization") for model in models.values()]
    places, made = models_json_schema(
        pairs,  # type: ignore[arg-type]  # a list of pairs is what it takes
        schema_generator=Plain,
        ref_template="#/components/schemas/{model}",
    )
    parts = {name: _without_nothing(part) for name, part in made["$defs"].items()}
    for name, model in models.items():
        place = places[model, "serialization"]["$ref"].rpartition("/")[2]
        parts[name] = {**parts.pop(place), "title": type_of(name)}
    return parts


def _without_nothing(schema: Any) -> Any:
    """The schema without `null` where a field may be absent: an event leaves out what there is not."""
    if isinstance(schema, list):
        return [_without_nothing(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _without_nothing(value) for key, value in schema.items() if not (key == "default" and value is None)}
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        del schema["anyOf"]
        return {**choices[0], **schema}
    return {**schema, "anyOf": choices} if choices else schema
