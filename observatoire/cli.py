"""`observatoire`: run the night, ask about a file or a figure, go back to an earlier release."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from observatoire.usage import MISUSED, misuse
from warehouse.foreseen import Foreseen
from warehouse.settings import Settings

if TYPE_CHECKING:
    from ingestion.contract import Contract
    from ingestion.refusal import Refusal

app = typer.Typer(
    help="Observatoire de l'accès aux droits de Saint-Quentin-en-Yvelines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()
Json = Annotated[bool, typer.Option("--json", help="Réponse pour une machine, en JSON.")]


@app.command()
def nightly(as_json: Json = False) -> None:
    """Toute la nuit : recevoir, contrôler, charger, construire, publier, écrire le bulletin.

    Un fichier refusé n'est pas un échec : les chiffres d'avant restent et le bulletin le dit.
    """
    from ingestion.pipeline import refuse_mixing
    from observatoire.airflow_here import quiet, run_night
    from observatoire.terminal import show_digest
    from publication.digest import newest_digest

    settings = _settings()
    refuse_mixing(settings)
    before = newest_digest(settings)
    with quiet(settings) as terminal:
        target = StringIO() if as_json else terminal
        print(f"Sources : {settings.sources}\nÉtat    : {settings.home}", file=target)
        broken = run_night(settings, target)
    digest = newest_digest(settings)
    if digest == before:
        _fail(f"La nuit s'est arrêtée avant le bulletin : voyez {settings.logs / 'nightly.log'}.")
    if as_json:
        print(json.dumps(digest, ensure_ascii=False, indent=2))
    else:
        console.print()
        show_digest(digest, console)
        console.rule()
        for name, path in (
            ("Bulletin   ", digest["page"]),
            ("Contrôles  ", settings.data_docs),
            ("Publication", settings.current / "observatoire.duckdb"),
            ("          →", settings.current.resolve()),
        ):
            console.print(f"{name} {path}", soft_wrap=True, highlight=False)
    if broken or not digest["sound"]:
        for name in broken:
            console.print(f"Tâche en échec : {name}", style="red")
        _fail(f"La nuit ne s'est pas bien terminée : voyez {settings.logs / 'nightly.log'}.")


@app.command()
def ingest(dataset: Annotated[str, typer.Argument(help="Par exemple insee.demo_qpv.")]) -> None:
    """Recevoir, contrôler et charger un seul jeu de données, sans publier."""
    from ingestion.pipeline import describe, receive
    from ingestion.pipeline import ingest as load

    contract, settings = _contract(dataset), _settings()
    outcomes = load(contract, receive(contract, settings), settings)
    for outcome in outcomes:
        console.print(describe(outcome), markup=False)
    if not outcomes:
        console.print(f"Aucun fichier de {dataset} dans {settings.sources}.")
    if any(outcome.verdict in ("refuse", "erreur") for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def withdraw(
    dataset: Annotated[str, typer.Argument(help="Par exemple insee.demo_qpv.")],
    edition: Annotated[str, typer.Argument(help="Par exemple 2018.")],
) -> None:
    """Retirer une édition chargée à tort, pour en charger une autre. Rien n'est publié.

    Ôtez d'abord son fichier des dossiers reçus, sinon la nuit le chargera de nouveau.
    """
    from ingestion.pipeline import withdraw_edition

    load = withdraw_edition(_contract(dataset), edition, _settings())
    if load is None:
        _fail(f"{dataset} {edition} : rien n'est en place.")
    console.print(f"{dataset} {edition} : {load.fichier} est retiré.", markup=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Un fichier reçu, ou à recevoir.")],
    as_json: Json = False,
) -> None:
    """Dire ce qui arriverait à ce fichier, sans rien changer."""
    from ingestion.foresight import check_file
    from ingestion.judgement import FailedChecks
    from ingestion.refusal import Refusal
    from observatoire.terminal import show_findings, show_prospect

    settings = _settings()
    try:
        prospect = check_file(_readable(file), settings)
    except Refusal as refusal:
        if not as_json:
            console.print(f"{file.name} serait REFUSÉ. {refusal.message}", markup=False)
            if isinstance(refusal, FailedChecks):
                show_findings(refusal.findings, console)
            raise typer.Exit(1) from refusal
        _print_refusal(refusal)
    judged = prospect.judgement
    if as_json:
        replaced = prospect.decision.replaced
        answer: dict[str, Any] = {
            "verdict": prospect.decision.verdict,
            "motif": prospect.decision.motif,
            "dataset": prospect.contract.dataset,
            "millesime": prospect.claim.vintage,
            "livraison": prospect.claim.delivery,
            "disposition": judged.conformity.layout,
            "remplace": replaced.fichier if replaced else None,
            "lignes_recues": judged.candidate.received,
            "lignes_chargees": judged.loadable,
            "lignes_ecartees": judged.aside.rows,
            "lignes_de_total": judged.aside.control,
            "problemes": [problem._asdict() for problem in prospect.findings.problems],
            "totaux": {total.label: total.value for total in prospect.findings.totals},
            "avertissements": judged.warnings,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return
    show_prospect(file.name, prospect, console)


@app.command()
def modele(
    structure: Annotated[
        str | None, typer.Option(help="Nom de la structure, écrit dans chaque ligne.")
    ] = None,
    periode: Annotated[
        str | None, typer.Option(help="Mois (AAAA-MM) ou année (AAAA) du fichier.")
    ] = None,
    output: Annotated[
        Path, typer.Option(help="Fichier à écrire ; il ne doit pas exister déjà.")
    ] = Path("modele.xlsx"),
) -> None:
    """Écrire le classeur modèle qu'un opérateur sans outil remplit et renvoie.

    Il se recharge tel quel : son nom doit être activite_<structure>_<AAAA-MM>.xlsx.
    """
    from ingestion.model_workbook import model_workbook

    if output.exists():
        _fail(f"{output} existe déjà : rien n'a été écrit.")
    if periode and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", periode):
        _fail(f"Période « {periode} » : AAAA-MM ou AAAA est attendu.")
    title = "Activité mensuelle, fichier modèle"
    first = {"structure": structure, "periode": periode}
    rows = [{name: value for name, value in first.items() if value}]
    origin = "À remplir par la structure"
    output.write_bytes(model_workbook(title, origin, rows=rows if rows[0] else []))
    console.print(f"{output} est prêt à remplir : mode d'emploi en feuille « Lisez-moi ».")


@app.command("new-source")
def new_source(
    file: Annotated[Path, typer.Argument(help="Un fichier du jeu.")],
    dataset: Annotated[
        str | None,
        typer.Option(help="Jeu dont ce fichier est une nouvelle édition, insee.demo_qpv par ex."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Fichier à écrire ; il ne doit pas exister déjà.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Préparer le contrat d'un nouveau jeu d'après un de ses fichiers.

    Avec --dataset, préparer les lignes qu'une nouvelle édition ajoute au contrat d'un jeu connu.
    Rien n'est chargé ni changé : ce qui est deviné est à vérifier par une personne.
    """
    from ingestion.refusal import Refusal
    from observatoire.drafts import new_dataset, new_edition

    settings = _settings()
    try:
        path = _readable(file)
        text, answer = (
            new_edition(path, dataset, settings) if dataset else new_dataset(path, settings)
        )
    except Refusal as refusal:
        if not as_json:
            _fail(f"{file.name} ne peut pas être lu. {refusal.message}")
        _print_refusal(refusal)
    if output:
        if output.exists():
            _fail(f"{output} existe déjà : rien n'a été écrit.")
        output.write_text(text, encoding="utf-8")
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif not output:
        print(text, end="")


