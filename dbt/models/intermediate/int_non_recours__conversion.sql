-- Droits ouverts pour cent personnes contactées, toutes campagnes d'une année ensemble. Un petit
-- nombre masque tout ce qui est sous l'agglomération cette année-là : une différence le rendrait.
with totaux as (
    select
        code_territoire,
        zonage,
        periode,
        sum(ouverts) as ouverts,
        sum(contactes) as contactes
    from {{ ref('int_non_recours__retours_caf') }}
    group by all
),

masques as (
    select
        *,
        least(ouverts, contactes - ouverts) < {{ var('seuil_operateurs') }} as petit,
        bool_or(least(ouverts, contactes - ouverts) < {{ var('seuil_operateurs') }})
            over (partition by periode) as petit_dans_l_annee
    from totaux
)

select
    code_territoire,
    zonage,
    periode,
    contactes > 0 and (petit or (petit_dans_l_annee and zonage <> 'EPCI')) as masque,
    ouverts,
    contactes,
    round(100.0 * ouverts / nullif(contactes, 0), 6) as conversion_pct
from masques
where code_territoire is not null
