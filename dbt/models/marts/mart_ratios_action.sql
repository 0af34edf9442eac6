with numerateurs as (
    select
        ratios.code_action,
        ratios.ratio,
        -- Un numérateur de deux mesures n'existe que si les deux sont connues.
        case when count(mesures.valeur) = count(*) then sum(mesures.valeur) end as valeur,
        bool_and(mesures.statut = 'observe') as exact
    from {{ ref('ratios_fiches_action') }} as ratios
    cross join unnest(string_split(ratios.mesures_numerateur, '+')) as n (mesure)
    left join {{ ref('mesures_fiches_action') }} as mesures
        on ratios.code_action = mesures.code_action and n.mesure = mesures.mesure
    group by ratios.code_action, ratios.ratio
)

select
    ratios.code_action,
    fiches.titre,
    ratios.ratio,
    ratios.libelle,
    ratios.unite,
    numerateurs.valeur as numerateur,
    denominateurs.valeur as denominateur,
    ratios.facteur * numerateurs.valeur / nullif(denominateurs.valeur, 0) as valeur,
    case
        when numerateurs.valeur is null or denominateurs.valeur is null then 'non_communique'
        when numerateurs.exact and denominateurs.statut = 'observe' then 'observe'
        else 'approche'
    end as statut
from {{ ref('ratios_fiches_action') }} as ratios
inner join numerateurs
    on
        ratios.code_action = numerateurs.code_action
        and ratios.ratio = numerateurs.ratio
left join {{ ref('mesures_fiches_action') }} as denominateurs
    on
        ratios.code_action = denominateurs.code_action
        and ratios.mesure_denominateur = denominateurs.mesure
inner join {{ ref('fiches_action') }} as fiches
    on ratios.code_action = fiches.code_action
