-- Aucune liste ne dit le quartier d'un poste : il est celui d'un contrat de ville, et n'est réparti
-- entre aucun quartier.
with contrats as (
    select
        code_contrat,
        any_value(libelle) as libelle
    from {{ ref('stg_geo__contrats_de_ville') }}
    group by code_contrat
)

select
    postes.dispositif,
    postes.annee,
    postes.code_contrat,
    contrats.libelle as libelle_contrat,
    postes.postes,
    postes.porteurs,
    postes.load_ids
from {{ ref('int_postes__contrats') }} as postes
left join contrats
    on postes.code_contrat = contrats.code_contrat
