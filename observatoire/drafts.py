"""`new-source`: the draft of a contract or the lines of an edition, for a person or a machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingestion.contract import contracts
from ingestion.draft.edition import Proposal, propose_edition
from ingestion.draft.write import Draft, draft_contract
from warehouse.foreseen import Foreseen
from warehouse.scratch import scratch_folder
from warehouse.settings import Settings


def new_dataset(file: Path, settings: Settings) -> tuple[str, dict[str, Any]]:
    """The draft of a contract that reads this file: its text, and the same for a machine."""
    with scratch_folder(settings.work, "lecture-") as folder:
        draft = draft_contract(file, folder)
    return draft.text, _draft_answer(draft)


def new_edition(file: Path, dataset: str, settings: Settings) -> tuple[str, dict[str, Any]]:
    """The lines that a known dataset needs to read this file: as text, and for a machine."""
    contract = contracts().get(dataset)
    if contract is None:
        raise Foreseen(f"Jeu inconnu : {dataset}. Jeux connus : {', '.join(contracts())}.")
    with scratch_folder(settings.work, "lecture-") as folder:
        proposal = propose_edition(file, contract, settings, folder)
    return _proposal_text(file.name, proposal), _proposal_answer(file.name, proposal)


def _draft_answer(draft: Draft) -> dict[str, Any]:
    options = draft.sample.layout.options | {"decimal": draft.sample.decimal[0]}
    why = draft.sample.layout.why | {"decimal": draft.sample.decimal[1]}
    return {
        "fichier": draft.sample.name,
        "contrat": draft.text,
        "lecture": {
            name: {"valeur": value, "preuve": why.get(name)} for name, value in options.items()
        },
        "cle": draft.contract.keys,
        "colonnes": [
            {
                "nom": name,
                "brut": found.profile.name,
                "type": draft.contract.columns[name].type,
                "role": draft.contract.columns[name].role,
                "preuve": found.why,
            }
            for name, found in draft.columns.items()
        ],
        "ignorees": [
            {"brut": found.profile.name, "peut_etre_personnelle": found.personal}
            for found in draft.aside
        ],
    }


def _proposal_text(name: str, proposal: Proposal) -> str:
    """What a person reads: remarks, then lines that `git apply` takes too."""
    known = f"{name} : édition {proposal.vintage} de {proposal.dataset}"
    if not proposal.diff:
        return f"# {known}. Le contrat lit déjà ce fichier : rien n'est à ajouter.\n"
    aside = f", dont {proposal.aside} seraient écartées" if proposal.aside else ""
    told = [
        f"{known}, {proposal.rows} lignes{aside}, comparée à {proposal.compared}.",
        *(f"- {said}" for said in proposal.why),
        "Lignes à porter dans le contrat, à la place indiquée (+ ajoutée, - retirée) :",
    ]
    return "".join(f"# {line}\n" for line in told) + proposal.diff


def _proposal_answer(name: str, proposal: Proposal) -> dict[str, Any]:
    return {
        "fichier": name,
        "dataset": proposal.dataset,
        "millesime": proposal.vintage,
        "compare_a": proposal.compared,
        "lignes": proposal.rows,
        "lignes_ecartees": proposal.aside,
        "disparues": proposal.gone,
        "nouvelles": proposal.new,
        "renommees": proposal.renamed,
        "raisons": proposal.why,
        "modification": proposal.diff,
    }
