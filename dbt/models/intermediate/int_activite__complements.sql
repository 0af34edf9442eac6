{#-
  Les ventilations où une différence rendrait un petit nombre : un ensemble moins une catégorie, moins
  la somme des catégories dites, ou une classe d'âge moins une autre qu'elle contient. Un nombre qui n'a
  que des bornes est pris à chacune d'elles.
-#}
{% set compte = 'outil, operateur, structure, lieu, periode, mesure' %}
with comptes as (
    select
        outil,
        operateur,
        structure,
        territoire_declare,
        coalesce(code_territoire, {{ cle_libelle('territoire_declare') }}, '') as lieu,
        periode,
        mesure,
        ventilation,
        theme,
        classe_age,
        -- « 16 à 26 ans » va du premier au dernier nombre, « Plus de 26 ans » commence à 27.
        case
            when regexp_matches(lower(classe_age), 'moins') then 0
            else
                try_cast(regexp_extract(classe_age, '\d+') as integer)
                + cast(starts_with(lower(classe_age), 'plus de') as integer)
        end as age_min,
        case
            when regexp_matches(lower(classe_age), 'plus|[+]') then 999
            else
                try_cast(regexp_extract(classe_age, '(\d+)\D*$', 1) as integer)
                - cast(starts_with(lower(classe_age), 'moins de') as integer)
        end as age_max,
        least(valeur, valeur_basse, valeur_haute) as bas,
        greatest(valeur, valeur_basse, valeur_haute) as haut
    from {{ ref('int_activite__unie') }}
    where
        secret in ('ensemble', 'cellule')
        and coalesce(valeur, valeur_basse, valeur_haute) is not null
        -- Deux dimensions croisées ne sont jamais publiées.
        and ventilation not like '%×%×%'
),

ages_emboites as (
    select
        classe.*,
        contenante.bas as bas_contenante,
        contenante.haut as haut_contenante
    from comptes as classe
    inner join comptes as contenante
        on {{ memes_valeurs('classe', 'contenante', compte ~ ', ventilation, theme') }}
    where
        classe.classe_age <> contenante.classe_age
        and classe.age_min >= contenante.age_min
        and classe.age_max <= contenante.age_max
),

-- Une ligne par catégorie et par ensemble dont elle fait partie.
parties as (
    select
        partie.*,
        -- Une classe contenue dans une autre y est déjà comptée.
        exists(
            select 1
            from ages_emboites
            where
                {{ memes_valeurs(
                    'ages_emboites', 'partie', compte ~ ', ventilation, theme, classe_age'
                ) }}
        ) as contenue,
        ensembles.territoire_declare as ensemble_declare,
        ensembles.theme as theme_ensemble,
        ensembles.bas as bas_ensemble,
        ensembles.haut as haut_ensemble
    from comptes as partie
    inner join comptes as ensembles
        on {{ memes_valeurs('partie', 'ensembles', compte) }}
    where
        (ensembles.ventilation = 'ensemble' and partie.ventilation <> 'ensemble')
        or (
            ensembles.ventilation = 'theme'
            and starts_with(partie.ventilation, 'theme ×')
            and partie.theme is not distinct from ensembles.theme
        )
),

-- Ce que les deux bornes de l'un et de l'autre disent de leur différence.
differences as (
    select
        {{ compte }},
        ventilation,
        bas_ensemble - haut as bas,
        haut_ensemble - bas as haut
    from parties
    -- Un lieu s'écrit de plusieurs façons : la somme se fait sous toutes, et sous chacune.
    {% for graphie in ['', ', territoire_declare'] %}
        union all
        select
            {{ compte }},
            ventilation,
            bas_ensemble - sum(haut) as bas,
            haut_ensemble - sum(bas) as haut
        from parties
        where not contenue
        group by
            {{ compte }}, ventilation, ensemble_declare, theme_ensemble, bas_ensemble, haut_ensemble
            {{ graphie }}
    {% endfor %}
    union all
    select
        {{ compte }},
        ventilation,
        bas_contenante - haut as bas,
        haut_contenante - bas as haut
    from ages_emboites
)

select distinct
    {{ compte }},
    ventilation
from differences
where
    (bas > 0 and bas < {{ var('seuil_operateurs') }})
    or (haut > 0 and haut < {{ var('seuil_operateurs') }})
