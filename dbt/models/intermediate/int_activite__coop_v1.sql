-- Des totaux déjà comptés par l'outil. Deux lignes d'un bloc ont parfois le même libellé.
with lignes as (
    select
        operateur,
        debut || '/' || fin as periode,
        bloc,
        libelle,
        nature,
        sum(valeur) as valeur,
        list_sort(array_agg(distinct load_id)) as load_ids
    from {{ ref('stg_operateurs__coop_v1_statistiques') }}
    where nature <> 'part_pct'
    group by all
),

mesures as (
    select
        lignes.*,
        case
            when starts_with(lower(lignes.libelle), 'accompagnements totaux') then 'accompagnements'
            when starts_with(lower(lignes.libelle), 'ateliers') then 'ateliers'
            when lignes.nature = 'heures' then 'heures'
        end as mesure_totale
    from lignes
)

select
    operateur,
    periode,
    'ensemble' as ventilation,
    mesure_totale as mesure,
    valeur,
    load_ids
from mesures
where mesure_totale is not null
union all by name
select
    mesures.operateur,
    mesures.periode,
    'theme' as ventilation,
    themes.code_theme as theme,
    'accompagnements' as mesure,
    sum(mesures.valeur) as valeur,
    list_sort(list_distinct(flatten(array_agg(mesures.load_ids)))) as load_ids
from mesures
inner join {{ ref('themes_outils') }} as themes
    on themes.outil = 'coop_v1' and mesures.libelle = themes.libelle_outil
where starts_with(mesures.bloc, 'Thèmes')
group by mesures.operateur, mesures.periode, themes.code_theme
union all by name
select
    mesures.operateur,
    mesures.periode,
    'classe_age' as ventilation,
    ages.classe_age,
    'accompagnements' as mesure,
    sum(mesures.valeur) as valeur,
    list_sort(list_distinct(flatten(array_agg(mesures.load_ids)))) as load_ids
from mesures
inner join {{ ref('ages_outils') }} as ages
    on ages.outil = 'coop_v1' and mesures.libelle = ages.libelle_outil
where starts_with(mesures.bloc, 'Tranches')
group by mesures.operateur, mesures.periode, ages.classe_age
union all by name
select
    operateur,
    periode,
    'canal' as ventilation,
    libelle as canal,
    'accompagnements' as mesure,
    valeur,
    load_ids
from mesures
where bloc = 'Canaux'
