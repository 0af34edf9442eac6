-- La table du rapport de 2022, avec la dernière période connue de chaque indicateur.
-- L'EPCI y figure à la période à laquelle les quartiers lui sont comparés.
with comparees as (
    select
        code_indicateur,
        max(periode_epci) as periode
    from {{ ref('fct_indicateur') }}
    where zonage <> 'EPCI'
    group by code_indicateur, {{ annee_de('periode') }}
    qualify row_number() over (
        partition by code_indicateur
        order by {{ annee_de('periode') }} desc
    ) = 1
),

dernieres as (
    select valeurs.*
    from {{ ref('fct_indicateur') }} as valeurs
    left join comparees
        on valeurs.code_indicateur = comparees.code_indicateur
    qualify row_number() over (
        partition by valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage
        order by
            valeurs.zonage = 'EPCI' and valeurs.periode = comparees.periode desc,
            {{ annee_de('valeurs.periode') }} desc,
            valeurs.periode desc
    ) = 1
),

territoires_du_rapport as (
    select distinct
        code_territoire,
        zonage
    from {{ ref('chiffres_rapport') }}
)

select
    territoires.code_territoire,
    territoires.zonage,
    territoires.niveau,
    territoires.quartier_id,
    territoires.nom,
    territoires.nom_commune,
    {{ colonnes_indicateur('caf_taux_couverture') }},
    {{ colonnes_indicateur('ctx_poids_presta') }},
    {{ colonnes_indicateur('ctx_part_etrangers') }},
    {{ colonnes_indicateur('ctx_etab_100') }}
from territoires_du_rapport
inner join {{ ref('territoires') }} as territoires
    on
        territoires_du_rapport.code_territoire = territoires.code_territoire
        and territoires_du_rapport.zonage = territoires.zonage
left join dernieres
    on
        territoires.code_territoire = dernieres.code_territoire
        and territoires.zonage = dernieres.zonage
group by all
