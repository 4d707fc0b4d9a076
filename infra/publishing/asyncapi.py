"""The AsyncAPI document (3.0): where the events are, how they are keyed, and what each of them is."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from infra.publishing.events import CONTENT_TYPE, DATA_CONTENT_TYPE, SEQUENCE_DIGITS, SPEC_VERSION, schema_id, type_of
from infra.publishing.schemas import Schema, components
from infra.publishing.shapes import Shape, shapes
from infra.publishing.topic import DEFAULT_TOPIC, SETTINGS

BINDING = "0.5.0"
ABOUT = (
    "What happens in the network and may be seen by everybody: one CloudEvent for each event of the log, in the order "
    "of the log, at least once. An event whose id is not above the highest one handled so far has been handled already."
)


def document(topic: str = DEFAULT_TOPIC) -> Schema:
    """The document of the events in this topic."""
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in sorted(shapes())}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of an innovation relay network (驿站)",
            "version": version("yizhan"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "log": {
                "host": "{host}:{port}",
                "protocol": "kafka",
                "description": "Any broker of the network's Kafka cluster.",
                "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "9092"}},
            }
        },
        "channels": {
            "events": {
                "address": topic,
                "title": "Events",
                "description": "All events that may be seen by everybody. Nothing is ever taken out of it.",
                "servers": [{"$ref": "#/servers/log"}],
                "messages": messages,
                "bindings": {"kafka": _channel(topic)},
            }
        },
        "operations": {
            "publish": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "The network tells what has happened.",
                "messages": [{"$ref": f"#/channels/events/messages/{name}"} for name in messages],
            }
        },
        "components": {
            "messages": {name: _message(shape) for name, shape in sorted(shapes().items())},
            "schemas": {"attributes": _attributes(), **components()},
        },
    }


def _channel(topic: str) -> Schema:
    settings = {"cleanup.policy": [SETTINGS["cleanup.policy"]], "retention.ms": int(SETTINGS["retention.ms"])}
    return {"topic": topic, "partitions": 1, "topicConfiguration": settings, "bindingVersion": BINDING}


def _message(shape: Shape) -> Schema:
    type = type_of(shape.name)
    return {
        "name": type,
        "title": shape.fact.TOPIC,
        "summary": " ".join((shape.fact.__doc__ or "").split()),
        "contentType": "application/cloudevents+json",
        "headers": {
            "type": "object",
            "properties": {"content-type": {"type": "string", "const": CONTENT_TYPE}},
            "required": ["content-type"],
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/attributes"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": type},
                        "dataschema": {"const": schema_id(shape.name)},
                        "data": {"$ref": f"#/components/schemas/{shape.name}"},
                    },
                },
            ]
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": "The subject."}, "bindingVersion": BINDING}},
    }


def _attributes() -> Schema:
    """The attributes of every event; `data` goes with the schema of its type."""
    properties = {
        "specversion": {"type": "string", "const": SPEC_VERSION},
        "id": _text("Its position in the log, which no other event of the source has.", pattern="^[1-9][0-9]*$"),
        "source": _text("The network's log.", format="uri-reference"),
        "type": _text("What happened: the topic and version of the fact behind a fixed prefix."),
        "subject": _text("The id of the entity that it happened to."),
        "time": _text("When it happened.", format="date-time"),
        "recordedtime": _text("When it was written down.", format="date-time"),
        "sequence": _text("The id in figures of fixed width: sorts as text.", pattern=f"^[0-9]{{{SEQUENCE_DIGITS}}}$"),
        "partitionkey": _text("The subject, which is the record's key too."),
        "entityversion": {"type": "integer", "minimum": 1, "description": "Which event of the subject it is, from 1."},
        "commitlast": _text("The id of the last event of the same commit.", pattern="^[1-9][0-9]*$"),
        "correlationid": _text("The conversation that it belongs to, as its sender named it."),
        "causationid": _text("What caused it, as its sender named it."),
        "shown": {
            "type": "boolean",
            "description": "Whether the public sees the subject after it; if not, the event has no data.",
        },
        "datacontenttype": {"type": "string", "const": DATA_CONTENT_TYPE},
        "dataschema": _text("The id of the schema of the data.", format="uri"),
        "data": {"type": "object"},
    }
    optional = ("recordedtime", "correlationid", "causationid", "datacontenttype", "dataschema", "data")
    return {
        "title": "CloudEvent",
        "description": "A CloudEvent 1.0.2 in the structured form of JSON.",
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
        "if": {"properties": {"shown": {"const": True}}},
        "then": {"required": ["datacontenttype", "dataschema", "data"]},
        "else": {"not": {"required": ["data"]}},
    }


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}
