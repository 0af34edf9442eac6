with alias as (
    {{ alias_par_cle() }}
),

mesures (libelle, mesure, additive) as (
    values
    ('Ateliers', 'ateliers', true),
    ('Participants', 'participants', false),
    ('Part de femmes', 'part_femmes_pct', false)
)

select
    'Médiation numérique itinérante (inventée)' as operateur,
    'Médiation numérique itinérante (inventée)' as structure,
    bilan.lieu as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    bilan.mois as periode,
    'Numérique' as theme,
    cast(null as varchar) as canal,
    'Atelier' as type_activite,
    cast(null as varchar) as sexe,
    cast(null as varchar) as classe_age,
    cast(null as varchar) as residence,
    mesures.mesure,
    mesures.additive,
    {{ quantite_dite('bilan', 'nombre') }},
    bilan._load_id as load_id,
    bilan._row_number as ligne,
    bilan._cellule as cellule
from {{ source('raw', 'operateurs__mediation_numerique') }} as bilan
inner join mesures on bilan.indicateur = mesures.libelle
left join alias
    on {{ cle_libelle('bilan.lieu') }} = alias.cle
