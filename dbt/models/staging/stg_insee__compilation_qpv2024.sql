-- Une ligne par quartier : la compilation répète ses nombres à chaque commune.
with mesures as (
    select *
    from {{ source('raw', 'insee__compilation_qpv2024') }}
    unpivot include nulls (
        valeur for mesure in (nombre_menages, nombre_logements_sociaux)
    )
)

select
    'insee.compilation_qpv2024' as dataset,
    mesures._millesime as millesime,
    mesures.code_territoire,
    'QPV2024' as zonage,
    mesures.mesure,
    any_value(mesures.valeur) as valeur,
    count(distinct mesures.code_commune) as communes,
    any_value(noms.colonne_source) as colonne_source,
    any_value(mesures._load_id) as load_id,
    min(mesures._row_number) as ligne
from mesures
left join {{ source('audit', 'colonnes') }} as noms
    on mesures._load_id = noms.load_id and mesures.mesure = noms.colonne
group by mesures._millesime, mesures.code_territoire, mesures.mesure
