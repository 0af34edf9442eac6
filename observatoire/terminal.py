"""What a person sees on the terminal (French)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text


def show_digest(digest: dict[str, Any], console: Console) -> None:
    """The night's digest, as `publication.digest` wrote it for machines."""
    console.rule("Bulletin de la nuit")
    release = digest["release"].get("release", "aucune")
    if digest["failures"]:
        console.print(Panel("\n".join(digest["failures"]), title="Rien n'a été publié", style="red"))
    elif digest["nothing_new"]:
        console.print(f"Rien de nouveau : aucun fichier n'a changé, la publication {release} reste.")
    elif digest["new_release"]:
        console.print(f"Nouvelle publication : {release}", style="bold green")
    else:
        console.print(f"La publication {release} reste en place.", style="yellow")
    if digest["release"].get("demonstration"):
        console.print("Données de démonstration : extraits, et activité en partie inventée.")
    counts = Counter(load["verdict"] for load in digest["loads"])
    console.print(
        f"Fichiers : {counts['charge']} chargés, {counts['inchange']} inchangés, "
        f"{counts['remplace']} remplacés, {counts['refuse'] + counts['erreur']} refusés · "
        f"{len(digest['late'])} en retard · {digest['masked']} valeurs masquées par le producteur"
    )
    for load in digest["loads"]:
        if load["verdict"] in ("refuse", "erreur"):
            title = f"{load['fichier']} · {load['dataset']} {load['millesime']}"
            console.print(Panel(Text(load["motif"]), title=f"REFUSÉ {title}", border_style="red"))
    for late in digest["late"]:
        console.print(Text(f"EN RETARD {late['dataset']} : {late['reason']} {late['kept']}", "yellow"))
    for row in digest["aside"]:
        console.print(f"Écartées : {row['lignes']} ligne(s) de {row['fichier']} ({row['regle']})")
    warned = [load for load in digest["loads"] if load["verdict"] == "charge" and load["motif"]]
    if warned:
        table = Table(title="Avertissements", title_justify="left", show_edge=False)
        for name in ("Jeu", "Fichier", "Avertissement"):
            table.add_column(name)
        for load in warned:
            table.add_row(load["dataset"], load["fichier"], Text(load["motif"]))
        console.print(table)
    changes = digest["release"].get("changements") if digest["new_release"] else None
    if changes:
        console.print(
            f"Indicateurs : {changes['ajoutees']} valeurs ajoutées, {changes['modifiees']} "
            f"modifiées, {changes['retirees']} retirées"
        )