@app.command()
def status(as_json: Json = False) -> None:
    """Chaque jeu de données : sa fraîcheur, son dernier verdict, et ce qu'il couvre de SQY."""
    from observatoire.terminal import show_status
    from publication.digest import newest_digest
    from publication.status import NothingPublished, dataset_status

    settings = _settings()
    try:
        rows = dataset_status(settings)
    except NothingPublished:
        if as_json:
            print("[]")
        raise
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=str))
        return
    unknown = newest_digest(settings).get("unknown", [])
    show_status(settings.current.resolve().name, rows, unknown, console)


@app.command()
def explain(territoire: str, indicateur: str, periode: str, as_json: Json = False) -> None:
    """D'une valeur publiée au fichier, à son empreinte et à sa ligne.

    Par exemple : observatoire explain QP078006 caf_taux_couverture 2019
    """
    from publication.explain import explain as trace

    settings = _settings()
    found = trace(territoire, indicateur, periode, settings)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False, default=str, indent=2))
        return
    value = found.value
    said = f"{indicateur} · {territoire} · {periode} = {_number(value['valeur'])}"
    console.print(f"{said} {value['unite']} ({value['statut']})", style="bold")
    console.print(f"Origine : {value['origine']}")
    if value["borne_basse"] is not None and value["borne_haute"] is not None:
        bounds = f"{_number(value['borne_basse'])} à {_number(value['borne_haute'])}"
        console.print(f"Intervalle : {bounds}")
    said_beside = {
        "Qualité": "qualite",
        "Méthode": "methode",
        "Motif": "motif",
        "Rupture": "rupture",
        "Avertissement": "avertissement",
    }
    for title, column in said_beside.items():
        if value[column]:
            console.print(f"{title} : {value[column]}", markup=False)
    for cell in found.cells:
        console.print(f"\n{cell['role']} : {_cell(cell)}", markup=False)


