-- Comment se répartissent les bénéficiaires d'un quartier entre les strates. Seule la part du parc
-- social est connue, d'une compilation de 2024 : du reste, on ne sait pas qui loue et qui possède,
-- d'où deux variantes. Le quartier de 2015 prend la part de celui de 2024 qui lui succède.
with structure as (
    select
        code_territoire,
        max(valeur) filter (where mesure = 'nombre_logements_sociaux')
        / nullif(max(valeur) filter (where mesure = 'nombre_menages'), 0) as logements_par_menage
    from {{ ref('stg_insee__compilation_qpv2024') }}
    group by millesime, code_territoire
    qualify row_number() over (partition by code_territoire order by millesime desc) = 1
),

quartiers as (
    select
        observes.code_territoire,
        observes.zonage,
        structure.code_territoire as code_structure,
        least(1, structure.logements_par_menage) as part_hlm
    from {{ ref('territoires') }} as observes
    inner join {{ ref('territoires') }} as suivants
        on
            observes.quartier_id = suivants.quartier_id
            and suivants.zonage = 'QPV2024'
    inner join structure
        on suivants.code_territoire = structure.code_territoire
    where structure.logements_par_menage is not null
),

variantes (variante, strate_du_reste) as (
    values ('locataires_prives', 'locataire_prive'), ('proprietaires', 'proprietaire')
)

select
    'rsa' as prestation,
    quartiers.code_territoire,
    quartiers.zonage,
    'logement' as stratification,
    variantes.variante,
    unnest(['hlm', variantes.strate_du_reste]) as strate,
    unnest([quartiers.part_hlm, 1 - quartiers.part_hlm]) as part,
    quartiers.code_structure,
    -- Les bénéficiaires n'y sont pas comptés, et les millésimes ne sont pas dits.
    'D' as qualite
from quartiers
cross join variantes
