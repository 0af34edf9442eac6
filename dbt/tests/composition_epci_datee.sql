-- Sept communes avant 2016, douze depuis : l'« EPCI 2015 » de l'Insee n'est pas l'agglomération
-- d'aujourd'hui.
with attendus as (
    select
        '247800451' as code_epci,
        7 as nb_communes,
        cast(null as date) as valide_du,
        date '2015-12-31' as valide_au
    union all
    select
        '200058782' as code_epci,
        12 as nb_communes,
        date '2016-01-01' as valide_du,
        null as valide_au
),

comptes as (
    select
        code_epci,
        valide_du,
        valide_au,
        count(*) as nb_communes
    from {{ ref('communes_epci') }}
    group by code_epci, valide_du, valide_au
)

select coalesce(attendus.code_epci, comptes.code_epci) as code_epci
from attendus
full outer join comptes
    on
        attendus.code_epci = comptes.code_epci
        and attendus.nb_communes = comptes.nb_communes
        and attendus.valide_du is not distinct from comptes.valide_du
        and attendus.valide_au is not distinct from comptes.valide_au
where attendus.code_epci is null or comptes.code_epci is null
