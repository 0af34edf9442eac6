select
    valeurs.code_indicateur,
    valeurs.code_territoire,
    valeurs.zonage,
    valeurs.periode,
    valeurs.numerateur,
    valeurs.denominateur,
    valeurs.valeur,
    -- Aucun intervalle pour une source exhaustive : les bornes servent aux estimations.
    cast(null as double) as borne_basse,
    cast(null as double) as borne_haute,
    valeurs.statut,
    valeurs.origine,
    -- Arrondis au millionième : la différence de deux décimaux exacts n'est pas exacte en binaire.
    case when catalogue.unite = '%' then round(valeurs.valeur - valeurs.valeur_epci, 6) end
        as ecart_epci,
    round(valeurs.valeur / nullif(valeurs.valeur_epci, 0), 6) as ratio_epci,
    valeurs.valeur_epci,
    valeurs.periode_epci,
    valeurs.millesimes_differents,
    valeurs.millesime_numerateur,
    valeurs.millesime_denominateur,
    valeurs.geographie,
    coalesce(valeurs.provisoire, false) as provisoire,
    -- Comparable à la période d'avant : aucune rupture entre les deux, assez d'années, et un
    -- dénominateur de la même année, ou du même retard sur le numérateur.
    valeurs.valeur is not null
    and lag(valeurs.valeur) over serie is not null
    and valeurs.origine <> 'cite'
    and lag(valeurs.origine) over serie <> 'cite'
    and valeurs.annee_fin - lag(valeurs.annee_fin) over serie >= catalogue.recul_comparaison_ans
    and coalesce(lag(valeurs.annee_fin) over serie >= valeurs.comparable_depuis, true)
    and coalesce(
        valeurs.millesime_denominateur = lag(valeurs.millesime_denominateur) over serie
        or valeurs.annee_fin - cast(valeurs.millesime_denominateur as integer)
        = lag(valeurs.annee_fin) over serie
        - cast(lag(valeurs.millesime_denominateur) over serie as integer),
        true
    ) as comparable,
    list_distinct(
        list_filter(
            [valeurs.load_id_numerateur, valeurs.load_id_denominateur], x -> x is not null
        )
    ) as load_ids
from {{ ref('int_indicateurs__compares') }} as valeurs
inner join {{ ref('catalogue_indicateurs') }} as catalogue
    on valeurs.code_indicateur = catalogue.code_indicateur
window serie as (
    partition by valeurs.code_indicateur, valeurs.code_territoire, valeurs.zonage
    order by valeurs.annee_fin
)
