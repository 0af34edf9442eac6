"""Invented exports of operators' tools, in the exact layout that each tool writes.

Layouts were read in the tools' source code. People, places and figures are invented; the names that
an export carries are of nobody, and each file says so where its layout has room for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from openpyxl import Workbook

from ingestion.model_workbook import same_bytes

INVENTED = "INVENTÉ"
NAMESPACE = uuid.UUID("00000000-0000-0000-0000-000000078000")

AGES = (
    "Moins de 12 ans",
    "12 - 17 ans",
    "18 - 24 ans",
    "25 - 39 ans",
    "40 - 59 ans",
    "60 - 69 ans",
    "70 ans et plus",
    "Non communiqué",
)
GENDERS = ("Féminin", "Masculin", "Féminin", "Non communiqué")
CHANNELS = ("Lieu d’activité", "Lieu d’activité", "Autre lieu", "À distance")
THEMES = (
    "Prendre en main du matériel",
    "E-mail\nNavigation sur internet",
    "Aide aux démarches administratives\nSocial - Santé",
    "Aide aux démarches administratives\nLogement\nArgent - Impôts",
    "Santé",
    "Insertion professionnelle",
)
PLACES = (
    # An invented place at the true address of another: that address is in a quartier.
    ("Espace numérique inventé", "4 rue Koprivnice", "Trappes", "78190", "78621"),
    ("Maison de quartier inventée", "2 rue de l’Exemple", "La Verrière", "78320", "78644"),
    ("Médiathèque inventée", "3 allée du Modèle", "Plaisir", "78370", "78490"),
)


@dataclass(frozen=True)
class Activity:
    """One activity report of La Coop: a workshop has several participants."""

    rank: int
    day: date
    participants: int
    changed: datetime | None = None

    @property
    def identity(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"cra-{self.rank}"))


def operator_exports() -> dict[str, bytes]:
    """The exports: path inside `data/demo` → bytes."""
    folder = "operateurs/mediation-numerique-inventee"
    january = [_activity(rank) for rank in range(60)]
    # The second export begins in mid-January: a workshop has gained a participant meanwhile.
    again = [activity for activity in january if activity.day >= date(2024, 1, 15)]
    corrected = next(activity for activity in again if activity.participants > 1)
    more = replace(
        corrected,
        participants=corrected.participants + 1,
        changed=datetime(2024, 2, 12, 9, 30),
    )
    february = [more if a is corrected else a for a in again]
    february += [_activity(rank) for rank in range(60, 96)]
    return {
        f"{folder}/coop-numerique_accompagnements_2024-02-01.xlsx": coop_export(
            january, date(2024, 2, 1), self_export=True
        ),
        f"{folder}/coop-numerique_accompagnements_2024-03-01.xlsx": coop_export(
            february, date(2024, 3, 1), self_export=False
        ),
        f"{folder}/Mes_statistiques_01-01-2023_31-03-2023.csv": coop_v1_export(),
        "operateurs/france-services-inventee/aplus-demandes-2025-01-15-14h05.csv": aplus_export(
            range(12), closed=4
        ),
        "operateurs/france-services-inventee/aplus-demandes-2025-02-03-09h12.csv": aplus_export(
            range(6, 18), closed=9
        ),
        "operateurs/ccas-invente/aidants-connect_deploiement_2024-03-01.csv": (
            aidants_connect_export()
        ),
    }


def _activity(rank: int) -> Activity:
    day = date(2024, 1, 2) + timedelta(days=rank // 2)
    return Activity(rank, day, 7 if rank % 8 == 5 else 1)


def coop_export(activities: list[Activity], day: date, *, self_export: bool) -> bytes:
    """An export of accompaniments: metadata, filters, then the table, wherever that makes it begin.

    Agents who export their own data get the name of beneficiaries and their notes; coordinators,
    the names of agents and three filters more.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Activités"
    total = sum(activity.participants for activity in activities)
    for line in (
        ("Informations export",),
        ("Nom", INVENTED),
        ("Prénom", "Personne"),
        ("Rôle", "Conseiller Numérique"),
        ("Total", total),
        ("Date d'export", day.strftime("%d/%m/%Y")),
        ("Heure d'export", "08:00"),
        (),
        ("Filtres",),
        *((name, "-") for name in _filters(self_export=self_export)),
        (),
    ):
        sheet.append(line)
    sheet.append(_coop_header(self_export=self_export))
    for activity in activities:
        for row in _coop_rows(activity, self_export=self_export):
            sheet.append(row)
    for cell in sheet["A"]:
        if isinstance(cell.value, date):
            cell.number_format = "dd/mm/yyyy"
    book.properties.title = "Export inventé pour la démonstration"
    return same_bytes(book)


