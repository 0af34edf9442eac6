"""What each column most probably is, from its name and from what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingestion.draft.names import words_of
from ingestion.draft.profile import Profile

Kind = Literal["code", "text", "integer", "decimal", "geometry"]

NEARLY_ALL = 0.95
LONG_CODE = 9  # digits from which numbers of one length are codes, not counts
WIDTHS = (5, 9)  # of the codes of communes and of IRIS
MANY_VALUES = 20
# Words of raw names, as `words_of` gives them.
_CODES = (
    "code|cod|codgeo|cog|id|siren|siret|nic|insee|depcom|cp|uai|rna|finess|iris|dcomiris|dciris|dep"
    "|reg|epci|uu|numero|num|identifiant|postal|objectid|fid"
)
_COUNTS = "nb|nbre|nombre|effectif|pop|population|montant|tx|taux|part|total|tot|surface"
_PARTS = "tx|taux|part|pct|pourcentage|pourcent|proportion"
_MONEY = "montant|eur|euros?|salaire|cout"
_YEARS = "annee|an|millesime|year|periode"
# Words of a column about someone, whatever else its name says.
_PERSONAL = (
    "prenoms?|e?mail|courriel|mel|tel|telephone|portable|mobile|phone|naissance|ddn|nir|matricule"
    "|civilite"
)
# `nom` alone is someone's; `nom_commune` is a place's.
_NAMES = "noms?|name|patronyme"
_PEOPLE = (
    "allocataire|beneficiaire|usager|adherent|personne|agent|contact|referent|responsable"
    "|conseiller|dossier"
)
_LINKS = "de|d|du|l|la|le|famille|usage|complet|numero|num|no|n|id|code|identifiant"


@dataclass(frozen=True)
class Guess:
    """A column as it might stand in a contract; `why` is the evidence (French).

    `empty` columns hold nothing, and `personal` ones may name people: both are left aside.
    """

    profile: Profile
    type: Kind
    role: Literal["attribute", "note", "measure"]
    why: str
    unit: str | None = None
    empty: bool = False
    personal: bool = False

    @property
    def aside(self) -> bool:
        return self.empty or self.personal


def decimal_mark(profiles: Sequence[Profile]) -> tuple[str, str]:
    """The decimal mark of the numbers, and the evidence."""
    numbers = [p for p in profiles if p.all_are("integers", "commas", "points", share=NEARLY_ALL)]
    commas = sum(p.counts["commas"] for p in numbers)
    points = sum(p.counts["points"] for p in numbers)
    if not commas and not points:
        return ",", "aucun nombre décimal"
    mark = "." if points > commas else ","
    return mark, f"{commas} nombre(s) à virgule, {points} à point"


def guess(profile: Profile, decimal: str, geometry: str | None, label: str) -> Guess:
    """What this column is: `decimal` is the mark of its file, `geometry` the name of its contours.

    `label` is what the file says of the column, or nothing.
    """
    if not profile.filled:
        return Guess(profile, "text", "attribute", "toujours vide", empty=True)
    if profile.name == geometry:
        return Guess(profile, "geometry", "attribute", "des géométries")
    words = words_of(profile.name)
    told = words_of(label) or words
    if _may_be_personal(profile, words, told):
        return Guess(profile, "text", "attribute", "peut-être personnelle", personal=True)
    if "note" in words and profile.distinct <= MANY_VALUES:
        return Guess(profile, "code", "note", f"{profile.distinct} valeur(s)")
    return _number(profile, decimal, [*words, *told]) or _words(profile)


def _number(profile: Profile, decimal: str, words: list[str]) -> Guess | None:
    with_mark, other = ("commas", "points") if decimal == "," else ("points", "commas")
    if not profile.all_are("integers", with_mark):
        if profile.all_are("integers", with_mark, other):
            why = "des nombres aux deux marques décimales : à corriger"
            return Guess(profile, "text", "attribute", why)
        return None
    code = _why_code(profile, words)
    if code:
        return Guess(profile, "code", "attribute", code)
    kind: Kind = "decimal" if profile.counts[with_mark] else "integer"
    blanks = profile.rows - profile.filled
    said = f"{profile.filled - profile.marked} nombres"
    said += f", {blanks} vides" if blanks else ""
    said += f", {profile.marked} non donnés" if profile.marked else ""
    unit, seen = _unit(profile, kind, words)
    return Guess(profile, kind, "measure", f"{said}{seen}", unit)


def _why_code(profile: Profile, words: list[str]) -> str | None:
    """Why numbers are codes, or None where they are quantities."""
    zeros = profile.counts["leading_zeros"]
    reasons = {
        f"{zeros} zéros initiaux": zeros > 0,
        "des années": _some(words, _YEARS) and profile.all_are("years"),
    }
    if not _some(words, _COUNTS):
        whole = profile.all_are("integers") and profile.distinct > 1
        fixed = whole and profile.fixed_width and profile.longest >= LONG_CODE
        commune = _some(words, "communes?|c") and profile.all_are("commune")
        reasons |= {
            f"son nom{_damage(profile)}": _some(words, _CODES),
            "son nom, et la forme d'un code de commune": commune,
            f"toujours {profile.longest} chiffres": fixed,
        }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _damage(profile: Profile) -> str:
    """What a spreadsheet has done to codes, as far as it shows."""
    if profile.counts["points"] + profile.counts["commas"]:
        return " ; écrit comme un nombre décimal, à vérifier"
    return _lost_zeros(profile)


def _lost_zeros(profile: Profile) -> str:
    lost = profile.longest in WIDTHS and profile.shortest == profile.longest - 1
    return " ; des zéros initiaux sont sans doute perdus" if lost else ""


def _words(profile: Profile) -> Guess:
    if profile.all_are("days"):
        return Guess(profile, "code", "attribute", "des dates AAAA-MM ou AAAA-MM-JJ")
    codes = profile.all_are("single_words") and profile.all_are("with_digits")
    if codes and profile.all_are("capitals"):
        width = f"de {profile.shortest} à {profile.longest} caractères"
        if profile.fixed_width:
            width = f"toujours {profile.longest} caractères"
        seen = f"{width}, avec des chiffres, sans espace{_lost_zeros(profile)}"
        return Guess(profile, "code", "attribute", seen)
    return Guess(profile, "text", "attribute", f"{profile.distinct} texte(s) différent(s)")


def _unit(profile: Profile, kind: Kind, words: list[str]) -> tuple[str | None, str]:
    """The unit, and the evidence to add; what is not guessed is left to a person."""
    least, greatest = profile.least or 0, profile.greatest or 0
    if _some(words, _PARTS) or "%" in profile.name:
        if kind == "decimal" and least >= 0 and greatest <= 1:
            return "ratio", " de 0 à 1"
        if least >= -100 and greatest <= 100:  # noqa: PLR2004 - per cent
            return "%", " entre -100 et 100" if least < 0 else " entre 0 et 100"
    if _some(words, _MONEY) or "€" in profile.name:
        return "€", ""
    return None, ""


def _may_be_personal(profile: Profile, words: list[str], told: list[str]) -> bool:
    """Whether its name, its label or its cells are those of someone."""
    if _some(words, _PERSONAL) or profile.counts["mails"]:
        return True
    if _some(told, _NAMES) and _only(told, f"{_NAMES}|{_PEOPLE}|{_LINKS}"):
        return True
    if _some(told, _PEOPLE) and _some(told, _LINKS) and _only(told, f"{_PEOPLE}|{_LINKS}"):
        return True
    return profile.all_are("phones", share=0.5) or profile.all_are("social_numbers", share=0.9)


def _some(words: Sequence[str], kinds: str) -> bool:
    return any(re.fullmatch(kinds, word) for word in words)


def _only(words: Sequence[str], kinds: str) -> bool:
    return all(re.fullmatch(kinds, word) for word in words)
