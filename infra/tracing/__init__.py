"""Spans of OpenTelemetry: the way of a request through gateway, log and projector, sent to a collector."""