def _filters(*, self_export: bool) -> tuple[str, ...]:
    filters = (
        "Période", "Source", "Lieux d’accompagnement", "Communes", "Départements", "Type",
        "Bénéficiaires", "Thématiques", "Tags", "Rôle",
    )  # fmt: skip
    return filters if self_export else (*filters, "Médiateurs", "Conseillers", "Structures")


def _coop_header(*, self_export: bool) -> list[str]:
    agent = ["Prénom du médiateur", "Nom du médiateur", "Rôle", "ID - Conum"]
    return [
        "Date", "Enregistré le", "Dernière modification le",
        *([] if self_export else agent),
        "Type", "Participants",
        *(["Bénéficiaire"] if self_export else []),
        "Canaux d’accompagnement", "Nom du lieu", "Adresse", "Commune", "Code postal",
        "Code Insee", "Durée (min)", "Nom de l’atelier", "Matériel numérique utilisé",
        "Thématique(s) d’accompagnement", "Tags", "Nom de la démarche administrative",
        "Niveau d’autonomie (ou de l’atelier)", "Bénéficiaire réorienté",
        "Structure de redirection", "Commune du bénéficiaire", "Code postal du bénéficiaire",
        "Code Insee du bénéficiaire", "Genre du bénéficiaire", "Tranche d’âge du bénéficiaire",
        "Statut du bénéficiaire",
        *(["Notes supplémentaires"] if self_export else []),
        "ID CRA",
    ]  # fmt: skip


def _coop_rows(activity: Activity, *, self_export: bool) -> Iterator[list[object]]:
    rank, size = activity.rank, activity.participants
    entered = datetime.combine(activity.day, datetime.min.time()) + timedelta(hours=17, minutes=5)
    place = PLACES[rank % len(PLACES)]
    channel = CHANNELS[rank % len(CHANNELS)]
    where = ("", "", "", "", "") if channel == "À distance" else place
    for seat in range(size):
        seed = rank + 3 * seat
        redirected = size == 1 and rank % 4 == 2
        yield [
            datetime.combine(activity.day, datetime.min.time()),
            f"{entered:%d/%m/%Y à %H:%M}",
            f"{activity.changed:%d/%m/%Y à %H:%M}" if activity.changed else "",
            *([] if self_export else ["Personne", INVENTED, "Conseiller Numérique", True]),
            "Atelier collectif" if size > 1 else "Accompagnement individuel",
            f"{seat + 1}/{size}" if size > 1 else 1,
            *(["Bénéficiaire inventé"] if self_export else []),
            channel,
            *where,
            90 if size > 1 else 30 + 15 * (rank % 3),
            "Atelier inventé" if size > 1 else "",
            "Ordinateur\nTéléphone",
            THEMES[rank % len(THEMES)],
            "tag inventé",
            "démarche inventée" if "démarches" in THEMES[rank % len(THEMES)] else "",
            "2/3",
            "Oui" if redirected else "Non",
            "Structure d’aide sociale (maison des solidarités, centre social…)"
            if redirected
            else "",
            *((place[2], place[3], place[4]) if seed % 5 else ("", "", "")),
            GENDERS[seed % len(GENDERS)],
            AGES[seed % len(AGES)],
            "Retraité" if AGES[seed % len(AGES)].startswith(("60", "70")) else "En emploi",
            *(["note inventée" if seat == 0 else ""] if self_export else []),
            activity.identity,
        ]


def coop_v1_export() -> bytes:
    """Stacked blocks, the byte order mark alone on the first line, themes with a share."""
    blocks = (
        ("Général", ("Accompagnements totaux;58", "Ateliers réalisés;4",
                     "Accompagnements individuels;34", "Accompagnements individuels;6",
                     "Durée totale;35h")),
        ("Canaux", ("À distance;6", "Lieu de rattachement;44", "Autre lieu;8", "À domicile;0")),
        ("Thèmes", ("Prendre en main du matériel;21;33%", "Courriels;12;19%",
                    "Démarche en ligne;31;48%")),
        ("Tranches d’âge", ("Moins de 12 ans;0", "12-18 ans;2", "18-35 ans;9", "35-60 ans;18",
                            "Plus de 60 ans;29")),
        ("Statuts (en %)", ("Scolarisé(e);5%", "Sans emploi;30%", "En emploi;15%", "Retraité;50%",
                            "Non renseigné;0%")),
    )  # fmt: skip
    lines = ["\ufeff", "Statistiques de l'export inventé 01/01/2023-31/03/2023", ""]
    for title, rows in blocks:
        lines += [title, *rows, ""]
    return "\n".join(lines).encode()


