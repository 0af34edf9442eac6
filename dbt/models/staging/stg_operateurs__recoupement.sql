with alias as (
    {{ alias_par_cle() }}
)

select
    recoupement._millesime as livraison,
    recoupement.operateur_a,
    recoupement.operateur_b,
    recoupement.territoire as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    recoupement.periode,
    coalesce(recoupement.meme_perimetre = 'oui', false) as meme_perimetre,
    recoupement.effectif_a,
    recoupement.effectif_b,
    recoupement.effectif_commun,
    recoupement._load_id as load_id,
    recoupement._row_number as ligne
from {{ source('raw', 'operateurs__recoupement') }} as recoupement
left join alias
    on {{ cle_libelle('recoupement.territoire') }} = alias.cle
-- Deux envois parlent parfois d'une même année : le dernier compte.
qualify
    row_number() over (
        partition by
            recoupement.operateur_a,
            recoupement.operateur_b,
            coalesce(alias.code_territoire, recoupement.territoire),
            recoupement.periode
        order by
            right(recoupement._millesime, 4) desc,
            recoupement._load_id desc,
            recoupement._row_number asc
    ) = 1
