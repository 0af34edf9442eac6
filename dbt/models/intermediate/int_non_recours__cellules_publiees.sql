-- Les cellules des fichiers publiés d'où vient une estimation : bénéficiaires, pauvreté et base
-- d'une couverture ; bénéficiaires et structure d'un non-recours.
with synthetiques as (
    select
        if(prestation = 'rsa', 'nrc_rsa_synth', 'nrc_mv_synth') as code_indicateur,
        prestation,
        code_territoire,
        zonage,
        periode,
        dataset,
        edition,
        mesure
    from {{ ref('int_non_recours__beneficiaires') }}
),

mesures as (
    select
        code_indicateur,
        code_territoire,
        zonage,
        periode,
        'numerateur' as role,
        dataset,
        edition,
        mesure
    from synthetiques
    union all
    select
        'nrc_couv_rsa' as code_indicateur,
        code_territoire,
        zonage,
        periode,
        unnest(['numerateur', 'taux_pauvrete', 'denominateur']) as role,
        unnest([dataset_beneficiaires, dataset_pauvrete, dataset_base]) as dataset,
        unnest([edition_beneficiaires, edition_pauvrete, edition_base]) as edition,
        unnest([mesure_beneficiaires, 'taux_pauvrete_pct', mesure_base]) as mesure
    from {{ ref('int_non_recours__couverture_apparente') }}
),

parts as (
    select distinct
        prestation,
        code_territoire,
        zonage,
        code_structure
    from {{ ref('int_non_recours__parts') }}
)

select
    mesures.code_indicateur,
    mesures.code_territoire,
    mesures.zonage,
    mesures.periode,
    mesures.role,
    longues.dataset,
    longues.millesime as edition,
    longues.mesure,
    longues.annee,
    longues.colonne_source,
    longues.valeur,
    longues.load_id,
    longues.ligne
from mesures
inner join {{ ref('int_mesures__longues') }} as longues
    on
        mesures.dataset = longues.dataset
        and mesures.edition = longues.millesime
        and mesures.mesure = longues.mesure
        and mesures.code_territoire = longues.code_territoire
        and mesures.zonage = longues.zonage
union all by name
select
    synthetiques.code_indicateur,
    synthetiques.code_territoire,
    synthetiques.zonage,
    synthetiques.periode,
    'structure' as role,
    structure.dataset,
    structure.millesime as edition,
    structure.mesure,
    -- La compilation ne dit pas de quelle année elle parle.
    cast(null as varchar) as annee,
    structure.colonne_source,
    structure.valeur,
    structure.load_id,
    structure.ligne
from synthetiques
inner join parts
    on
        synthetiques.prestation = parts.prestation
        and synthetiques.code_territoire = parts.code_territoire
        and synthetiques.zonage = parts.zonage
inner join {{ ref('stg_insee__compilation_qpv2024') }} as structure
    on parts.code_structure = structure.code_territoire
qualify
    structure.millesime = max(structure.millesime) over (partition by structure.code_territoire)