def aplus_export(ranks: range, closed: int) -> bytes:
    """Cases of Administration+: header without quotes, values all quoted, week-based years."""
    header = (
        "Id;Etat;Date de création;Groupes du demandeur;Groupes des invités;Territoire;"
        "Date de clôture;Pertinente;Utile;Délais de première réponse (heures);"
        "Délais de clôture (heures)"
    )
    groups = ("CAF 78", "CPAM 78", "CAF 78, CPAM 78", "Préfecture 78", "France Travail 78")
    lines = [header]
    for rank in ranks:
        # The tool writes the year of the week: 30 December 2024 is in the first week of 2025.
        day = date(2024, 12, 24) + timedelta(days=2 * rank)
        done = rank < closed + ranks.start - 2
        end = day + timedelta(days=9)
        cells = [
            str(uuid.uuid5(NAMESPACE, f"demande-{rank}")),
            "Archivée" if done else ("En cours" if rank % 2 else "Nouvelle"),
            f"{day.isocalendar().year}-{day:%m-%d}",
            "France services inventée",
            groups[rank % len(groups)],
            "Yvelines",
            f"{end.isocalendar().year}-{end:%m-%d}" if done else "",
            "Oui" if rank % 6 else "Non",
            ("Oui", "Je ne sais pas", "?")[rank % 3],
            str(5 + 7 * rank) if rank % 4 else "",
            str(24 * 9) if done else "",
        ]
        lines.append(";".join(f'"{cell}"' for cell in cells))
    return ("\n".join(lines) + "\n").encode()


AIDANTS_COLUMNS = (
    "Prénom", "Nom", "Email", "Téléphone", "Type de Parcours", "Profession", "Création FNE",
    "ID FNE", "Derniere Modification Aidant", "Date d’envoi de l’email d’alerte de désactivation",
    "Est référent", "Aidant - Peut créer des mandats", "L’aidant est conseiller numérique",
    "Carte TOTP active", "Importance de décalage de la carte", "totp_card_drift",
    "Date activation carte TOTP", "App OTP", "is_active", "Moyen de connexion choisi",
    "Moyen de connexion Activé", "Date de formation", "Nom Organisme de formation",
    "S'est connecté⋅e au moins 1 fois", "Nombre de mandats créés",
    "Nombre de mandats à distance créés", "Nombre de mandats révoqués",
    "Nombre de mandats renouvelés", "Nombre de démarches rélisées", "Organisation: Nom",
    "Organisation: Datapass ID", "Organisation: Création FNE", "Organisation: N° SIRET",
    "Organisation: Siret Invalide", "Organisation: Siret en Doublon", "Organisation: Adresse",
    "Organisation: Code Postal", "Organisation: Ville", "Organisation: Code INSEE du département",
    "Organisation: Code INSEE de la région", "Type d’organisation: Nom",
    "Organisation: Labellisation France Services",
    "Organisation: categorieJuridiqueUniteLegale",
    "Organisation: Niveau I catégories juridiques",
    "Organisation: Niveau II catégories juridiques",
    "Organisation: Niveau III catégories juridiques", "Organisation: Nombre d'usagers",
)  # fmt: skip


def aidants_connect_export() -> bytes:
    """One row per agent: missing values are the text `None`, placeholders 1, 0 and a sentence."""
    lines = [",".join(AIDANTS_COLUMNS)]
    for rank in range(9):
        known = rank < 6  # the organisation of the three last ones has only placeholders
        figures = [4 * rank + 1, rank, rank % 3, rank // 2, 6 * rank + 2]
        cells = [
            "Personne", INVENTED, f"aidant{rank}@exemple.invalid", "None", "None", "None", "True",
            f"{rank}", "14-02-2024", "None", "False", "True", str(rank % 2 == 0), "True", "False",
            "None", "None", "False", str(rank != 8), "carte", "True", "05-10-2023",
            "Organisme inventé", "True", *map(str, figures),
            "CCAS inventé" if known else "Association inventée", "None", "True",
            "21780621900019" if known else "1", "False", "False",
            "4 rue Inventée" if known else "No address provided", "78190" if known else "0",
            "Trappes" if known else "None", "78", "78", "CCAS", str(known), "7361", "7", "73",
            "7361", "41" if known else "12",
        ]  # fmt: skip
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode()


def many_accompaniments(count: int) -> bytes:
    """An export of about `count` rows, for a measure of time and memory."""
    activities = [
        Activity(rank, date(2024, 1, 1) + timedelta(days=rank % 31), 7 if rank % 8 == 5 else 1)
        for rank in range(count * 8 // 14 + 8)
    ]
    return coop_export(activities, date(2024, 2, 1), self_export=False)
