with alias as (
    {{ alias_par_cle() }}
)

select
    retours._millesime as livraison,
    retours.campagne,
    retours.prestation,
    retours.territoire as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    retours.periode,
    retours.cibles,
    retours.confirmes,
    retours.contactes,
    retours.ouverts,
    retours.gain_mensuel_eur,
    retours._load_id as load_id,
    retours._row_number as ligne
from {{ source('raw', 'caf__retours_detection') }} as retours
left join alias
    on {{ cle_libelle('retours.territoire') }} = alias.cle
-- Deux envois parlent parfois d'une même campagne : le dernier compte.
qualify
    row_number() over (
        partition by
            retours.campagne,
            retours.prestation,
            coalesce(alias.code_territoire, retours.territoire),
            retours.periode
        order by right(retours._millesime, 4) desc, retours._load_id desc, retours._row_number asc
    ) = 1
