-- Les coûts que les opérateurs déclarent dans leurs classeurs, chacun avec sa cellule.
select
    'operateurs.' || classeur as dataset,
    classeur || ':' || replace(
        {{ cle_libelle("territoire_declare || ' ' || type_activite") }}, ' ', '-'
    ) as code_action,
    operateur,
    structure,
    type_activite as action,
    territoire_declare,
    code_territoire,
    try_cast(left(periode, 4) as integer) as annee,
    periode,
    valeur,
    valeur_basse,
    valeur_haute,
    statut,
    cellule,
    load_id
from {{ ref('int_classeurs__cellules') }}
where mesure = 'cout_eur'
