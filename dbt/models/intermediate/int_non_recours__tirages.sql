-- Intervalle de chaque estimation par tirages (Monte Carlo) : logit(t) suit une loi normale autour
-- du logit publié, et chaque compte bouge de son arrondi. Un tirage d'une strate vaut pour tous les
-- quartiers, puisque c'est un taux national. La borne haute est celle de taux relevés :
-- l'agglomération parisienne recourt moins, sans que l'on sache de combien.
with chocs as (
    select
        nationales.*,
        tirages.tirage,
        ln(nationales.taux / (1 - nationales.taux))
        + {{ var('ecart_type_logit') }} * {{ hasard_normal(
            "nationales.prestation || '/' || nationales.stratification || '/'"
            ~ " || nationales.strate || '/' || tirages.tirage"
        ) }} as logit
    from (
        select distinct
            prestation,
            stratification,
            strate,
            taux
        from {{ ref('int_non_recours__strates') }}
    ) as nationales
    cross join range({{ var('tirages') }}) as tirages (tirage)
),

strates as (
    select
        strates.* exclude (beneficiaires),
        chocs.tirage,
        chocs.logit,
        greatest(
            0,
            strates.beneficiaires
            + {{ var('arrondi_caf') }} * (2 * {{ hasard(
                "strates.code_territoire || '/' || strates.periode || '/'"
                ~ " || strates.variante || '/' || strates.strate || '/' || chocs.tirage"
            ) }} - 1)
        ) as beneficiaires
    from {{ ref('int_non_recours__strates') }} as strates
    inner join chocs
        on
            strates.prestation = chocs.prestation
            and strates.stratification = chocs.stratification
            and strates.strate = chocs.strate
),

tires as (
    select
        prestation,
        code_territoire,
        zonage,
        periode,
        stratification,
        variante,
        tirage,
        sum(beneficiaires) as beneficiaires,
        sum(beneficiaires * exp(logit)) as non_recourants,
        sum(beneficiaires * exp(logit + {{ var('traction_francilienne_logit') }}))
            as non_recourants_releves
    from strates
    group by all
)

select
    prestation,
    code_territoire,
    zonage,
    periode,
    stratification,
    variante,
    count(*) as tirages,
    round(100 * quantile_cont(non_recourants / (beneficiaires + non_recourants), 0.025), 6)
        as borne_basse,
    round(
        100 * quantile_cont(
            non_recourants_releves / (beneficiaires + non_recourants_releves), 0.975
        ),
        6
    ) as borne_haute
from tires
group by all
