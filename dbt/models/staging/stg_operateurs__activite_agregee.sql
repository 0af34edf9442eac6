with alias as (
    {{ alias_par_cle() }}
)

select
    activite._millesime as livraison,
    activite.structure,
    activite.periode,
    activite.territoire as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    activite.theme,
    activite.sexe,
    activite.classe_age,
    activite.beneficiaires,
    activite.beneficiaires_bas,
    activite.beneficiaires_haut,
    activite.entretiens,
    activite.ateliers,
    activite.participants,
    activite.etp,
    replace(activite.precision, ' ', '_') as qualificatif,
    case activite.precision
        when 'exact' then 'observe'
        when 'au moins' then 'borne_basse'
        else 'approche'
    end as statut,
    activite._load_id as load_id,
    activite._row_number as ligne
from {{ source('raw', 'operateurs__activite_agregee') }} as activite
left join alias
    on {{ cle_libelle('activite.territoire') }} = alias.cle
-- Deux envois parlent parfois d'un même mois : le dernier compte.
qualify
    row_number() over (
        partition by
            split_part(activite._millesime, '_', 1),
            activite.structure,
            activite.periode,
            activite.territoire,
            activite.theme,
            activite.sexe,
            activite.classe_age
        order by activite._millesime desc, activite._load_id desc, activite._row_number asc
    ) = 1