def _number(value: float | None) -> str:
    return "vide" if value is None else f"{value:.2f}".replace(".", ",")


def _cell(cell: dict[str, Any]) -> str:
    if cell["role"] == "citation":
        return str(cell["source"])
    value = "valeur non redite" if cell["valeur"] is None else cell["valeur"]
    place = f"{cell['ligne']}, colonne {cell['colonne_source']}"
    of = f", de {cell['code_source']}, pour {cell['poids']:.4g}" if cell["code_source"] else ""
    return (
        f"{cell['mesure']} = {value} (année {cell['annee'] or 'non dite'}){of}\n"
        f"  fichier   {cell['fichier']}, édition {cell['edition']} de {cell['dataset']}\n"
        f"  empreinte {cell['sha256']}\n"
        f"  ligne     {place if cell['ligne'] else 'plusieurs, réunies en un compte'}\n"
        f"  conservé  {cell['fichier_conserve'] or 'non trouvé dans landing/'}\n"
        f"  reçu      {cell['texte_recu'] or '—'}"
    )


@app.command()
def releases(as_json: Json = False) -> None:
    """Les publications conservées, la plus récente d'abord."""
    from publication.release import list_releases

    found = list_releases(_settings())
    if as_json:
        rows = [dataclasses.asdict(release) for release in found]
        print(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for release in found:
        mark = "courante" if release.current else ""
        kind = "démonstration" if release.demonstration else ""
        console.print(f"{release.name}  {release.published_at:%d/%m/%Y %H:%M} UTC  {mark} {kind}")


@app.command()
def rollback(release: str) -> None:
    """Remettre une publication antérieure, jusqu'à ce que de nouvelles données arrivent."""
    from publication.release import rollback as go_back

    found = go_back(release, _settings())
    console.print(f"La publication {found.name} est de nouveau celle que l'on lit.")


def main() -> None:
    """Run the command; what can be foreseen is said in a sentence, not in a traceback."""
    try:
        sys.exit(app(prog_name="observatoire", standalone_mode=False))
    except typer.TyperException as error:
        _say(misuse(error))
        sys.exit(MISUSED)
    except typer.Abort:
        sys.exit(130)
    except Foreseen as error:
        _say(str(error))
        sys.exit(1)
    except OSError as error:
        _say(_of_the_system(error))
        sys.exit(1)


def _contract(dataset: str) -> Contract:
    from ingestion.contract import contracts

    if dataset not in contracts():
        _fail(f"Jeu inconnu : {dataset}. Jeux connus : {', '.join(contracts())}.")
    return contracts()[dataset]


def _readable(file: Path) -> Path:
    """This file's full path; raises `Refusal` where it cannot be opened."""
    from ingestion.refusal import Refusal

    if not file.is_file():
        raise Refusal("fichier_absent", f"Aucun fichier « {file} » : vérifiez son chemin.")
    if not os.access(file, os.R_OK):
        raise Refusal("fichier_illisible", f"« {file} » ne s'ouvre pas : voyez ses droits.")
    return file.resolve()


def _print_refusal(refusal: Refusal) -> NoReturn:
    refused: dict[str, Any] = {
        "verdict": "refuse",
        "regle": refusal.rule,
        "motif": refusal.message,
    }
    findings = getattr(refusal, "findings", None)
    if findings:
        refused["problemes"] = [problem._asdict() for problem in findings.problems]
    print(json.dumps(refused, ensure_ascii=False))
    raise typer.Exit(1) from refusal


def _of_the_system(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"Le disque est plein{where}. Libérez de la place, puis relancez : rien n'est perdu."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"L'écriture ou la lecture est interdite{where}. Changez les droits, puis relancez."
    return f"Le système a refusé une opération{where} : {error.strerror or error}."


def _settings() -> Settings:
    return Settings.from_environment()


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(1)


def _say(message: str) -> None:
    Console(stderr=True, soft_wrap=True).print(message, style="red", markup=False)
