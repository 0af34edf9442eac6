-- La table du rapport de 2022, à ses périodes, et à côté la valeur la plus récente.
-- L'EPCI y figure à la période à laquelle les quartiers lui sont comparés.
with periodes_du_rapport as (
    select distinct
        code_indicateur,
        periode
    from {{ ref('chiffres_rapport') }}
    where zonage <> 'EPCI'
),

comparees as (
    select
        valeurs.code_indicateur,
        max(valeurs.periode_epci) as periode
    from {{ ref('fct_indicateur') }} as valeurs
    left join periodes_du_rapport as rapport
        on
            valeurs.code_indicateur = rapport.code_indicateur
            and valeurs.periode = rapport.periode
    where valeurs.zonage <> 'EPCI'
    group by
        valeurs.code_indicateur,
        rapport.periode is not null,
        {{ annee_de('valeurs.periode') }}
    qualify row_number() over (
        partition by valeurs.code_indicateur
        order by
            rapport.periode is not null desc,
            {{ annee_de('valeurs.periode') }} desc
    ) = 1
),

recentes as (
    select *
    from {{ ref('fct_indicateur') }}
    qualify row_number() over (
        partition by code_indicateur, code_territoire, zonage
        order by {{ annee_de('periode') }} desc, periode desc
    ) = 1
),

-- La période du rapport ; à défaut, la plus récente.
retenues as (
    select
        valeurs.*,
        recentes.valeur as valeur_recente,
        recentes.periode as periode_recente
    from {{ ref('fct_indicateur') }} as valeurs
    inner join recentes
        on
            valeurs.code_indicateur = recentes.code_indicateur
            and valeurs.code_territoire = recentes.code_territoire
            and valeurs.zonage = recentes.zonage
    left join comparees
        on valeurs.code_indicateur = comparees.code_indicateur
    left join periodes_du_rapport
        on
            valeurs.code_indicateur = periodes_du_rapport.code_indicateur
            and valeurs.periode = periodes_du_rapport.periode
    qualify row_number() over (
        partition by valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage
        order by
            valeurs.zonage = 'EPCI' and valeurs.periode = comparees.periode desc,
            periodes_du_rapport.periode is not null desc,
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
left join retenues
    on
        territoires.code_territoire = retenues.code_territoire
        and territoires.zonage = retenues.zonage
group by all
