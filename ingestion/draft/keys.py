"""Which columns tell a row from another, and which one names its territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from ingestion.draft.guess import NEARLY_ALL, Guess
from ingestion.draft.names import words_of
from ingestion.draft.profile import unique_together
from ingestion.refusal import Refusal

MOST_KEYS = 4
CANDIDATES = 12


@dataclass(frozen=True)
class Shape:
    """A kind of territory: how its codes are counted in a profile, and how a contract names it."""

    counted: str
    level: str
    zoning: str | None
    pattern: str
    label: str
    enough: float = NEARLY_ALL  # share of such cells that makes a column one of these codes


# From the most telling code to the least.
SHAPES = (
    Shape(
        "qpv2015", "quartier", "QPV2015", r"QP(\d{3}|02[AB])\d{3}", "Code du quartier (2015)", 0.5
    ),
    Shape(
        "qpv2024",
        "quartier",
        "QPV2024",
        r"QN(\d{3}|02[AB])\d{2}[A-Z]",
        "Code du quartier (2024)",
        0.5,
    ),
    Shape("etablissement", "etablissement", None, r"\d{14}", "Numéro Siret de l'établissement"),
    Shape("epci", "epci", "EPCI", r"\d{9}", "Code Siren de l'intercommunalité"),
    Shape("iris", "iris", "IRIS", r"\d[0-9AB]\d{7}", "Code IRIS"),
    Shape("commune", "commune", "COMMUNE", r"(\d{2}|2[AB])\d{3}", "Code de la commune"),
    Shape("region", "region", "REGION", r"\d{2}", "Code de la région"),
    Shape("departement", "departement", "DEPARTEMENT", r"\d{2}|2[AB]|97\d", "Code du département"),
)


@dataclass(frozen=True)
class Keys:
    """The columns of the key, the territory's one among them; `shape` is None for a mere name."""

    columns: list[Guess]
    why: str
    territory: Guess
    shape: Shape | None

    @property
    def territory_name(self) -> str:
        """The canonical name of the territory's column: a code, or a mere name."""
        return "code_territoire" if self.shape else "territoire"

    @property
    def totals(self) -> int:
        """How many rows are totals of the producer: words where a code is expected."""
        return self.territory.profile.totalled if self.shape else 0


def find_keys(guesses: Sequence[Guess], parquet: Path) -> Keys:
    """The key of the rows, the smallest found; `guesses` has one column or more to choose from."""
    usable = [found for found in guesses if not found.aside and found.type != "geometry"]
    ranked = [(SHAPES.index(shape), found) for found in usable if (shape := shape_of(found))]
    shaped = [found for _, found in sorted(ranked, key=lambda pair: pair[0])]
    columns, why = _key(usable, shaped, parquet)
    among = [found for found in shaped if found in columns]
    named = [found for found in columns if found.type == "text"]
    territory = [*among, *named, *columns][0]
    return Keys(columns, why, territory, shape_of(territory))


def shape_of(guess: Guess) -> Shape | None:
    """The kind of territory whose codes this column holds, or None."""
    profile = guess.profile
    if guess.type != "code":
        return None
    shapes = [s for s in SHAPES if profile.all_are(s.counted, share=s.enough)]
    if "siren" in words_of(profile.name):  # nine digits too
        shapes = [s for s in shapes if s.level != "iris"]
    return shapes[0] if shapes else None


def _key(usable: list[Guess], shaped: list[Guess], parquet: Path) -> tuple[list[Guess], str]:
    if not usable:
        raise Refusal(
            "aucune_colonne",
            "Aucune colonne remplie ne peut servir de clé : le fichier n'a pas de ligne de "
            "données, ou n'est pas un tableau. Donnez un fichier rempli.",
        )
    others = [found for found in usable if found not in shaped]
    by_choice = shaped + sorted(others, key=lambda g: (g.type != "code", g.type != "text"))
    for guess in [found for found in by_choice if found.role != "measure"]:
        profile = guess.profile
        if profile.is_unique:
            return [guess], f"{profile.distinct} valeurs, toutes différentes"
        if guess in shaped and profile.distinct >= NEARLY_ALL * profile.rows:
            return [guess], f"{profile.distinct} valeurs pour {profile.rows} lignes : à vérifier"
    full = [g for g in by_choice if g.profile.filled == g.profile.rows and g.role != "measure"]
    varied = [g for g in full if g.profile.distinct > 1][:CANDIDATES]
    for size in range(2, MOST_KEYS + 1):
        for columns in combinations(varied, size):
            if _enough(columns) and unique_together(parquet, [g.profile.rank for g in columns]):
                return list(columns), "aucune répétition de ces colonnes prises ensemble"
    return [(by_choice or usable)[0]], "aucune clé trouvée : à compléter"


def _enough(columns: Sequence[Guess]) -> bool:
    """Whether so few values can, combined, tell all the rows apart."""
    product = 1
    for guess in columns:
        product *= guess.profile.distinct
    return product >= columns[0].profile.rows
