"""The JSON Schema of contracts, with which an editor helps who writes one.

`python -m ingestion.schema` rewrites `contracts/contract.schema.json`.
"""

from __future__ import annotations

import json
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ingestion.contract import CONTRACTS, Contract

SCHEMA = CONTRACTS / "contract.schema.json"
DESCRIPTIONS = CONTRACTS / "descriptions.yml"
MODELINE = f"# yaml-language-server: $schema=../{SCHEMA.name}"


class _AsWritten(GenerateJsonSchema):
    """Contracts as a hand writes them: `since: 2021` is a number in YAML, and text for us."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        said = super().str_schema(schema)
        return said if "pattern" in said else said | {"type": ["string", "number"]}


def contract_schema() -> dict[str, Any]:
    """The schema of one contract; raise `KeyError` where an entry is not described in French."""
    schema = Contract.model_json_schema(schema_generator=_AsWritten)
    descriptions = yaml.safe_load(DESCRIPTIONS.read_text(encoding="utf-8"))
    for name, model in {"Contract": schema, **schema["$defs"]}.items():
        del model["description"], model["title"]
        for entry, said in model["properties"].items():
            said.pop("title", None)
            said["description"] = descriptions[name][entry]
    title = "Contrat d'un jeu de données de l'observatoire"
    return {"$schema": _AsWritten.schema_dialect, **schema, "title": title}


def written() -> str:
    """The text of the schema's file."""
    return json.dumps(contract_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(written(), encoding="utf-8")
