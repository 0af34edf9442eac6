-- Des totaux déjà comptés par l'outil. Deux lignes d'un bloc ont le même libellé : elles s'ajoutent.
with lignes as (
    select
        operateur,
        debut || '/' || fin as periode,
        bloc,
        libelle,
        nature,
        sum(valeur) as valeur,
        array_agg(distinct load_id) as load_ids
    from {{ ref('stg_operateurs__coop_v1_statistiques') }}
    where nature <> 'part_pct'
    group by all
),

mesures as (
    select
        lignes.*,
        case
            when starts_with(lower(libelle), 'accompagnements totaux') then 'accompagnements'
            when starts_with(lower(libelle), 'ateliers') then 'ateliers'
            when nature = 'heures' then 'heures'
        end as mesure_totale
    from lignes
)

select
    operateur,
    periode,
    'ensemble' as ventilation,
    cast(null as varchar) as theme,
    cast(null as varchar) as canal,
    cast(null as varchar) as classe_age,
    mesure_totale as mesure,
    true as additive,
    valeur,
    load_ids
from mesures
where mesure_totale is not null
union all
select
    operateur, periode, 'theme', themes.code_theme, null, null,
    'accompagnements', false, sum(valeur), list_distinct(flatten(array_agg(load_ids)))
from mesures
inner join {{ ref('correspondance_themes') }} as themes
    on themes.outil = 'coop_v1' and mesures.libelle = themes.libelle_outil
where starts_with(mesures.bloc, 'Thèmes')
group by operateur, periode, themes.code_theme
union all
select
    operateur, periode, 'classe_age', null, null, ages.classe_age,
    'accompagnements', true, sum(valeur), list_distinct(flatten(array_agg(load_ids)))
from mesures
inner join {{ ref('correspondance_ages') }} as ages
    on ages.outil = 'coop_v1' and mesures.libelle = ages.libelle_outil
where starts_with(mesures.bloc, 'Tranches')
group by operateur, periode, ages.classe_age
union all
select
    operateur, periode, 'canal', null, libelle, null,
    'accompagnements', true, valeur, load_ids
from mesures
where bloc = 'Canaux'
