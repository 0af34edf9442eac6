select
    code_indicateur,
    libelle,
    definition,
    formule,
    mesure_numerateur,
    mesure_denominateur,
    facteur,
    unite,
    sens,
    periodicite,
    regle_secret,
    additivite,
    recul_comparaison_ans,
    mise_en_garde,
    sources,
    responsable
from {{ ref('catalogue_indicateurs') }}
