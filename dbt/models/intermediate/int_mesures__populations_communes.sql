-- La population d'une commune, telle que la base des quartiers la donne à côté de chacun d'eux.
select
    mesures.* replace (
        'population' as mesure,
        'COMMUNE' as zonage,
        quartiers.code_commune as code_territoire
    )
from {{ ref('int_mesures__longues') }} as mesures
inner join {{ ref('territoires') }} as quartiers
    on
        mesures.code_territoire = quartiers.code_territoire
        and mesures.zonage = quartiers.zonage
where mesures.mesure = 'population_commune' and mesures.valeur is not null
-- Deux quartiers d'une commune disent le même nombre ; s'ils se contredisent, aucun ne vaut.
qualify
    row_number() over (
        partition by mesures.dataset, mesures.millesime, quartiers.code_commune
        order by mesures.ligne
    ) = 1
    and count(distinct mesures.valeur) over (
        partition by mesures.dataset, mesures.millesime, quartiers.code_commune
    ) = 1
