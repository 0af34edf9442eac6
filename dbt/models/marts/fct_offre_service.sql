with rapport as (
    select
        offre.code_territoire,
        offre.zonage,
        offre.type_structure,
        '2022-07-05' as date_offre,
        'rapport_2022' as dataset,
        {{ page_du_rapport("'5'") }} as source,  -- noqa: RF04
        offre.presence,
        offre.label,
        offre.finance_pdv,
        offre.mode_presence,
        cast([] as varchar[]) as structure_ids,
        cast(null as double) as heures_hebdo,
        cast(null as double) as heures_soir,
        cast(null as double) as heures_samedi,
        'non_communique' as statut_horaires,
        cast(null as double) as part_horaires_non_lus,
        if(offre.presence = 'inconnu', null, 'declaree') as precision_localisation,
        cast([] as varchar[]) as load_ids
    from {{ ref('offre_rapport') }} as offre
),

listes as (
    select
        listes.*,
        cast(null as boolean) as finance_pdv,
        datasets.citation as source  -- noqa: RF04
    from {{ ref('int_offre__listes') }} as listes
    inner join {{ source('audit', 'datasets') }} as datasets
        on listes.dataset = datasets.dataset
)

select
    offre.code_territoire,
    offre.zonage,
    territoires.quartier_id,
    offre.type_structure,
    offre.date_offre,
    offre.dataset,
    offre.source,
    offre.presence,
    offre.label,
    offre.finance_pdv,
    offre.mode_presence,
    offre.structure_ids,
    offre.heures_hebdo,
    offre.heures_soir,
    offre.heures_samedi,
    offre.statut_horaires,
    offre.part_horaires_non_lus,
    offre.precision_localisation,
    offre.load_ids
from (
    select * from rapport
    union all by name
    select * from listes
) as offre
left join {{ ref('territoires') }} as territoires
    on
        offre.code_territoire = territoires.code_territoire
        and offre.zonage = territoires.zonage
