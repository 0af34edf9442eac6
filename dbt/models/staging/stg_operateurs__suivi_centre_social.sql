with alias as (
    {{ alias_par_cle() }}
),

mesures (libelle, mesure, additive) as (
    values ('Usagers', 'beneficiaires', false), ('Entretiens', 'entretiens', true)
),

themes (action, theme) as (
    values ('Accès aux droits', 'Accès aux droits'), ('Permanence numérique', 'Numérique')
)

select
    'Centre social Les Tilleuls (inventé)' as operateur,
    'Centre social Les Tilleuls (inventé)' as structure,
    suivi.quartier as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    suivi.mois as periode,
    themes.theme,
    cast(null as varchar) as canal,
    suivi.action as type_activite,
    cast(null as varchar) as sexe,
    cast(null as varchar) as classe_age,
    cast(null as varchar) as residence,
    mesures.mesure,
    mesures.additive,
    {{ quantite_dite('suivi', 'nombre') }},
    suivi._load_id as load_id,
    suivi._row_number as ligne,
    suivi._cellule as cellule
from {{ source('raw', 'operateurs__suivi_centre_social') }} as suivi
inner join mesures on suivi.mesure = mesures.libelle
left join themes on suivi.action = themes.action
left join alias
    on {{ cle_libelle('suivi.quartier') }} = alias.cle
